import type { Fault } from '../sandbox/faults.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';
import { readManifest } from './manifest-read.ts';
import {
  cleanUp,
  created,
  endedOf,
  failureOf,
  manifestOf,
  manyOf,
  openSandbox,
  resultsOf,
  runManifest,
} from './manifest-step.ts';

afterEach(cleanUp);

const creating = { method: 'POST', path: '/v1/connections' } as const;

/** Runs a manifest of so many connections that is to end with each of them made exactly once. */
async function makeAll(count: number, options: SandboxOptions, inputs = {}) {
  const sandbox = await openSandbox(options);
  const ran = await runManifest(manyOf(count), { inputs }, sandbox);
  expect(failureOf(ran)).toBe('');
  expect(ran.exitCode).toBe(0);
  expect(Object.values(resultsOf(ran))).toEqual(Array(count).fill('created'));
  expect(sandbox.state.created).toBe(count);
  expect(sandbox.connections).toHaveLength(count);
  const ids = Object.entries(endedOf(ran)).map(([name, { connection_id }]) => [
    name,
    connection_id,
  ]);
  expect(Object.fromEntries(ids)).toEqual(
    Object.fromEntries(sandbox.connections.map(({ schema, id }) => [schema, id])),
  );
  return ran;
}

describe('max_parallel', () => {
  test.each<[string, Record<string, number>, number]>([
    ['1: one request is under way at once', { max_parallel: 1 }, 1],
    ['3: three requests are under way at once', { max_parallel: 3 }, 3],
    ['left out: eight requests are under way at once', {}, 8],
  ])('%s, and no more', async (_what, inputs, most) => {
    // Long enough for as many requests as there may be to meet, on a slow machine too.
    const { requests } = await makeAll(most * 2, { latencyMs: 150 }, inputs);
    expect(Math.max(...requests.map(({ inFlight }) => inFlight))).toBe(most);
  });

  test('holds for all that an entry takes, not for its first request alone', async () => {
    const { requests } = await makeAll(
      6,
      { latencyMs: 50, scenario: 'incomplete-once' },
      { max_parallel: 3, if_exists: 'reuse' },
    );
    expect(requests).toHaveLength(18);
    expect(Math.max(...requests.map(({ inFlight }) => inFlight))).toBe(3);
  });

  test('holds when all of them want to wait for their syncs together', async () => {
    const options = { latencyMs: 100, scenario: 'incomplete' };
    const inputs = { max_parallel: 3, wait_for_sync: true };
    const ran = await runManifest(manyOf(6), { inputs }, options);
    const reads = ran.requests.filter(({ path }) => /^\/v1\/connections\/\w+$/.test(path));
    expect(reads).toHaveLength(6);
    expect(Math.max(...reads.map(({ inFlight }) => inFlight))).toBe(3);
    expect(failureOf(ran)).toMatch(/^6 of 6 connections failed/);
  });

  test.each(['0', '-1', '101', '1.5', 'many'])('can not be %s', async (max_parallel) => {
    const { failure } = await readManifest(manyOf(1), { max_parallel });
    expect(failure).toMatch(
      /^max_parallel: got .* allowed: a whole number from 1 to 100\. Nothing was sent/,
    );
  });
});

describe('lost answers', () => {
  test('leave each connection made exactly once', async () => {
    const faults: Fault[] = [
      { ...creating, nth: [2, 5, 21], kind: 'reset', when: 'after' },
      { ...creating, nth: 9, kind: 'reset', when: 'before' },
      { ...creating, nth: [7, 12], kind: 'cut' },
      { ...creating, nth: 14, kind: 'cut-json' },
      { ...creating, nth: 16, kind: 'no-id' },
      { ...creating, nth: 18, kind: 'html', status: 502, when: 'after' },
      { ...creating, nth: 19, kind: 'status', status: 503, when: 'before' },
      { method: 'GET', path: '/v1/connections', nth: 3, kind: 'reset' },
    ];
    const ran = await makeAll(24, { faults });
    // Those that were never made are sent again, and no other.
    expect(created(ran)).toHaveLength(26);
  });

  test('of one whose name nobody knows fail that one, and say that it may exist', async () => {
    const faults: Fault[] = [{ ...creating, nth: 2, kind: 'reset', when: 'after' }];
    const manifest = manifestOf({ a: {}, b: { config: {} }, c: {} });
    const ran = await runManifest(manifest, { inputs: { max_parallel: 1 } }, { faults });
    expect(resultsOf(ran)).toEqual({ a: 'created', b: 'failed', c: 'created' });
    expect(endedOf(ran).b?.error).toMatch(/may exist/);
    expect(failureOf(ran)).toMatch(/^1 of 3 connections failed: b\b/);
  });
});

test('of a storm of 429s in the middle of 200 connections nothing is lost', async () => {
  const storm = Array.from({ length: 16 }, (_, at) => 80 + at);
  const faults: Fault[] = [
    { ...creating, nth: storm, kind: 'rate-limit', headers: { 'Retry-After': '1' } },
  ];
  const ran = await makeAll(200, { faults, latencyMs: 5 });
  expect(created(ran)).toHaveLength(216);
  expect(ran.requests.filter(({ status }) => status === 429)).toHaveLength(16);
  expect(Math.max(...ran.requests.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(8);
}, 30_000);
