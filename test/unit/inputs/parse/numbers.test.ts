import * as fc from 'fast-check';
import { parseText } from '../../../../src/inputs/parse/parse.ts';
import { changedNumber, inputLimit } from '../../../../src/inputs/parse/parsed.ts';

const faultsOf = async (text: string) => (await parseText(text, inputLimit)).faults;

/** Numbers as people write them in YAML; most of JSON's are among them. */
const changed = [
  '3.10',
  '1e3',
  '1E3',
  '0x1F',
  '0o17',
  '007',
  '+49',
  '18.0',
  '-0',
  '-0.0',
  '.5',
  '5.',
  '12345678901234567890',
  '9007199254740993',
  '0.1000000000000000055',
  '1e400',
  '.inf',
  '-.inf',
  '.nan',
];

test.each(changed)('%s would change when parsed, so it is refused', async (literal) => {
  expect(await faultsOf(`a:\n  - b: ${literal}`)).toEqual([
    { path: ['a', 0, 'b'], message: changedNumber, line: 2 },
  ]);
});

test.each([
  '3.10',
  '1e3',
  '1E3',
  '18.0',
  '-0',
  '12345678901234567890',
  '9007199254740993',
  '1e400',
])('%s would be sent as another text, so JSON refuses it', async (literal) => {
  expect(await faultsOf(`{"x": "${literal}",\n"a": [[${literal}]]}`)).toEqual([
    { path: ['a', 0, 0], message: changedNumber, line: 2 },
  ]);
});

test.each(changed)('quoted %s is a string', async (literal) => {
  expect(await faultsOf(`a: "${literal}"\nb: '${literal}'`)).toEqual([]);
  expect(await faultsOf(`{"a": "${literal}"}`)).toEqual([]);
});

test('the message does not quote the number, which may be a secret', () => {
  expect(changedNumber).toContain('Put it in quotes');
});

test('a number whose notation JSON keeps stays a number', async () => {
  const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  await fc.assert(
    fc.asyncProperty(number, async (value) => {
      const literal = JSON.stringify(value);
      for (const text of [`{"a": ${literal}}`, `a: ${literal}`]) {
        const parsed = await parseText(text, inputLimit);
        expect(parsed.faults).toEqual([]);
        expect(parsed.value).toEqual({ a: value === 0 ? 0 : value });
      }
    }),
  );
});

test('any number is sent as written or refused', async () => {
  const digits = fc.constantFrom('0', '1', '7', '9', '00', '.', '-', '+', 'e', 'E', 'x', '_', '5');
  await fc.assert(
    fc.asyncProperty(fc.array(digits, { minLength: 1, maxLength: 8 }), async (parts) => {
      const literal = parts.join('');
      const { value, faults } = await parseText(`a: ${literal} # x`, inputLimit);
      if (faults.length > 0) return;
      expect((value as { a: unknown }).a).not.toBeNull();
      expect(String((value as { a: unknown }).a)).toBe(literal);
    }),
    { numRuns: 500 },
  );
});
