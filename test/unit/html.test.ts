import * as fc from 'fast-check';
import { escapeHtml, escapePre } from '../../src/report/html.ts';

const fragments = [
  '<',
  '>',
  '&',
  '&lt;',
  '&#60;',
  '`',
  '```',
  '[x](https://evil.example)',
  '![x](//evil.example)',
  '|',
  '\\',
  '\n',
  '\r\n',
  '\u2028',
  '@octocat',
  '#1',
  '##1',
  'octo/repo#1',
  'www.evil.example',
  'WWW.evil.example',
  'https://evil.example',
  '<!--',
  '<script>',
  '</details>',
  '\u0000',
  '\u202e',
];

/** Text that would be something else in Markdown or HTML; without word joiners of its own. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary' })))
  .map((parts) => parts.join('').replaceAll('\u2060', ''));

/** What a browser shows for a text without tags. */
const shown = (html: string) =>
  html
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('\u2060', '');

test('nothing that Markdown or HTML would take for its own is left', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>|`[\]\\]|\p{Cc}|[\u2028\u2029]/u);
      expect(escaped.replace(/&#\d+;/g, '')).not.toContain('&');
    }),
  );
});

test('nothing that GitHub would link is left', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/:\/\/|\bwww\.|@\w/i);
      expect(escaped.replace(/&#\d+;/g, ' ')).not.toMatch(/#\w/);
    }),
  );
});

test('a reader sees the text itself, control characters apart', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const readable = text
        .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
        .replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
      expect(shown(escapeHtml(text))).toBe(readable);
    }),
  );
});

test('preformatted text keeps its line breaks, and is still one line of the summary', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapePre(text);
      expect(escaped).not.toMatch(/[<>|`[\]\\\n\r\u2028]/);
      expect(shown(escaped).split('\n')).toEqual(
        text.split(/\r\n|\r|\n/).map((line) => shown(escapeHtml(line))),
      );
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
