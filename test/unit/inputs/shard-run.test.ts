import { manifestOfSize, resultsOf } from '../../harness/manifests.ts';
import { failureOf } from '../../harness/reading.ts';
import { runStep } from '../../harness/run-step.ts';
import { openSandbox } from '../../harness/sandboxes.ts';

const twenty = manifestOfSize(20);
const all = Object.keys(twenty.connections);

test('the jobs of a matrix together create each connection once', async () => {
  const sandbox = await openSandbox();
  const jobs = ['0/3', '1/3', '2/3'].map((shard) =>
    runStep({ manifest: twenty, inputs: { shard } }, { sandbox }),
  );
  const runs = await Promise.all(jobs);
  expect(runs.map(failureOf)).toEqual(['', '', '']);
  expect(runs.flatMap((run) => Object.keys(resultsOf(run))).sort()).toEqual([...all].sort());
  expect(sandbox.connections).toHaveLength(20);
  expect(sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(20);
});

test('an empty shard succeeds and says so', async () => {
  const run = await runStep({ manifest: manifestOfSize(2), inputs: { shard: '2/3' } });
  expect(failureOf(run)).toBe('');
  expect(run.requests).toEqual([]);
  expect(run.printed).toMatch(/nothing to do/i);
  expect(run.outputs.connections).toBe('{}');
});

test('the log and the summary name the shard', async () => {
  const refused = await runStep(
    { manifest: twenty, inputs: { shard: '1/7' } },
    { scenario: 'forbidden' },
  );
  expect(failureOf(refused)).toMatch(/3 of 3 connections .*shard 1\/7/);
  const created = await runStep({ manifest: twenty, inputs: { shard: '0/7' } });
  expect(created.log).toMatch(/shard 0\/7/);
  expect(Object.values(resultsOf(created))).toEqual(['created', 'created', 'created']);
});
