import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { parseMapping } from '../../src/inputs/mapping.ts';

const secret = 'hunter2';

const signs = [
  '"',
  "'",
  '\\',
  '\n',
  '\n  ',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ', ',
  '? ',
  '|',
  '>',
  '&',
  '*',
  '!',
  '!!',
  '%',
  '@',
  '`',
  '#',
  '---\n',
  '\t',
  '<<: ',
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
  const { problems } = await parseMapping('config', text);
  expect(problems.map((problem) => problem.text).join('\n')).not.toContain(secret);
  // A warning of the process would land in the log, past every mask.
  expect(JSON.stringify(warnings.mock.calls)).not.toContain(secret);
}

test('no problem with a mapping tells what stands in it', async () => {
  await fc.assert(fc.asyncProperty(malformed, expectSilence), { numRuns: 500 });
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
  'password: "\\hunter2"',
  'password: "hunter2',
  'password: "x" hunter2',
  'password: |hunter2',
  'password: hunter2: x',
  '%hunter2\n---\na: 1',
  '%TAG !hunter2\n---\na: 1',
  '{"password": "hunter2',
  '? [hunter2]\n: 1',
  '<<: hunter2',
  'hunter2',
  '- hunter2',
])('nor for %j', async (text) => {
  await expectSilence(text);
});
