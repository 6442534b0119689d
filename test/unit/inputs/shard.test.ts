import { entriesIn, linesOf, readManifest } from './reading.ts';

const manifestOf = (entries: Record<string, object>) => ({
  defaults: { group_id: 'decent_dropsy', service: 'anything' },
  connections: Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, { config: { schema: name }, ...entry }]),
  ),
});
const all = Array.from({ length: 20 }, (_, at) => `source_${at + 1}`);
const twenty = manifestOf(Object.fromEntries(all.map((name) => [name, {}])));

/** The names of the connections that a shard works on. */
const namesIn = async (shard: string, manifest: object = twenty): Promise<string[]> =>
  entriesIn(await readManifest(manifest, { shard })).map(({ name }) => name);

test.each([1, 2, 3, 4, 5, 6, 7, 20, 21])(
  '%i shards of 20 connections together cover the manifest without overlap',
  async (total) => {
    const shards = Array.from({ length: total }, (_, index) => `${index}/${total}`);
    const parts = await Promise.all(shards.map((shard) => namesIn(shard)));
    expect(parts.flat().sort()).toEqual([...all].sort());
    const sizes = parts.map((names) => names.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  },
);

test('a shard keeps its entries when their fields change', async () => {
  const changed = manifestOf(Object.fromEntries(all.map((name) => [name, { paused: true }])));
  expect(await namesIn('2/7', changed)).toEqual(await namesIn('2/7'));
  expect(await namesIn('2/7')).not.toEqual(await namesIn('3/7'));
});

test('a shard can be empty', async () => {
  expect(await namesIn('2/3', manifestOf({ a: {}, b: {} }))).toEqual([]);
});

test('a shard validates the whole manifest', async () => {
  const manifest = manifestOf({ a: {}, b: { sync_frequency: 7 }, c: { config: { schema: 'a' } } });
  expect(linesOf(await readManifest(manifest, { shard: '0/3' }))).toEqual([
    expect.stringMatching(/connections\.b\.sync_frequency: must be .* got 7/),
    expect.stringMatching(/connections\.c: results in the same group and connection name/),
  ]);
});

test.each(['4/4', '5/4', '-1/4', '1/0', '0/0', '1', '1/', '/4', '1/4/4', '0.5/2', 'a/b', '1 of 4'])(
  'shard %s is refused',
  async (shard) => {
    expect(linesOf(await readManifest(twenty, { shard }))).toEqual([
      `shard: must be index/total with an index from 0 to total - 1, such as 0/4, got ${shard === '1' ? '1' : `"${shard}"`}.`,
    ]);
  },
);
