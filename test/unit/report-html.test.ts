import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { codeNames, escapeCell, escapeHtml, escapePre } from '../../src/report/html.ts';

const fragments = [
  ...['<', '>', '&', '&lt;', '&#60;', '`', '```', '|', '\\', '<!--', '<script>', '</details>'],
  ...['[x](https://evil.example)', '![x](//evil.example)', '\n', '\r\n', '\u2028', '\u0000'],
  ...['@octocat', '#1', '##1', 'octo/repo#1', 'www.evil.example', 'WWW.evil.example'],
  ...['https://evil.example', '\u202e'],
];

/** Text that Markdown or HTML would give a meaning; without word joiners of its own. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary' })))
  .map((parts) => parts.join('').replaceAll('\u2060', ''));

/** What a browser shows for escaped text. */
const shown = (html: string) =>
  html
    .replaceAll('<wbr>', '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('\u2060', '');

/** A text as a reader should see it: control characters and direction marks have no place. */
const expected = (text: string) =>
  text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');

test('escaped text has nothing that Markdown or HTML gives a meaning', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>|`[\]\\]|\p{Cc}|[\u2028\u2029]/u);
      expect(escaped.replace(/&#\d+;/g, '')).not.toContain('&');
    }),
  );
});

test('escaped text has nothing that GitHub links', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/:\/\/|\bwww\.|@\w/i);
      expect(escaped.replace(/&#\d+;/g, ' ')).not.toMatch(/#\w/);
    }),
  );
});

test('a reader sees the text itself', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(shown(escapeHtml(text))).toBe(expected(text));
    }),
  );
});

test('a cell shows the same text, and its only tag is a place to break', () => {
  fc.assert(
    fc.property(anyText, fc.nat(200), (text, count) => {
      const long = text + '&'.repeat(count) + 'x'.repeat(count);
      expect(shown(escapeCell(long))).toBe(expected(long));
      expect(escapeCell(long).replaceAll('<wbr>', '')).not.toMatch(/[<>]/);
    }),
  );
});

test('a long word in a cell can break', () => {
  const words = escapeCell('x'.repeat(1000)).split('<wbr>');
  expect(Math.max(...words.map(({ length }) => length))).toBe(30);
});

test('preformatted text keeps its line breaks on one line of the summary', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapePre(text);
      expect(escaped).not.toMatch(/[<>|`[\]\\\n\r\u2028]/);
      expect(shown(escaped).split('\n')).toEqual(text.split(/\r\n|\r|\n/).map(expected));
    }),
  );
});

test('names in backticks become code', () => {
  expect(codeNames('Set `a: b`, or <c>.')).toBe('Set <code>a: b</code>, or &#60;c&#62;.');
});

test.each([
  ['plain words, "quoted"; it\'s 5 > 3', 'plain words, "quoted"; it\'s 5 &#62; 3'],
  ['<b>', '&#60;b&#62;'],
  ['&amp;', '&#38;amp;'],
  ['a\r\nb', 'a b'],
  ['mail me@x.example', 'mail me@&#8288;x.example'],
  ['see #12', 'see #&#8288;12'],
  ['https://x.example', 'https&#58;//x.example'],
  ['12:30', '12:30'],
])('%j is written as %s', (text, html) => {
  expect(escapeHtml(text)).toBe(html);
});
