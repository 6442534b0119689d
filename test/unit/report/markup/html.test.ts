import * as fc from 'fast-check';
import {
  code,
  escapeCell,
  escapeHtml,
  escapePre,
  markCode,
} from '../../../../src/report/markup/html.ts';
import { anyCharacter } from '../../../harness/any-character.ts';

const fragments = [
  ...['<', '>', '&', '&lt;', '&#60;', '`', '```', '|', '\\', '<!--', '<script>', '</details>'],
  ...['[x](https://evil.example)', '![x](//evil.example)', '\n', '\r\n', '\u2028', '\u0000'],
  ...['@octocat', '#1', '##1', 'octo/repo#1', 'www.evil.example', 'WWW.evil.example'],
  ...['https://evil.example', '\u202e', 'GH-2', 'ffac537e6cbbf934b08745a378932722df287a53'],
];

/** Text that Markdown or HTML would give a meaning; without word joiners of its own. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: anyCharacter })))
  .map((parts) => parts.join('').replaceAll('\u2060', ''));

/** What a browser shows for escaped text. */
const shown = (html: string) =>
  html
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

test.each([
  ['GH-2', 'GH-'],
  ['gh-17', 'gh-'],
  ['See (GH-2).', 'GH-'],
])('GitHub finds no issue in %s', (text, prefix) => {
  expect(escapeHtml(text)).toContain(`${prefix}&#8288;`);
  expect(shown(escapeHtml(text))).toBe(text);
});

test.each([
  'ffac537e6cbbf934b08745a378932722df287a53',
  'octo/repo@ffac537e6cbbf934b08745a378932722df287a53',
  '/ffac537e6cbbf934b08745a378932722df287a53',
  'FFAC537E6CBBF934B08745A378932722DF287A53',
  'Fixed by ffac537.',
  '(ffac537e6c)',
])('GitHub finds no commit in %s', (text) => {
  const pieces = escapeHtml(text).split(/&#\d+;|[^a-f\d]/i);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(7);
  expect(shown(escapeHtml(text))).toBe(text);
});

test.each([
  '10000000 rows',
  'defaced',
  '123e4567-e89b-12d3-a456-426614174000',
  'SHA256:ab/0a1b2c3d+ef',
])('can be copied as it is: %s', (text) => {
  expect(escapeHtml(text)).toBe(text);
});

test('a reader sees the text itself', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(shown(escapeHtml(text))).toBe(expected(text));
    }),
  );
});

test('a cell shows the same text, but only the beginning of a long word', () => {
  fc.assert(
    fc.property(anyText, fc.nat(200), (text, count) => {
      const long = `${text} ${'&'.repeat(count)}`;
      const short = long.replace(/\S{41,}/gu, (word) => `${[...word].slice(0, 40).join('')}…`);
      expect(shown(escapeCell(long))).toBe(expected(short));
      expect(escapeCell(long)).not.toMatch(/[<>]/);
    }),
  );
  expect(escapeCell(`a ${'x'.repeat(1000)} b`)).toBe(`a ${'x'.repeat(40)}… b`);
});

test.each([
  ['Set `a: b`, or <c>.', 'Set <code>a: b</code>, or &#60;c&#62;.'],
  ['a_b and config.host are no code', 'a_b and config.host are no code'],
  ['one ` alone', 'one &#96; alone'],
  ['`@octocat #12`', '<code>@octocat #12</code>'],
])('only what stands in backticks is code: %s', (text, html) => {
  expect(markCode(text)).toBe(html);
});

test('marking code leaves the text as it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(shown(markCode(text).replace(/<\/?code>/g, '')).replaceAll('`', '')).toBe(
        expected(text).replaceAll('`', ''),
      );
    }),
  );
});

test('what stands in code can be copied byte for byte', () => {
  for (const text of [
    'me@x.example',
    'see #12',
    'GH-1',
    'ffac537e6cbbf934b08745a378932722df287a53',
  ]) {
    expect(code(text)).toBe(`<code>${text}</code>`);
    expect(escapePre(text)).toBe(text);
  }
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
