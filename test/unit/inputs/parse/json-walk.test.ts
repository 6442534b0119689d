import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { walkJson } from '../../../../src/inputs/parse/json-walk.ts';
import { parseText } from '../../../../src/inputs/parse/parse.ts';
import { inputLimit } from '../../../../src/inputs/parse/parsed.ts';

type Path = (string | number)[];

/** The paths of everything in plain data, in its order. */
const pathsIn = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => {
        const at = [...path, Array.isArray(value) ? Number(key) : key];
        return [at, ...pathsIn(inner, at)];
      })
    : [];

function walkedPaths(text: string) {
  const path: Path = [];
  const paths: Path[] = [];
  const numbers: string[] = [];
  let open = 0;
  walkJson(text, {
    open: () => Number.isInteger(++open),
    close: () => open--,
    enter(step) {
      path.push(step);
      paths.push([...path]);
    },
    leave: () => path.pop(),
    number: (literal) => numbers.push(literal),
  });
  expect([path, open]).toEqual([[], 0]);
  return { paths, numbers };
}

const anyJson = fc.jsonValue({ stringUnit: 'binary' }).map((value) => ({ value }));

test('the walk visits every value once, in order, regardless of whitespace', () => {
  fc.assert(
    fc.property(anyJson, fc.constantFrom(undefined, 1, '\t', '\n '), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(walkedPaths(text).paths).toEqual(pathsIn(JSON.parse(text)));
    }),
  );
});

test('the walk reports numbers as written', () => {
  const text = '[1, -0.5, {"a": 1.50e+3, "b": "7", "c": true}, 0, null, false, 12]';
  expect(walkedPaths(text).numbers).toEqual(['1', '-0.5', '1.50e+3', '0', '12']);
});

test('the line of a value is that of its key or list item', async () => {
  const text = '{\n"a": {"b":\n[1,\n2]}, "b": {"b": 3},\n"c": {"b":\n"x"}}';
  const { lineAt } = await parseText(text, inputLimit);
  expect(lineAt(['a'])).toBe(2);
  expect(lineAt(['a', 'b'])).toBe(2);
  expect(lineAt(['a', 'b', 1])).toBe(4);
  expect(lineAt(['c', 'b'])).toBe(5);
  expect(lineAt(['c', 'nowhere', 'b'])).toBe(5);
  expect(lineAt(['nowhere'])).toBe(1);
});

test('YAML values have the same lines', async () => {
  const text = 'a:\n  b:\n    - 1\n    - 2\nc: &c\n  d: 1\ne: *c\n';
  const { lineAt } = await parseText(text, inputLimit);
  expect(lineAt(['a', 'b', 1])).toBe(4);
  expect(lineAt(['c', 'd'])).toBe(6);
  expect(lineAt(['e', 'd'])).toBe(7);
  expect(lineAt(['a', 'nowhere'])).toBe(1);
});

afterEach(() => {
  jest.unstable_unmockModule('yaml');
  jest.resetModules();
});

test('JSON is read without loading the YAML parser', async () => {
  jest.resetModules();
  const load = jest.fn(() => {
    throw new Error('the YAML parser was loaded');
  });
  jest.unstable_mockModule('yaml', load);
  const fresh = await import('../../../../src/inputs/parse/parse.ts');
  expect((await fresh.parseText(' {"a": [1, {"b": "x"}]}\n', inputLimit)).value).toEqual({
    a: [1, { b: 'x' }],
  });
  expect(load).not.toHaveBeenCalled();
  await expect(fresh.parseText('a: 1', inputLimit)).rejects.toThrow('the YAML parser was loaded');
});
