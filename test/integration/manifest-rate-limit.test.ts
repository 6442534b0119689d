import { manifestOfSize } from '../harness/manifests.ts';
import { failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import { type VirtualClock, virtualClock } from '../harness/virtual-clock.ts';

/** A clock that stands still: sleepers wake up only when `wake` is called. */
function heldClock() {
  const sleepers: (() => void)[] = [];
  let time = 0;
  let latest = 0;
  const clock: VirtualClock = {
    ...virtualClock(),
    now: () => time,
    sleep(ms) {
      latest = Math.max(latest, time + ms);
      return new Promise((resolve) => sleepers.push(resolve));
    },
  };
  return {
    clock,
    sleeping: () => sleepers.length,
    /** Lets time pass until all sleepers may wake up. */
    wake(): void {
      time = latest;
      for (const resolve of sleepers.splice(0)) resolve();
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Turns the event loop until this is true; gives up after many turns, so that a test fails. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let turns = 0; !isTrue() && turns < 20_000; turns++) await turn();
}

/** Turns the event loop until a value has not changed for many turns. */
async function quiet(read: () => unknown): Promise<void> {
  for (let turns = 0, last = read(); turns < 500; turns++) {
    await turn();
    if (read() !== last) turns = 0;
    last = read();
  }
}

const limited = { kind: 'rate-limit', headers: { 'Retry-After': '60' } } as const;

test('after a 429 no connection sends anything until the wait is over', async () => {
  const { clock, sleeping, wake } = heldClock();
  const sandbox = await openSandbox({ faults: [{ ...limited, method: 'POST', nth: 6 }] });
  let isOver = false;
  const inputs = { max_parallel: 4 };
  const step = runStep({ manifest: manifestOfSize(40), inputs }, { sandbox, clock }).finally(() => {
    isOver = true;
  });
  await until(() => sleeping() === 4 || isOver);
  await quiet(() => sandbox.requests.length);
  // The other three were under way, and may have been answered and followed before the 429 was read.
  expect(sandbox.requests.length).toBeLessThanOrEqual(12);
  expect(sandbox.requests.filter(({ status }) => status === 429)).toHaveLength(1);
  wake();
  expect(failureOf(await step)).toBe('');
  expect(sandbox.connections).toHaveLength(40);
  expect(sandbox.requests).toHaveLength(41);
});

test('after a 429, requests that wait for a permit send nothing either', async () => {
  const { clock, sleeping, wake } = heldClock();
  const sandbox = await openSandbox({ syncSeconds: 0 });
  let isOver = false;
  const inputs = { max_parallel: 1, wait_for_sync: true };
  const step = runStep({ manifest: manifestOfSize(9), inputs }, { sandbox, clock }).finally(() => {
    isOver = true;
  });
  await until(() => sandbox.connections.length === 9 || isOver);
  // Now all nine want to read their connection, and one at a time may.
  sandbox.fault({ ...limited, path: '/v1/connections/{id}', method: 'GET' });
  await until(() => sleeping() > 0 || isOver);
  await quiet(() => sandbox.requests.length);
  expect(sandbox.requests.at(-1)).toMatchObject({ method: 'GET', status: 429 });
  for (let rounds = 0; !isOver && rounds < 100; rounds++) {
    await until(() => sleeping() > 0 || isOver);
    wake();
  }
  expect(failureOf(await step)).toBe('');
});
