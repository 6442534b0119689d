import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { parseText } from '../../../../src/inputs/parse/parse.ts';
import { inputLimit } from '../../../../src/inputs/parse/parsed.ts';

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

/** The module with a YAML parser that cannot be loaded. */
async function parserWithoutYaml() {
  jest.resetModules();
  const load = jest.fn(() => {
    throw new Error('the YAML parser was loaded');
  });
  jest.unstable_mockModule('yaml', load);
  return import('../../../../src/inputs/parse/parse.ts');
}

test('JSON without a fault is read without loading the YAML parser', async () => {
  const { parseText: parse } = await parserWithoutYaml();
  for (const text of [
    ' {"a": [1, {"b": "x"}]}\n',
    '\ufeff[]',
    '{"a:": "{\\"b\\": 007, \\"b\\": 1}", "\\\\": "\\\\\\"", "é": "1.0 \\u0041 [[["}',
    '[-1.5, 0, 1e+21, true, null, [], {}, "", "\\/"]',
    '{"__proto__": {"a": 1}, "constructor": 2, "2": 0, "1": 0}',
  ]) {
    const value: unknown = JSON.parse(text.replace('\ufeff', ''));
    expect(await parse(text, inputLimit)).toMatchObject({ value, faults: [] });
  }
});

test.each([
  'a: 1',
  '{"a": 1, "a": 2}',
  '{"a": {"b": 1, "\\u0062": 2}}',
  '[{"": 1}]',
  '{"a": [1.0]}',
  '{"a": -0}',
  `${'['.repeat(101)}${']'.repeat(101)}`,
])('%s is left to the YAML parser', async (text) => {
  const { parseText: parse } = await parserWithoutYaml();
  await expect(parse(text, inputLimit)).rejects.toThrow('the YAML parser was loaded');
});
