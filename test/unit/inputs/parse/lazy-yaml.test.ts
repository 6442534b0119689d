import { jest } from '@jest/globals';
import { inputLimit } from '../../../../src/inputs/parse/parsed.ts';

jest.unstable_mockModule('yaml', () => {
  throw new Error('the YAML parser was loaded');
});
const { parseText } = await import('../../../../src/inputs/parse/parse.ts');

test('JSON without a fault is read without loading the YAML parser', async () => {
  for (const text of [
    ' {"a": [1, {"b": "x"}]}\n',
    '\ufeff[]',
    '{"a:": "{\\"b\\": 007, \\"b\\": 1}", "\\\\": "\\\\\\"", "é": "1.0 \\u0041 [[["}',
    '[-1.5, 0, 1e+21, true, null, [], {}, "", "\\/"]',
    '{"__proto__": {"a": 1}, "constructor": 2, "2": 0, "1": 0}',
  ]) {
    const value: unknown = JSON.parse(text.replace('\ufeff', ''));
    expect(await parseText(text, inputLimit)).toMatchObject({ value, faults: [] });
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
  await expect(parseText(text, inputLimit)).rejects.toThrow('the YAML parser was loaded');
});
