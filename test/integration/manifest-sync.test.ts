import { entriesOf, manifestOf, manifestOfSize, scenariosBySchema } from '../harness/manifests.ts';
import { failureOf, groupsOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';

const scenarioFor = scenariosBySchema({
  endless_1: 'sync-never-ends',
  endless_2: 'sync-never-ends',
  failing: 'sync-fails',
  untested: 'failed-tests',
});
const world = { syncSeconds: 0, scenarioFor };

test('all syncs run in parallel', async () => {
  const names = ['endless_1', 'endless_2', 'failing', 'untested', 'good_1', 'good_2'];
  const manifest = manifestOf(Object.fromEntries(names.map((name) => [name, {}])));
  const inputs = { wait_for_sync: true, sync_timeout_minutes: 1, max_parallel: 2 };
  const run = await runStep({ manifest, inputs }, world);

  const errors = Object.entries(entriesOf(run)).map(([name, { error }]) => [name, error]);
  expect(Object.fromEntries(errors)).toEqual({
    endless_1: expect.stringMatching(/The sync did not end within 1 minute/),
    endless_2: expect.stringMatching(/The sync did not end within 1 minute/),
    failing: expect.stringMatching(/The sync failed after/),
    untested: expect.stringMatching(/failed: Validating credentials/),
    good_1: null,
    good_2: null,
  });
  expect(failureOf(run)).toMatch(
    /^4 of 6 connections failed: endless_1, endless_2, failing, untested\./,
  );
  const good = groupsOf(run).filter(({ title }) => /good_1 .*sync succeeded/.test(title));
  expect(good).toHaveLength(1);
  expect(good[0]?.lines.filter((line) => /^The sync succeeded after/.test(line))).toHaveLength(1);

  const syncs = run.sent.flatMap((name, at) => (name === 'sync' ? [at] : []));
  expect(syncs).toHaveLength(5);
  expect(Math.min(...syncs)).toBeGreaterThan(run.sent.lastIndexOf('create'));
  // The two that never end are still polled when the last sync has been started.
  for (const name of ['endless_1', 'endless_2']) {
    const path = `/v1/connections/${entriesOf(run)[name]?.connection_id}`;
    const paths = run.requests.map((request) => request.path);
    expect(paths.lastIndexOf(path)).toBeGreaterThan(Math.max(...syncs));
  }
});

test('the progress is logged every 15 seconds', async () => {
  const manifest = manifestOf({ good: {}, endless_1: {} });
  const inputs = { wait_for_sync: true, sync_timeout_minutes: 2 };
  const run = await runStep({ manifest, inputs }, world);
  const progress = run.lines.filter(({ text }) => text.startsWith('Progress: '));
  expect(progress.map(({ at }) => at).slice(0, 3)).toEqual([15, 30, 45]);
  expect(progress.length).toBeGreaterThanOrEqual(8);
  expect(progress.at(-1)?.text).toBe('Progress: 1 of 2 connections done, 0 failed.');
});

test('polling respects max_parallel', async () => {
  const inputs = { wait_for_sync: true, max_parallel: 3 };
  const run = await runStep({ manifest: manifestOfSize(12), inputs }, { ...world, latencyMs: 2 });
  expect(failureOf(run)).toBe('');
  expect(run.requests).toHaveLength(48);
  expect(Math.max(...run.requests.map(({ inFlight }) => inFlight))).toBe(3);
});
