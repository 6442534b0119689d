import {
  display,
  InputError,
  kindOf,
  problemText,
  unknownField,
} from '../../../src/inputs/problem.ts';

const problem = { path: ['service'], message: 'required.' };

test('one problem is one line', () => {
  expect(new InputError([problem]).message).toBe(
    'service: required. Nothing was sent to Fivetran.',
  );
});

test('several problems are a list', () => {
  expect(new InputError([problem, { path: ['paused'], message: 'wrong.' }]).message).toBe(
    '2 problems with the inputs. Nothing was sent to Fivetran.\n- service: required.\n- paused: wrong.',
  );
});

test.each([
  [{ file: 'a/b.yml', line: 3 }, 'a/b.yml:3: service: required.'],
  [{ file: 'a/b.yml' }, 'a/b.yml: service: required.'],
  [{ file: 'a/b.yml', line: 3, path: [] }, 'a/b.yml:3: required.'],
])('a problem in a file says where: %j', (place, text) => {
  expect(problemText({ ...problem, ...place })).toBe(text);
});

test('an unknown field suggests a similar one or lists the known ones', () => {
  expect(unknownField(['config', 'hots'], ['host', 'port'])).toEqual({
    path: ['config', 'hots'],
    message: 'unknown field. Did you mean host?',
  });
  expect(unknownField(['something'], ['host', 'port']).message).toBe(
    'unknown field. Known fields: host, port.',
  );
});

test.each([
  ['text', '"text"'],
  ['with "quotes"\nand lines', String.raw`"with \"quotes\"\nand lines"`],
  ['7', '7'],
  ['-1.5', '-1.5'],
  ['007', '007'],
  [5, '5'],
  [true, 'true'],
  [undefined, 'nothing'],
  [null, 'nothing'],
  [['a'], 'a list'],
  [{ a: 1 }, 'a mapping'],
  ['-----BEGIN PRIVATE KEY-----\nx', 'a string'],
  ['https://ann@api.example?', '"***@api.example?"'],
])('%j is displayed as %s', (value, shown) => {
  expect(display(value)).toBe(shown);
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
  'https://ann:hunter2\n@api.example',
  'https://ann@api.example?token=hunter2',
  'https://ann@api.example#hunter2',
  'https://api.example?hunter2',
  'https://api.example/#hunter2\nhunter2',
])('the credentials in %j are not displayed, and the host is', (url) => {
  expect(display(url)).not.toContain('hunter2');
  expect(display(url)).toContain('api.example');
});

test.each([
  'https://api.example#x@hunter2',
  'https://api.example?x@hunter2',
  'https://ann:hun#ter2@api.example',
  'https://ann:hun?ter2@api.example',
])('where it is unclear what the credentials are, %s is not displayed at all', (url) => {
  expect(display(url)).toBe('"***"');
});

test.each([
  [undefined, 'nothing'],
  [[], 'a list'],
  [{}, 'a mapping'],
  ['hunter2', 'a string'],
  [5, 'a number'],
  [false, 'a boolean'],
])('%j is %s', (value, kind) => {
  expect(kindOf(value)).toBe(kind);
});
