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
