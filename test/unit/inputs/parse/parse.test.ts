import * as fc from 'fast-check';
import { parseText } from '../../../../src/inputs/parse/parse.ts';
import { inputLimit } from '../../../../src/inputs/parse/parsed.ts';
import { anyCharacter } from '../../../harness/any-character.ts';

const parse = async (text: string) => {
  const { value, faults } = await parseText(text, inputLimit);
  return { value, messages: faults.map(({ message }) => message) };
};

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
  expect(await parse(text)).toEqual({ value, messages: [] });
});

test('every mapping survives a round trip through JSON', async () => {
  const key = fc.string({ unit: anyCharacter, minLength: 1 });
  const values = [fc.string({ unit: anyCharacter }), fc.integer(), fc.boolean(), fc.constant(null)];
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, fc.object({ key, values })), async (mapping) => {
      const { value, messages } = await parse(JSON.stringify(mapping));
      expect(messages).toEqual([]);
      expect(JSON.stringify(value)).toBe(JSON.stringify(mapping));
    }),
  );
});

test.each([
  ['block scalars', 'key: |-\n  one\n    two\n\n  three', { key: 'one\n  two\n\nthree' }],
  ['folded scalars', 'key: >-\n  one\n  two', { key: 'one two' }],
  ['anchors and merges', 'a: &a {x: 1}\nb: {<<: *a, y: 2}', { a: { x: 1 }, b: { x: 1, y: 2 } }],
  [
    'merges of several mappings, the first one first',
    'a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}',
    { a: { x: 1, y: 1 }, b: { x: 2, z: 2 }, c: { z: 3, x: 1, y: 1 } },
  ],
  ['a key over a merged one', 'a: &a {x: 1}\nb: {<<: *a, x: 2}', { a: { x: 1 }, b: { x: 2 } }],
  ['tags of collections', 'a: !!map {x: 1}\nb: !!seq [y]', { a: { x: 1 }, b: ['y'] }],
  ['an anchor that is set again', 'a: &a 1\nb: *a\nc: &a 2\nd: *a', { a: 1, b: 1, c: 2, d: 2 }],
  ['<< in quotes as a key', '"<<": x', { '<<': 'x' }],
  ['words that YAML 1.1 took for booleans', 'a: yes\nb: off\nc: n', { a: 'yes', b: 'off', c: 'n' }],
  ['dates and times as text', 'a: 2026-01-05\nb: 14:00', { a: '2026-01-05', b: '14:00' }],
  ['numbers as keys', '007: a\n1.0: b', { '007': 'a', '1.0': 'b' }],
  ['an empty mapping', '{}', {}],
])('understands %s', async (_what, text, value) => {
  expect(await parse(text)).toEqual({ value, messages: [] });
});

test.each(['', '  \n', '# only a comment', 'null', '~', '---'])(
  'treats %j as missing',
  async (text) => {
    const { value, messages } = await parse(text);
    expect([value ?? undefined, messages]).toEqual([undefined, []]);
  },
);

test.each([
  ['a block mapping', 'a: 1\nb: 2\na: 3', 'duplicate key at line 3.', ['a']],
  ['a flow mapping', 'x: {a: 1, a: 2}', 'duplicate key at line 1.', ['x', 'a']],
  ['JSON', '{"x": [{"a": 1,\n"\\u0061": 2}]}', 'duplicate key at line 2.', ['x', 0, 'a']],
  [
    'JSON, hidden in a prototype',
    '{"__proto__": 1,\n"__proto__": 2}',
    'duplicate key at line 2.',
    ['__proto__'],
  ],
  ['an empty key of JSON', '{"x": {\n"": 1}}', 'empty key at line 2.', ['x']],
  ['an empty key of YAML', 'x:\n  "": 1', 'empty key at line 2.', ['x']],
  ['a key that is missing', 'x:\n  : 1', 'empty key at line 2.', ['x']],
])('refuses a duplicate or empty key in %s', async (_where, text, message, path) => {
  const { faults } = await parseText(text, inputLimit);
  expect(faults).toEqual([{ path, message, line: Number(/\d+/.exec(message)) }]);
});

test('the same key in different mappings is not a duplicate', async () => {
  for (const text of [
    '{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}',
    'a: {a: 1}\nb: [{a: 1}, {a: 2}]',
  ]) {
    expect((await parse(text)).messages).toEqual([]);
  }
});

test.each([
  ['a set', 'a: !!set {x}'],
  ['binary data', 'a: !!binary aHVudGVy'],
  ['an ordered map', 'a: !!omap [x: 1]'],
  ['a key that is not text', '? [x]\n: 1'],
  ['a merge of text', '<<: x'],
])('refuses %s, which JSON cannot carry', async (_what, text) => {
  expect((await parse(text)).messages).toEqual([
    expect.stringMatching(
      /^JSON has no such type\. Use|a key must be text|^<< requires an alias of/,
    ),
  ]);
});

test('an alias has the value of its anchor', async () => {
  const text = 'a: &a x\nb: &b 5\nc: &c [1]\nd: &d {e: f}\ng: [*a, *b, *c, *d]';
  const { value, messages } = await parse(text);
  expect(messages).toEqual([]);
  expect(value).toMatchObject({ g: ['x', 5, [1], { e: 'f' }] });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a key named %s is plain data',
  async (key) => {
    for (const text of [
      `{"${key}": {"x": 1}}`,
      `${key}: {x: 1}`,
      `a: &a {${key}: {x: 1}}\n<<: *a`,
    ]) {
      const { value, messages } = await parse(text);
      expect(messages).toEqual([]);
      expect(JSON.stringify(value)).toContain(`"${key}":{"x":1}`);
      expect(Object.hasOwn(value as object, key)).toBe(true);
    }
    expect(Object.hasOwn({}, 'x')).toBe(false);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  },
);

describe('a private key that was pasted', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----';

  test.each([
    ['in plain YAML', `host: x\nprivate_key: ${key}\nport: 1`],
    ['in an indented line', `private_key: ${key.replaceAll('\n', '\n  ')}\nport: 1`],
    ['in double quotes', `private_key: "${key}"`],
    ['in JSON', `{"host": "x", "private_key": "${key}"}`],
  ])('%s is refused with the way to give it', async (_where, text) => {
    const { messages } = await parse(text);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain("through the step's env and ${NAME}");
    expect(messages[0]).not.toContain('hunter2');
  });

  test('is accepted in a block scalar and in JSON with \\n', async () => {
    const block = `private_key: |-\n  ${key.replaceAll('\n', '\n  ')}`;
    for (const text of [block, JSON.stringify({ private_key: key })]) {
      expect(await parse(text)).toEqual({ value: { private_key: key }, messages: [] });
    }
  });
});

const key = fc.constantFrom('a', 'b', 'c', '', '__proto__', '\\u0061', 'x y', ':', '1', '\\"');
const scalar = fc.constantFrom('1', '-2.5', '1.0', '1e3', '"x"', '"007"', 'null', 'true', '"\\n{"');
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(',\n')}]`),
    fc
      .array(fc.tuple(key, tie('json')), { maxLength: 3 })
      .map((entries) => `{${entries.map(([name, value]) => `"${name}": ${value}`).join(', ')}}`),
  ),
}));

test('any JSON has the value of JSON.parse, or a fault', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(json, async (inner) => {
      const text = `{"in": ${inner}}`;
      const { value, faults } = await parseText(text, inputLimit);
      const repeated = await parseText(`# YAML\n${text}`, inputLimit);
      expect(repeated.faults.length).toBe(faults.length);
      if (faults.length > 0) return;
      expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
      compared++;
    }),
    { numRuns: 500 },
  );
  expect(compared).toBeGreaterThan(100);
});

test.each([
  ['JSON', '{\n"a": {"b":\n[1,\n2]}, "b": {"b": 3},\n"c": {"b":\n"x"}}'],
  [
    'JSON with a byte order mark',
    '\ufeff{\n"a": {"b":\n[1,\n2]}, "b": {"b": 3},\n"c": {"b":\n"x"}}',
  ],
  ['JSON with a fault', '{\n"a": {"b":\n[1,\n2]}, "b": {"b": 3},\n"c": {"b":\n1.0}}'],
])('the line of a value in %s is that of its key or list item', async (_kind, text) => {
  const { lineAt } = await parseText(text, inputLimit);
  expect(await lineAt(['a'])).toBe(2);
  expect(await lineAt(['a', 'b'])).toBe(2);
  expect(await lineAt(['a', 'b', 1])).toBe(4);
  expect(await lineAt(['c', 'b'])).toBe(5);
  expect(await lineAt(['c', 'nowhere', 'b'])).toBe(5);
  expect(await lineAt(['nowhere'])).toBe(1);
});

test('YAML values have the same lines', async () => {
  const text = 'a:\n  b:\n    - 1\n    - 2\nc: &c\n  d: 1\ne: *c\n';
  const { lineAt } = await parseText(text, inputLimit);
  expect(await lineAt(['a', 'b', 1])).toBe(4);
  expect(await lineAt(['c', 'd'])).toBe(6);
  expect(await lineAt(['e', 'd'])).toBe(7);
  expect(await lineAt(['a', 'nowhere'])).toBe(1);
});
