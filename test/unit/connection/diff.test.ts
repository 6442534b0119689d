import { changesOf } from '../../../src/connection/diff.ts';

/** Whether a change from one value to another counts as a secret. */
const isSecret = (field: string, from: unknown, to: unknown): boolean =>
  changesOf([field], { [field]: to }, { [field]: from })[0]?.shown === 'sent-again';

describe('a change counts as a secret', () => {
  test.each([
    ['by its name', 'password', 'old', 'new'],
    ['by a name inside a mapping', 'tunnel', {}, { user: 'a', password: 'new' }],
    ['by a name inside a list of mappings', 'accounts', [], [{ id: 1 }, { api_key: 'new' }]],
    ['by the asterisks of the answer', 'greeting', '******', 'new'],
    ['by asterisks inside a mapping', 'greetings', { first: '******' }, { first: 'new' }],
    ['by asterisks inside a list', 'greetings', ['hello', '******'], ['hello', 'new']],
  ])('%s', (_how, field, from, to) => {
    expect(isSecret(field, from, to)).toBe(true);
  });
});

test.each([
  ['text', 'old', 'new'],
  ['text with asterisks in it', '*.example.com', 'db.example.com'],
  ['no text', '', 'new'],
  ['a mapping', { user: 'a' }, { user: 'b' }],
  ['a list of mappings', [{ id: 1 }], [{ id: 2 }]],
  ['a number', 5, 60],
])('a change of %s is no secret', (_what, from, to) => {
  expect(isSecret('greeting', from, to)).toBe(false);
});

test('a change names its field with the path, and has the old and the new value', () => {
  expect(changesOf(['port'], { port: 2, host: 'b' }, { port: 1 }, 'config.')).toEqual([
    { field: 'config.port', from: 1, to: 2, shown: 'values' },
  ]);
});
