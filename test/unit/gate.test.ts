import { makeRateLimit } from '../../src/fivetran/rate-limit.ts';
import { virtualClock } from '../virtual-clock.ts';

const MINUTE = 60_000;

function gateOn() {
  const clock = virtualClock();
  return { clock, gate: makeRateLimit(clock) };
}

describe('requests', () => {
  test('pass an open gate without waiting', async () => {
    const { clock, gate } = gateOn();
    await gate.opened();
    expect(clock.sleeps).toEqual([]);
  });

  test('wait together until a closed gate opens', async () => {
    const { clock, gate } = gateOn();
    gate.close(7000);
    clock.advance(2000);
    await Promise.all([gate.opened(), gate.opened()]);
    expect(clock.now()).toBe(7000);
    expect(clock.sleeps).toEqual([5000, 5000]);
    await gate.opened();
    expect(clock.sleeps).toHaveLength(2);
  });

  test('wait on when the gate is closed for longer meanwhile', async () => {
    const { clock, gate } = gateOn();
    gate.close(3000);
    const opened = gate.opened();
    gate.close(8000);
    await opened;
    expect(clock.now()).toBe(8000);
  });

  test('are not held for less because a later answer asks for less', async () => {
    const { clock, gate } = gateOn();
    gate.close(9000);
    gate.close(1000);
    await gate.opened();
    expect(clock.now()).toBe(9000);
  });
});

describe('the waits of a run', () => {
  test('may take ten minutes together, and no more', () => {
    const { clock, gate } = gateOn();
    expect(gate.close(6 * MINUTE)).toBe(true);
    clock.advance(6 * MINUTE);
    expect(gate.close(4 * MINUTE + 1)).toBe(false);
    expect(gate.close(4 * MINUTE)).toBe(true);
    clock.advance(4 * MINUTE);
    expect(gate.close(1)).toBe(false);
  });

  test('count once where they overlap', () => {
    const { clock, gate } = gateOn();
    for (let answers = 0; answers < 100; answers++) expect(gate.close(6 * MINUTE)).toBe(true);
    clock.advance(1 * MINUTE);
    // Five minutes of it are waited anyway.
    expect(gate.close(9 * MINUTE)).toBe(true);
    expect(gate.close(9 * MINUTE + 1)).toBe(false);
  });

  test('count by as much as they are made longer', () => {
    const { clock, gate } = gateOn();
    gate.close(4 * MINUTE);
    gate.close(6 * MINUTE);
    clock.advance(6 * MINUTE);
    expect(gate.close(4 * MINUTE)).toBe(true);
    expect(gate.close(4 * MINUTE + 1)).toBe(false);
  });

  test('do not count the time that passes between them', () => {
    const { clock, gate } = gateOn();
    gate.close(5 * MINUTE);
    clock.advance(24 * 60 * MINUTE);
    expect(gate.close(5 * MINUTE)).toBe(true);
  });

  test('a wait that was refused holds nothing back', async () => {
    const { clock, gate } = gateOn();
    expect(gate.close(11 * MINUTE)).toBe(false);
    expect(gate.close(Number.POSITIVE_INFINITY)).toBe(false);
    await gate.opened();
    expect(clock.sleeps).toEqual([]);
    expect(gate.close(10 * MINUTE)).toBe(true);
  });
});
