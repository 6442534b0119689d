import * as fc from 'fast-check';
import { listed, oneLine, pluralize, truncate } from '../../src/text/format.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });

test('a line has no control character, line separator or direction mark', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(anyText, fc.constantFrom('\n', '\r', '\u001b[31m', '\u2028', '\u202e', '\u2066')),
      ),
      (parts) => {
        expect(oneLine(parts.join(''))).not.toMatch(
          /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u,
        );
      },
    ),
  );
});

test('a line keeps the words apart that line breaks kept apart', () => {
  expect(oneLine('\r\none\r\n\ttwo\n\n')).toBe('one two');
});

test('a line can not be an older workflow command', () => {
  expect(oneLine('x ##[error]y ###[z]')).not.toContain('##[');
});

test('a text is cut to a length, says so, and no character is cut in two', () => {
  fc.assert(
    fc.property(anyText, fc.nat(80), (text, length) => {
      const short = truncate(text, length);
      if (text.length <= length) return expect(short).toBe(text);
      expect(short).toMatch(/… \(truncate\)$/);
      const kept = short.slice(0, -'… (truncated)'.length);
      expect(text.startsWith(kept)).toBe(true);
      expect(kept).not.toMatch(/\p{Surrogate}/u);
      expect(length - kept.length).toBeLessThanOrEqual(1);
    }),
  );
});

test.each([
  [0, '0 setup tests'],
  [1, '1 setup test'],
  [2, '2 setup tests'],
])('%d is counted as %s', (count, words) => {
  expect(pluralize(count, 'setup test')).toBe(words);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [[1, 5, 15], '1, 5 or 15'],
])('%j is listed as %j', (values, words) => {
  expect(listed(values)).toBe(words);
});
