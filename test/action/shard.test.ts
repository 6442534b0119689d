import { readManifest } from './manifest-read.ts';
import {
  cleanUp,
  created,
  failureOf,
  manifestOf,
  manyOf,
  openSandbox,
  resultsOf,
  runManifest,
} from './manifest-step.ts';
import { runStep } from './step.ts';

afterEach(cleanUp);

const twenty = manyOf(20);
const all = Object.keys(twenty.connections);

/** The names of the connections that a shard works on. */
async function namesIn(shard: string, manifest: object = twenty): Promise<string[]> {
  const { settings } = await readManifest(manifest, { shard });
  return (settings?.entries ?? []).map(({ name }) => name);
}

test.each([1, 2, 3, 4, 5, 6, 7, 20, 21])(
  '%i shards of 20 connections are the whole manifest together, and none overlaps',
  async (total) => {
    const shards = Array.from({ length: total }, (_, index) => `${index}/${total}`);
    const parts = await Promise.all(shards.map((shard) => namesIn(shard)));
    expect(parts.flat().sort()).toEqual([...all].sort());
    const sizes = parts.map((names) => names.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  },
);

test('the jobs of a matrix make each connection once together', async () => {
  const sandbox = await openSandbox();
  const jobs = ['0/3', '1/3', '2/3'].map((shard) =>
    runManifest(twenty, { inputs: { shard } }, sandbox),
  );
  const ran = await Promise.all(jobs);
  expect(ran.map(failureOf)).toEqual(['', '', '']);
  expect(ran.flatMap((one) => Object.keys(resultsOf(one))).sort()).toEqual([...all].sort());
  expect(sandbox.connections).toHaveLength(20);
  expect(created({ requests: sandbox.requests })).toHaveLength(20);
});

test('a shard stays the same part, whatever else changes in the entries', async () => {
  const changed = manifestOf(Object.fromEntries(all.map((name) => [name, { paused: true }])));
  expect(await namesIn('2/7', changed)).toEqual(await namesIn('2/7'));
  expect(await namesIn('2/7')).not.toEqual(await namesIn('3/7'));
});

test('a shard with nothing to do succeeds, and says so', async () => {
  const ran = await runManifest(manyOf(2), { inputs: { shard: '2/3' } });
  expect(ran.exitCode).toBe(0);
  expect(ran.requests).toEqual([]);
  expect(ran.annotations).toEqual([]);
  expect(ran.log).toMatch(/^Nothing to do: there is no connection in shard 2\/3\.$/m);
  expect(ran.summary).toContain('Nothing to do');
  expect(ran.outputs.connections).toBe('{}');
});

test('a shard says of which part it speaks', async () => {
  const fails = await runManifest(twenty, { inputs: { shard: '1/7' } }, { scenario: 'forbidden' });
  expect(failureOf(fails)).toMatch(/^3 of 3 connections in shard 1\/7 failed: source_\d+, /);
  const ran = await runManifest(twenty, { inputs: { shard: '0/7' } });
  expect(ran.log).toMatch(/^3 connections in shard 0\/7: 3 created\.$/m);
});

test('a shard checks the whole manifest', async () => {
  const manifest = manifestOf({ a: {}, b: { sync_frequency: 7 }, c: { config: { schema: 'a' } } });
  const { failure } = await readManifest(manifest, { shard: '0/3' });
  expect(failure).toMatch(/connections\.b\.sync_frequency: got 7/);
  expect(failure).toMatch(/connections\.c: makes the name a in group decent_dropsy/);
});

test.each(['4/4', '5/4', '-1/4', '1/0', '0/0', '1', '1/', '/4', '1/4/4', '0.5/2', 'a/b', '1 of 4'])(
  'shard can not be %s',
  async (shard) => {
    const { failure } = await readManifest(twenty, { shard });
    expect(failure).toBe(
      `shard: got "${shard}"; allowed: index/total, the index from 0 to total - 1, such as 0/4. ` +
        'Nothing was sent to Fivetran.',
    );
  },
);

test('a shard without a manifest is a mistake', async () => {
  const ran = await runStep({ inputs: { shard: '0/2' } });
  expect(failureOf(ran)).toMatch(/^shard: got "0\/2"; allowed: only with a manifest/);
  expect(ran.exitCode).toBe(1);
  expect(ran.requests).toEqual([]);
});
