import * as fc from 'fast-check';
import { parseMapping } from '../../src/inputs/mapping.ts';

const parse = (text: string) => parseMapping('config', text);

test.each([
  ['YAML', 'host: db.example.com\nport: 5432\nuse_tls: true\ntables: [a, b]\nproxy: null'],
  ['JSON', '{"host":"db.example.com","port":5432,"use_tls":true,"tables":["a","b"],"proxy":null}'],
  [
    'indented JSON',
    '\n  {\n\t"host": "db.example.com", "port": 5432,\n "use_tls": true, "tables": ["a", "b"], "proxy": null}',
  ],
  ['flow style YAML', '{host: db.example.com, port: 5432, use_tls: true, tables: [a, b], proxy: }'],
])('%s gives the values with their types', async (_kind, text) => {
  const value = {
    host: 'db.example.com',
    port: 5432,
    use_tls: true,
    tables: ['a', 'b'],
    proxy: null,
  };
  expect(await parse(text)).toEqual({ value, problems: [] });
});

test('every mapping comes back from its JSON as it was', async () => {
  const values = [fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null)];
  const key = fc.string({ unit: 'binary' });
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, fc.object({ key, values })), async (mapping) => {
      const { value, problems } = await parse(JSON.stringify(mapping));
      expect(problems).toEqual([]);
      expect(JSON.stringify(value)).toBe(JSON.stringify(mapping));
    }),
  );
});

test.each([
  ['block scalars', 'key: |-\n  one\n    two\n\n  three', { key: 'one\n  two\n\nthree' }],
  ['folded scalars', 'key: >-\n  one\n  two', { key: 'one two' }],
  ['anchors and merges', 'a: &a {x: 1}\nb: {<<: *a, y: 2}', { a: { x: 1 }, b: { x: 1, y: 2 } }],
  ['words that YAML 1.1 took for booleans', 'a: yes\nb: off\nc: n', { a: 'yes', b: 'off', c: 'n' }],
  ['dates and times as text', 'a: 2026-01-05\nb: 14:00', { a: '2026-01-05', b: '14:00' }],
  ['an empty mapping', '{}', {}],
])('understands %s', async (_what, text, value) => {
  expect(await parse(text)).toEqual({ value, problems: [] });
});

test.each(['', '  \n', '# only a comment', 'null', '~', '---'])(
  'takes %j for nothing given',
  async (text) => {
    const { value, problems } = await parse(text);
    expect([value, problems]).toEqual([undefined, []]);
  },
);

test.each([
  ['- a\n- b', 'a list'],
  ['[1]', 'a list'],
  ['just words', 'a string'],
  ['42', 'a number'],
  ['true', 'a boolean'],
])('refuses %j, which is %s', async (text, kind) => {
  const { value, problems } = await parse(text);
  expect(value).toBeUndefined();
  expect(problems).toEqual([
    { field: 'config', text: `got ${kind}; allowed: a YAML or JSON mapping of names to values.` },
  ]);
});

test.each([
  ['a: 1\nb: [2', 'line 2, column 6'],
  ['a: 1\n\nb: {c: 2\nd: 3', 'line 4'],
  ['a: 1\na: 2', 'line 2, column 1'],
  ['{"a": 1,, "b": 2}', 'line 1, column 9'],
  ['a: "b', 'line 1'],
  ['\ta: b', 'line 1, column 1'],
  ['a: *nowhere', 'alias'],
  ['a: &a {b: *a}', 'alias'],
  ['a: 1\n---\nb: 2', 'line 2'],
])('says where %j is malformed', async (text, where) => {
  const { value, problems } = await parse(text);
  expect(value).toBeUndefined();
  expect(problems.map(({ field }) => field)).toContain('config');
  expect(problems.map((problem) => problem.text).join('\n')).toContain('malformed YAML');
  expect(problems.map((problem) => problem.text).join('\n')).toContain(where);
});

test.each([
  ['id: 12345678901234567890', 'config.id'],
  ['{"a": [{"id": 9007199254740993}]}', 'config.a[0].id'],
  ['limit: 1e400', 'config.limit'],
  ['limit: .inf', 'config.limit'],
  ['limit: .nan', 'config.limit'],
])('refuses the number in %j, which JSON would change', async (text, field) => {
  const { problems } = await parse(text);
  expect(problems).toEqual([{ field, text: expect.stringContaining('put it in quotes') }]);
});

test.each([
  ['a set', 'a: !!set {x}'],
  ['binary data', 'a: !!binary aHVudGVy'],
  ['an ordered map', 'a: !!omap [x: 1]'],
  ['a key that is no text', '? [x]\n: 1'],
  ['braces that were meant for an expression', 'a: {{ x }}'],
])('refuses %s, which JSON can not carry', async (_what, text) => {
  expect((await parse(text)).problems).not.toEqual([]);
});

test('an alias of a text, a number, a list and a mapping gives what its anchor has', async () => {
  const text = 'a: &a x\nb: &b 5\nc: &c [1]\nd: &d {e: f}\ng: [*a, *b, *c, *d]';
  const { value, problems } = await parse(text);
  expect(problems).toEqual([]);
  expect(value?.g).toEqual(['x', 5, [1], { e: 'f' }]);
});

test('a number that would lose its leading zeros belongs in quotes', async () => {
  const { problems } = await parse('account: 0123\nzero: 0\nfraction: 0.5\ntext: "0123"');
  expect(problems).toEqual([
    {
      field: expect.any(String),
      text: expect.stringMatching(/line 1, column 10: .*leading zeros/),
    },
  ]);
});
