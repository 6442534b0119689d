import { entriesOf, manifestOfSize } from '../harness/manifests.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import { type VirtualClock, virtualClock } from '../harness/virtual-clock.ts';
import type { Fault } from '../sandbox/faults.mjs';

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

const refusing = (nth: number[] | 'all', seconds: number) => ({
  ...limited,
  method: 'POST',
  nth,
  headers: { 'Retry-After': `${seconds}` },
});
const from = (first: number): number[] => Array.from({ length: 200 }, (_, at) => first + at);
const errorsOf = (run: Parameters<typeof entriesOf>[0]) =>
  Object.values(entriesOf(run)).map(({ error }) => error ?? 'none');

describe('when the rate limit lets nothing through', () => {
  test('the run ends, sends nothing more, and says for which connections nothing was sent', async () => {
    const manifest = manifestOfSize(6);
    const faults = [refusing(from(3), 601)];
    const run = await runStep({ manifest, inputs: { max_parallel: 1 } }, { faults });
    expect(run.requests).toHaveLength(3);
    const reason =
      "Fivetran's rate limit asks to wait 10 min 1 s, and rate_limit_wait_minutes is 10.";
    expect(errorsOf(run)).toEqual([
      'none',
      'none',
      expect.stringContaining(`Could not create the connection: ${reason}`),
      ...Array(3).fill(expect.stringContaining(`Nothing was sent: ${reason}`)),
    ]);
  });

  test('it is asked again until ten minutes have passed, with one line per wait', async () => {
    const manifest = manifestOfSize(20);
    const faults = [refusing(from(5), 60)];
    const run = await runStep({ manifest, inputs: { max_parallel: 4 } }, { faults });
    expect(run.connections).toHaveLength(4);
    expect(run.durationMs).toBeGreaterThanOrEqual(600_000);
    expect(run.durationMs).toBeLessThan(610_000);
    const waits = run.lines.filter(({ text }) => text.includes('all requests wait'));
    expect(waits).toHaveLength(10);
    expect(waits[9]?.text).toMatch(/wait 1 min, until 12:11 UTC\.$/);
    // The first wait has up to four refusals, and each of the others one.
    expect(run.requests.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(14);
  });

  test('no clean-up is sent either', async () => {
    const faults = [{ ...limited, method: 'DELETE', headers: { 'Retry-After': '3600' } }];
    const world = { faults, scenario: 'failed-tests' };
    const inputs = { max_parallel: 1, on_failed_tests: 'delete' };
    const run = await runStep({ manifest: manifestOfSize(3), inputs }, world);
    expect(run.sent).toEqual(['create', 'delete']);
  });
});

test('a rejected API key ends the run with the first request', async () => {
  const faults = [{ kind: 'status', status: 401, nth: 2 }] as const;
  const manifest = manifestOfSize(5);
  const run = await runStep({ manifest, inputs: { max_parallel: 1 } }, { faults: [...faults] });
  expect(run.requests).toHaveLength(2);
  const rejected = 'Nothing was sent: Fivetran rejected the API key (401 Unauthorized).';
  expect(errorsOf(run)).toEqual([
    'none',
    expect.stringContaining('Could not create the connection: Fivetran answered 401'),
    ...Array(3).fill(expect.stringContaining(rejected)),
  ]);
  expect(annotated(run, 'error')).toEqual([
    expect.stringMatching(/^Could not create the connection: Fivetran answered 401/),
    failureOf(run),
  ]);
});

test('an API key that is rejected after an unanswered look-up ends the run too', async () => {
  const lookUps = { method: 'GET', path: '/v1/connections' } as const;
  const faults: Fault[] = [
    { ...lookUps, kind: 'status', status: 503 },
    { ...lookUps, kind: 'status', status: 401, nth: 'all' },
  ];
  const inputs = { max_parallel: 1, if_exists: 'reuse' };
  const run = await runStep({ manifest: manifestOfSize(3), inputs }, { faults });
  expect(run.sent).toEqual(['look up', 'look up']);
});

test('a group that could not be read is read again by the next connection', async () => {
  const path = '/v1/groups/{id}';
  const fault: Fault = { kind: 'status', status: 500, method: 'GET', path, nth: [1, 2, 3, 4] };
  const inputs = { max_parallel: 1, dry_run: true };
  const run = await runStep({ manifest: manifestOfSize(3), inputs }, { faults: [fault] });
  expect(errorsOf(run)).toEqual([expect.stringContaining('500'), 'none', 'none']);
});

test('under the published limits, all new connections are created, with few refusals', async () => {
  const manifest = manifestOfSize(60);
  const run = await runStep({ manifest, inputs: { max_parallel: 8 } }, { limits: 'published' });
  expect(failureOf(run)).toBe('');
  expect(run.connections).toHaveLength(60);
  // Twenty creates a minute: the last twenty begin after two minutes.
  expect(run.durationMs).toBeLessThanOrEqual(1.05 * 120_000 + 60_000);
  const waits = run.lines.filter(({ text }) => text.includes('all requests wait')).length;
  const refused = run.requests.filter(({ status }) => status === 429).length;
  expect(refused).toBeLessThanOrEqual(8 * waits);
});

describe('a run that waited for the rate limit', () => {
  const limit = { kind: 'rate-limit', headers: { 'Retry-After': '120' }, method: 'POST' } as const;

  test('says until when in its progress, and how long in the summary of its manifest', async () => {
    const run = await runStep({ manifest: manifestOfSize(3) }, { faults: [{ ...limit, nth: 2 }] });

    expect(failureOf(run)).toBe('');
    expect(run.log).toMatch(
      /Progress: .* done, 0 failed\. Waiting for Fivetran's rate limit until \d\d:\d\d UTC\./,
    );
    expect(run.summary).toMatch(/waited 2 min( 1 s)? for Fivetran(&#39;|')s rate limit/);
  });

  test('says how long in the summary of its connection', async () => {
    const run = await runStep({}, { faults: [{ ...limit, nth: 1 }] });

    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatch(/The step waited 2 min for Fivetran(&#39;|')s rate limit\./);
  });

  test('says nothing of a short wait', async () => {
    const short = { ...limit, headers: { 'Retry-After': '9' }, nth: 1 };
    const run = await runStep({}, { faults: [short] });

    expect(run.exitCode).toBe(0);
    expect(run.summary).not.toContain('waited');
  });
});
