import { type Break, on } from '../harness/faults.ts';
import { entriesOf, manifestOf, manifestOfSize, resultsOf } from '../harness/manifests.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import type { SandboxRequest } from '../sandbox/requests.mjs';

const mostInFlight = (requests: SandboxRequest[]): number =>
  Math.max(...requests.map(({ inFlight }) => inFlight));

/** Answers once so many requests are in flight; after a while, fewer too. */
const meetingOf = (gather: number) => ({ gather, latencyMs: 2000 });

/** Runs a manifest of so many connections, each of which must be created exactly once. */
async function createAll(count: number, world: VirtualWorld, inputs = {}) {
  const run = await runStep({ manifest: manifestOfSize(count), inputs }, world);
  expect(failureOf(run)).toBe('');
  expect(run.exitCode).toBe(0);
  expect(Object.values(resultsOf(run))).toEqual(Array(count).fill('created'));
  expect(run.sandbox.state.created).toBe(count);
  expect(run.connections).toHaveLength(count);
  const ids = Object.entries(entriesOf(run)).map(([name, entry]) => [name, entry.connection_id]);
  expect(Object.fromEntries(ids)).toEqual(
    Object.fromEntries(run.connections.map(({ schema, id }) => [schema, id])),
  );
  return run;
}

describe('max_parallel', () => {
  test.each<[string, Record<string, number>, number]>([
    ['1: one request at a time', { max_parallel: 1 }, 1],
    ['3: three requests at a time', { max_parallel: 3 }, 3],
    ['not set: eight requests at a time', {}, 8],
  ])('%s is the maximum', async (_what, inputs, most) => {
    const { requests } = await createAll(most * 2, meetingOf(most), inputs);
    expect(mostInFlight(requests)).toBe(most);
  });

  test('limits all requests of the entries, not only the first of each', async () => {
    const { requests } = await createAll(
      6,
      { ...meetingOf(3), scenario: 'incomplete-once' },
      { max_parallel: 3, if_exists: 'reuse' },
    );
    expect(requests).toHaveLength(18);
    expect(mostInFlight(requests)).toBe(3);
  });

  test('limits the connections that wait for their syncs together', async () => {
    const inputs = { max_parallel: 3, wait_for_sync: true };
    const run = await runStep(
      { manifest: manifestOfSize(6), inputs },
      { ...meetingOf(3), scenario: 'incomplete' },
    );
    const reads = run.requests.filter((_, index) => run.sent[index] === 'read');
    expect(reads).toHaveLength(6);
    expect(mostInFlight(reads)).toBe(3);
    expect(failureOf(run)).toMatch(/^6 of 6 connections failed/);
  });

  test.each(['0', '-1', '101', '1.5', 'many'])('cannot be %s', async (max_parallel) => {
    const run = await runStep({ manifest: manifestOfSize(1), inputs: { max_parallel } });
    expect(annotated(run, 'error')).toEqual([
      expect.stringMatching(/^max_parallel: .*from 1 to 100/),
      expect.stringMatching(/^1 problem.*Nothing was sent/),
    ]);
    expect(run.annotations[0]?.message).toContain(max_parallel);
    expect(run.requests).toEqual([]);
  });
});

describe('lost answers', () => {
  test('leave each connection created exactly once', async () => {
    const breaks: Break[] = [
      { nth: [2, 5, 21], kind: 'reset', when: 'after' },
      { nth: 9, kind: 'reset', when: 'before' },
      { nth: [7, 12], kind: 'cut' },
      { nth: 14, kind: 'cut-json' },
      { nth: 16, kind: 'no-id' },
      { nth: 18, kind: 'html', status: 502, when: 'after' },
      { nth: 19, kind: 'status', status: 503, when: 'before' },
    ];
    const faults = [
      ...breaks.map((fault) => on('create', fault)),
      on('look up', { nth: 3, kind: 'reset' }),
    ];
    // One at a time: another entry's wait would pass for time that a look-up takes.
    const run = await createAll(24, { faults }, { max_parallel: 1 });
    // The two that were not processed are sent again, and no other.
    expect(bodies(run, 'create')).toHaveLength(26);
  });

  test('fail only the connection that has no name to look up, and say that it may exist', async () => {
    const manifest = manifestOf({ a: {}, b: { config: {} }, c: {} });
    const run = await runStep(
      { manifest, inputs: { max_parallel: 1 } },
      { faults: [on('create', { nth: 2, kind: 'reset', when: 'after' })] },
    );
    expect(resultsOf(run)).toEqual({ a: 'created', b: 'failed', c: 'created' });
    expect(entriesOf(run).b?.error).toMatch(/may exist/);
    expect(failureOf(run)).toMatch(/^1 of 3 connections failed: b\b/);
  });
});

test('many 429s in the middle of 200 connections lose none', async () => {
  const nth = Array.from({ length: 16 }, (_, at) => 80 + at);
  const limited = { kind: 'rate-limit', headers: { 'Retry-After': '1' }, nth } as const;
  const run = await createAll(200, { faults: [on('create', limited)], latencyMs: 2 });
  expect(bodies(run, 'create')).toHaveLength(216);
  expect(run.requests.filter(({ status }) => status === 429)).toHaveLength(16);
  expect(mostInFlight(run.requests)).toBeLessThanOrEqual(8);
});
