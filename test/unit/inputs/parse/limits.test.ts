import { parseText } from '../../../../src/inputs/parse/parse.ts';
import { inputLimit, type Limit, manifestLimit } from '../../../../src/inputs/parse/parsed.ts';

const messagesOf = async (text: string, limit: Limit = inputLimit) =>
  (await parseText(text, limit)).faults.map(({ message }) => message);

const tooDeep = ['nested deeper than 100 levels.'];
const tooLarge = ['larger than 1 MB with its aliases expanded.'];

/** A mapping with lists nested to the given depth. */
const lists = (levels: number) => `{"a": ${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
const inYaml = (json: string) => json.replace('"a"', 'a');
const blocks = (levels: number) =>
  Array.from({ length: levels }, (_, at) => `${' '.repeat(at)}a:`).join('\n');

test.each([
  ['JSON', lists],
  ['flow YAML', (levels: number) => inYaml(lists(levels))],
  ['block YAML', blocks],
])('%s may be 100 levels deep, and no deeper', async (_kind, nested) => {
  expect(await messagesOf(nested(100))).toEqual([]);
  expect(await messagesOf(nested(101))).toEqual(tooDeep);
});

test.each([
  ['open brackets', '['.repeat(100_000)],
  ['brackets', lists(50_000)],
  ['mappings of JSON', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
  ['open braces', '{a: '.repeat(100_000)],
  ['dashes', '- '.repeat(100_000)],
  ['explicit keys', '? '.repeat(100_000)],
])('a hundred thousand %s are one clear error', async (_what, text) => {
  expect(await messagesOf(text)).toEqual(tooDeep);
});

test('an alias counts towards the depth limit', async () => {
  const chain = (links: number) => [
    'a0: &a0 []',
    ...Array.from({ length: links }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]`),
  ];
  expect(await messagesOf(chain(98).join('\n'))).toEqual([]);
  expect(await messagesOf(chain(99).join('\n'))).toEqual(tooDeep);
  expect(await messagesOf(chain(5000).join('\n'))).toEqual(tooDeep);
});

test('aliases that expand to a gigabyte are refused without using the memory', async () => {
  const doubling = Array.from(
    { length: 23 },
    (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`,
  );
  const bombs = [
    [`a0: &a0 ${'x'.repeat(119_000)}`, ...doubling].join('\n'),
    `a: &a ${'x'.repeat(60_000)}\nb: [${'*a, '.repeat(15_000)}]`,
    `a: &a {${Array.from({ length: 5000 }, (_, at) => `k${at}: 1`)}}\nb:\n${'- <<: *a\n'.repeat(5000)}`,
  ];
  const before = process.memoryUsage().heapUsed;
  for (const bomb of bombs) expect(await messagesOf(bomb)).toEqual(tooLarge);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6);
});

test('inputs are limited to 1 MB and manifests to 10 MB', async () => {
  const text = (bytes: number) => JSON.stringify({ a: 'ä'.repeat(bytes / 2 - 10) });
  expect(await messagesOf(text(1_000_000))).toEqual([]);
  expect(await messagesOf(text(1_000_030))).toEqual(tooLarge);
  expect(await messagesOf(text(10_000_000), manifestLimit)).toEqual([]);
  expect(await messagesOf(text(10_000_030), manifestLimit)).toEqual([
    'larger than 10 MB with its aliases expanded.',
  ]);
  expect(await messagesOf(`# ${'x'.repeat(1_000_000)}`)).toEqual(tooLarge);
});

test('aliases that expand to less than the limit are accepted', async () => {
  const text = `a: &a ${'x'.repeat(1000)}\nb: [${'*a, '.repeat(900)}]`;
  expect(await messagesOf(text)).toEqual([]);
  expect(await messagesOf(`${text}\nc: [${'*a, '.repeat(100)}]`)).toEqual(tooLarge);
});

test('at most a hundred faults are reported', async () => {
  const numbers = `{"a": [${Array.from({ length: 5000 }, () => '1.0').join()}]}`;
  expect(await messagesOf(numbers)).toHaveLength(100);
});
