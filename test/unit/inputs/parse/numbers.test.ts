import * as fc from 'fast-check';
import { parseText } from '../../../../src/inputs/parse/parse.ts';
import { inputLimit } from '../../../../src/inputs/parse/parsed.ts';

const faultsOf = async (text: string) => (await parseText(text, inputLimit)).faults;

/** Numbers as people write them in YAML, and what JSON makes of them. */
const changed: [literal: string, becomes: string][] = [
  ['3.10', '3.1'],
  ['1e3', '1000'],
  ['1E3', '1000'],
  ['0x1F', '31'],
  ['0o17', '15'],
  ['007', '7'],
  ['0012345', '12345'],
  ['+49', '49'],
  ['18.0', '18'],
  ['-0', '0'],
  ['-0.0', '0'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['12345678901234567890', '12345678901234567000'],
  ['9007199254740993', '9007199254740992'],
  ['0.1000000000000000055', '0.1'],
  ['1e400', 'null'],
  ['.inf', 'null'],
  ['-.inf', 'null'],
  ['.nan', 'null'],
];
const inJson = changed.filter(([literal]) => /^-?(0|[1-9]\d*)(\.\d+)?(e\d+)?$/i.test(literal));

const refusal = (literal: string, becomes: string): string =>
  `${literal} would become ${becomes}. Put it in quotes: "${literal}".`;

test.each(changed)('%s would become %s, so it is refused', async (literal, becomes) => {
  expect(await faultsOf(`a:\n  - b: ${literal}`)).toEqual([
    { path: ['a', 0, 'b'], message: refusal(literal, becomes), line: 2 },
  ]);
});

test.each(inJson)('%s would become %s, so JSON refuses it', async (literal, becomes) => {
  expect(await faultsOf(`{"x": "${literal}",\n"a": [[${literal}]]}`)).toEqual([
    { path: ['a', 0, 0], message: refusal(literal, becomes), line: 2 },
  ]);
});

test('JSON has most of these numbers', () => {
  expect(inJson.length).toBeGreaterThan(8);
});

test.each([
  ['under a key that names one', 'api_key: 0012345'],
  ['below such a key', 'passwords: [0012345]'],
  ['in JSON', '{"client": {"token": 12345.0}}'],
  ['beside a label that names one', 'headers:\n  - {key: x_api_token, value: 0012345}'],
  ['through an alias', 'account: &a 0012345\npassword: *a'],
  ['through a merge', 'a: &a {password: 0012345}\nb: {<<: *a}'],
  ['under a duplicate key', 'password: 0012345\npassword: x'],
])('a secret is not quoted %s', async (_where, text) => {
  const messages = (await faultsOf(text)).map(({ message }) => message);
  expect(messages).toContain('this number would change when parsed. Put it in quotes.');
  expect(messages.join()).not.toContain('12345');
});

test('a number of many digits is not quoted as a whole', async () => {
  const [fault] = await faultsOf(`a: ${'0'.repeat(40)}1`);
  expect(fault?.message).toBe('this number would change when parsed. Put it in quotes.');
});

test.each(changed)('quoted %s is a string', async (literal) => {
  expect(await faultsOf(`a: "${literal}"\nb: '${literal}'`)).toEqual([]);
  expect(await faultsOf(`{"a": "${literal}"}`)).toEqual([]);
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
  let sent = 0;
  const digits = fc.constantFrom('0', '1', '7', '9', '00', '.', '-', '+', 'e', 'E', 'x', '_', '5');
  await fc.assert(
    fc.asyncProperty(fc.array(digits, { minLength: 1, maxLength: 8 }), async (parts) => {
      const literal = parts.join('');
      const { value, faults } = await parseText(`a: ${literal} # x`, inputLimit);
      if (faults.length > 0) return;
      expect((value as { a: unknown }).a).not.toBeNull();
      expect(String((value as { a: unknown }).a)).toBe(literal);
      sent++;
    }),
    { numRuns: 500 },
  );
  expect(sent).toBeGreaterThan(100);
});
