import * as fc from 'fast-check';
import {
  alternatives,
  asSentence,
  byCodeUnit,
  conjunction,
  distinctNames,
  duration,
  encodeSegment,
  firstOf,
  joined,
  oneLine,
  pluralize,
  truncate,
} from '../../../src/text/format.ts';
import { nearest } from '../../../src/text/nearest.ts';
import { anyCharacter } from '../../harness/any-character.ts';

const anyText = fc.string({ unit: anyCharacter, maxLength: 60 });

test('a line has no control character, line separator or direction mark', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          anyText,
          fc.constantFrom('\n', '\r', '\u001b[31m', '\u2028', '\u202e', '\u2066', '\u2069'),
        ),
      ),
      (parts) => {
        expect(oneLine(parts.join(''))).not.toMatch(
          /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u,
        );
      },
    ),
  );
});

test('line breaks become spaces', () => {
  expect(oneLine('\r\none\r\n\ttwo\n\n')).toBe('one two');
});

test('a line cannot be an older workflow command', () => {
  expect(oneLine('x ##[error]y ###[z]')).not.toContain('##[');
});

test('a long text is truncated and marked without splitting a character', () => {
  fc.assert(
    fc.property(anyText, fc.nat(80), (text, length) => {
      const short = truncate(text, length);
      if (text.length <= length) return expect(short).toBe(text);
      expect(short).toMatch(/… \(truncated\)$/);
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
  [[1, 5, 15], '1, 5, or 15'],
])('the alternatives %j become %j', (values, words) => {
  expect(alternatives(values)).toBe(words);
});

test.each([
  [0, '0 s'],
  [20, '0.1 s'],
  [1500, '1.5 s'],
  [9940, '10 s'],
  [41_600, '42 s'],
  [59_700, '1 min'],
  [60_000, '1 min'],
  [185_000, '3 min 5 s'],
  [3_600_000, '60 min'],
])('%d ms is shown as %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test('texts are put together', () => {
  expect(conjunction(['a', 'b', 'c'])).toBe('a, b, and c');
  expect(firstOf(['a', 'b'], 2)).toBe('a, b');
  expect(firstOf(['a', 'b', 'c'], 1)).toBe('a, and 2 more');
  expect(joined('a', false, '', undefined, 'b')).toBe('a b');
  expect(['a', 'a.', 'a!', 'a?', 'a! b'].map(asSentence)).toEqual([
    'a.',
    'a.',
    'a!',
    'a?',
    'a! b.',
  ]);
});

test('repeated names are numbered', () => {
  expect(distinctNames(['a', 'a', 'a (2)', 'a'])).toEqual(['a', 'a (2)', 'a (2) (2)', 'a (3)']);
});

test('texts have an order of their own', () => {
  expect(['b', 'B', 'ä', 'a'].sort(byCodeUnit)).toEqual(['B', 'a', 'b', 'ä']);
});

test('any text is one segment of a URL path', () => {
  expect(encodeSegment('.a..')).toBe('.a..');
  expect(encodeSegment('a\ud800/ü')).toBe('a%EF%BF%BD%2F%C3%BC');
  fc.assert(
    fc.property(anyText, (text) => {
      const { pathname } = new URL(`https://x.example/a/${encodeSegment(text)}/b`);
      expect(pathname.split('/')).toHaveLength(4);
      expect(pathname).toMatch(/^\/a\/.*\/b$/);
    }),
  );
  for (const dots of ['.', '..', '%2e', '%2E%2e']) {
    expect(new URL(`https://x.example/a/${encodeSegment(dots)}/b`).pathname).toMatch(
      /^\/a\/.+\/b$/,
    );
  }
});

const known = ['host', 'port', 'user', 'password', 'schema_prefix', 'update_method', 'tunnel_host'];

test.each([
  ['hots', 'host'],
  ['hosts', 'host'],
  ['ost', 'host'],
  ['HOST', 'host'],
  ['prot', 'port'],
  ['usr', 'user'],
  ['passwrod', 'password'],
  ['pasword', 'password'],
  ['schemaPrefix', 'schema_prefix'],
  ['schema-prefix', 'schema_prefix'],
  ['update_methods', 'update_method'],
  ['tunel_host', 'tunnel_host'],
  ['ho', 'host'],
  ['hostss', 'host'],
  ['prto', 'port'],
  ['schema_pyyyyx', 'schema_prefix'],
])('the nearest name to %s is %s', (name, expected) => {
  expect(nearest(name, known)).toBe(expected);
});

test.each(['wallpaper', 'x', '', 'unrelated_field_name', 'schema', 'prxy', 'schema_pyyyyy'])(
  'nothing is near %j',
  (name) => {
    expect(nearest(name, known)).toBeUndefined();
  },
);

test('the nearer of two is chosen, whatever their order', () => {
  expect(nearest('tables', ['table_group', 'table'])).toBe('table');
  expect(nearest('tables', ['table', 'table_group'])).toBe('table');
  expect(nearest('ab', ['ac', 'ad'])).toBe('ac');
  expect(nearest('host', ['HOST'])).toBe('HOST');
  expect(nearest('sync_modes', ['sync_code', 'sync_mode'])).toBe('sync_mode');
});

test('two swapped letters count as one edit', () => {
  expect(nearest('abdc', ['abxy', 'abcd'])).toBe('abcd');
  expect(nearest('abdc', ['abdxy', 'abcd'])).toBe('abcd');
});

test('without candidates there is no nearest name', () => {
  expect(nearest('host', [])).toBeUndefined();
});

test('unusual names are compared unchanged', () => {
  expect(nearest('__prot__', ['__proto__'])).toBe('__proto__');
  expect(nearest('größe', ['grösse', 'größen'])).toBe('größen');
});
