import { display, kindOf } from '../../../../src/inputs/fields/display.ts';

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
