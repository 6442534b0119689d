import { InputError, invalidType, invalidValue, problemOf } from '../../src/inputs/input-error.ts';

test.each([
  ['text', '"text"'],
  ['with "quotes"\nand lines', String.raw`"with \"quotes\"\nand lines"`],
  [5, '5'],
  [true, 'true'],
  [undefined, 'nothing'],
  [null, 'nothing'],
  [['a'], 'a list'],
  [{ a: 1 }, 'a mapping'],
])('%j is shown as %s', (value, shown) => {
  expect(invalidValue('x', value, 'y')).toEqual({ field: 'x', text: `got ${shown}; allowed: y.` });
});

test.each([
  'https://ann:hunter2@api.example',
  'https://hunter2@api.example',
  'https://ann:x@hunter2@api.example',
  'https://ann:x/hunter2@api.example',
  'https://ann:x hunter2@api.example',
  'https:ann:hunter2@api.example',
  'https:\\\\ann:hunter2@api.example',
  'ftp://ann:hunter2@api.example',
  'ann:hunter2@api.example',
])('the credentials in %s are not shown, and the host is', (url) => {
  const { text } = invalidValue('api_url', url, 'z');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('api.example');
});

test('an issue is told by its path, with the value that was given', () => {
  const root = { connect_card_config: { all_fields: 'maybe' } };
  const issue = { path: ['connect_card_config', 'all_fields'], message: 'true or false' };
  expect(problemOf(issue, root)).toEqual({
    field: 'connect_card_config.all_fields',
    text: 'got "maybe"; allowed: true or false.',
  });
});

test.each(['config', 'auth'])('the value of an issue in %s is not told', (field) => {
  const issue = { path: [field], message: 'a mapping' };
  expect(problemOf(issue, { [field]: 'hunter2' }).text).toBe('got a string; allowed: a mapping.');
});

test.each([
  [undefined, 'nothing'],
  [[], 'a list'],
  [{}, 'a mapping'],
  ['hunter2', 'a string'],
  [5, 'a number'],
  [false, 'a boolean'],
])('where it may be a secret, %j is %s', (value, kind) => {
  expect(invalidType('x', value, 'y')).toEqual({ field: 'x', text: `got ${kind}; allowed: y.` });
});

test('one problem makes a sentence, several a list', () => {
  const problem = { field: 'a', text: 'missing.' };
  expect(new InputError([problem]).message).toBe('a: missing. Nothing was sent to Fivetran.');
  expect(new InputError([problem, { field: 'b', text: 'wrong.' }]).message).toBe(
    '2 problems with the inputs; nothing was sent to Fivetran.\n- a: missing.\n- b: wrong.',
  );
});
