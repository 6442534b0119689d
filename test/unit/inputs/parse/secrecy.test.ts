import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { parseText } from '../../../../src/inputs/parse/parse.ts';
import { inputLimit } from '../../../../src/inputs/parse/parsed.ts';

const secret = 'hunter2';

const signs = [
  ...['"', "'", '\\', '\n', '\n  ', ': ', '- ', '{', '}', '[', ']', ', ', '? ', '|', '>', '&', '*'],
  ...['!', '!!', '%', '@', '`', '#', '---\n', '\n--- ', '\n...\n', '\t', '<<: ', '\r', '1.0', '0x'],
];

/** Text that is malformed in most cases, with secrets in it, none of them twice. */
const malformed = fc
  .array(fc.constantFrom(secret, secret, 'a: ', 'b', ' ', ...signs), {
    minLength: 2,
    maxLength: 12,
  })
  .filter((parts) => parts.includes(secret))
  .map((parts) => parts.map((part, at) => (part === secret ? `${secret}-${at}` : part)).join(''));

let warnings: jest.SpiedFunction<typeof process.emitWarning>;

beforeEach(() => {
  warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});

afterEach(() => {
  warnings.mockRestore();
});

async function expectSilence(text: string) {
  warnings.mockClear();
  const { faults } = await parseText(text, inputLimit);
  expect(faults.map(({ message }) => message).join('\n')).not.toContain(secret);
  // A process warning would bypass the masks.
  expect(JSON.stringify(warnings.mock.calls)).not.toContain(secret);
}

test('no problem message quotes the text of a malformed mapping', async () => {
  await fc.assert(fc.asyncProperty(malformed, expectSilence), { numRuns: 2000 });
});

test.each([
  'password: {{ hunter2 }}',
  'password: @hunter2',
  'password: `hunter2`',
  'password: %hunter2',
  'password: *hunter2',
  'password: !hunter2 x',
  'password: !<hunter2',
  'password: !!int hunter2',
  'password: !!hunter2 {}',
  'password: "\\hunter2"',
  'password: "hunter2',
  'password: "x" hunter2',
  'password: |hunter2',
  'password: hunter2: x',
  '%hunter2\n---\na: 1',
  '%TAG !hunter2\n---\na: 1',
  '%YAML hunter2\n---\na: 1',
  '": ---\n- hunter2-3',
  ': ---\n- hunter2-3',
  'a: 1\n...\nhunter2: 2',
  '{"password": "hunter2',
  '? [hunter2]\n: 1',
  '<<: hunter2',
  'hunter2',
  '- hunter2',
])('nor does that of %j', async (text) => {
  await expectSilence(text);
});
