import { createRateLimit } from '../../../../src/fivetran/http/rate-limit.ts';
import { virtualClock } from '../../../harness/virtual-clock.ts';

const MINUTE = 60_000;

function rateLimitOn() {
  const clock = virtualClock();
  return { clock, rateLimit: createRateLimit(clock) };
}

describe('a request', () => {
  test('passes without waiting when nothing holds it back', async () => {
    const { clock, rateLimit } = rateLimitOn();
    await rateLimit.wait();
    expect(clock.sleeps).toEqual([]);
  });

  test('waits together with all others until the hold is over', async () => {
    const { clock, rateLimit } = rateLimitOn();
    rateLimit.hold(7000);
    clock.advance(2000);
    await Promise.all([rateLimit.wait(), rateLimit.wait()]);
    expect(clock.now()).toBe(7000);
    expect(clock.sleeps).toEqual([5000, 5000]);
    await rateLimit.wait();
    expect(clock.sleeps).toHaveLength(2);
  });

  test('keeps waiting when the hold is extended', async () => {
    const { clock, rateLimit } = rateLimitOn();
    rateLimit.hold(3000);
    const waited = rateLimit.wait();
    rateLimit.hold(8000);
    await waited;
    expect(clock.now()).toBe(8000);
  });

  test('is not shortened by a later, shorter hold', async () => {
    const { clock, rateLimit } = rateLimitOn();
    rateLimit.hold(9000);
    rateLimit.hold(1000);
    await rateLimit.wait();
    expect(clock.now()).toBe(9000);
  });

  test('with a deadline waits no longer than that', async () => {
    const { clock, rateLimit } = rateLimitOn();
    rateLimit.hold(9000);
    await rateLimit.wait(4000);
    expect(clock.now()).toBe(4000);
    await rateLimit.wait(3000);
    expect(clock.sleeps).toEqual([4000]);
  });
});

describe('the waits of a run', () => {
  test('total at most ten minutes', () => {
    const { clock, rateLimit } = rateLimitOn();
    expect(rateLimit.hold(6 * MINUTE)).toBe(true);
    clock.advance(6 * MINUTE);
    expect(rateLimit.hold(4 * MINUTE + 1)).toBe(false);
    expect(rateLimit.hold(4 * MINUTE)).toBe(true);
    clock.advance(4 * MINUTE);
    expect(rateLimit.hold(1)).toBe(false);
  });

  test('count once where they overlap', () => {
    const { clock, rateLimit } = rateLimitOn();
    for (let answers = 0; answers < 100; answers++) expect(rateLimit.hold(6 * MINUTE)).toBe(true);
    clock.advance(1 * MINUTE);
    // Five of its minutes overlap with the first wait.
    expect(rateLimit.hold(9 * MINUTE)).toBe(true);
    expect(rateLimit.hold(9 * MINUTE + 1)).toBe(false);
  });

  test('count by as much as they are extended', () => {
    const { clock, rateLimit } = rateLimitOn();
    rateLimit.hold(4 * MINUTE);
    rateLimit.hold(6 * MINUTE);
    clock.advance(6 * MINUTE);
    expect(rateLimit.hold(4 * MINUTE)).toBe(true);
    expect(rateLimit.hold(4 * MINUTE + 1)).toBe(false);
  });

  test('do not count the time that passes between them', () => {
    const { clock, rateLimit } = rateLimitOn();
    rateLimit.hold(5 * MINUTE);
    clock.advance(24 * 60 * MINUTE);
    expect(rateLimit.hold(5 * MINUTE)).toBe(true);
  });

  test('do not include a refused wait', async () => {
    const { clock, rateLimit } = rateLimitOn();
    expect(rateLimit.hold(11 * MINUTE)).toBe(false);
    expect(rateLimit.hold(Number.POSITIVE_INFINITY)).toBe(false);
    await rateLimit.wait();
    expect(clock.sleeps).toEqual([]);
    expect(rateLimit.hold(10 * MINUTE)).toBe(true);
  });
});
