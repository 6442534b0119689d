import * as fc from 'fast-check';
import { parseText } from '../../../../src/inputs/parse/parse.ts';
import { inputLimit } from '../../../../src/inputs/parse/parsed.ts';

/** A text, the line and column of what must change, and words of what to change there. */
type Row = [text: string, position: `${number}:${number}`, words: string];

const rows: Record<string, Row[]> = {
  'a colon': [
    ['host:db', '1:1', 'put a space after the colon: `host: …`.'],
    ['host:db.example.com\nport: 5432', '1:1', 'put a space after the colon: `host: …`.'],
    ['port: 5432\nhost:db', '2:1', '`host: …`'],
    ['a:\n  x: 1\n  user_name:me\n  port: 5', '3:3', '`user_name: …`'],
    ['- name: a\n  host:db\n  port: 1', '2:3', '`host: …`'],
    ['config:\n  host:db', '2:3', '`host: …`. Text needs quotes here.'],
    ['config:\n  host:db\n  port:5', '2:3', '`host: …`'],
    ['{host:db, port: 1}', '1:2', '`host: …`'],
    ['host :db\nport: 1', '1:1', '`host: …`'],
    ['host：db\nport: 1', '1:1', '`host: …`'],
    ['Kx9:q\nport: 1', '1:1', 'put a space after the colon: `key: …`.'],
    ['host = db\nport = 1', '1:1', 'instead of =: `host: …`.'],
    ['port: 1\nhost=db', '2:1', 'instead of =: `host: …`.'],
    ['"a": 1\n"b" 2', '2:4', 'a colon is missing here'],
    ['"a" 1', '1:5', 'a colon is missing here'],
    ['{"a" 1}', '1:5', 'a colon is missing here'],
    ['{"a" = 1}', '1:5', 'a colon is missing here'],
    ['a: 1\nb', '2:1', 'this line has no key'],
    ['a: b: c', '1:4', 'text that contains ": " needs quotes'],
    ['url: https://x: y', '1:6', 'text that contains ": " needs quotes'],
    ['{"a": "b": "c"}', '1:10', 'a second colon'],
    ['{"a": "b": "c}', '1:10', 'a second colon'],
    ['{"a": "b, c": "d"}', '1:13', 'a second colon'],
    ['{"a" = 1', '1:5', 'a colon is missing here'],
    ['{\n "a" "b,\n "c": "d"\n}', '2:5', 'a colon is missing here'],
    ['{\n "a" {\n  "b": 1\n },\n "c": {\n  "d": 1\n "e": 2\n}', '2:5', 'a colon is missing here'],
    ['{\n  "a" ${A}\n}', '2:6', 'a colon is missing here'],
    ['db9:q\nport: 1', '1:1', '`key: …`'],
    ['abcdefghijklmnopqrstuvwxyz:q\nport: 1', '1:1', '`key: …`'],
    ['port: 1\nhost = db', '2:1', 'instead of =: `host: …`.'],
    ['ftp://x\na: 1', '1:1', 'this line has no key'],
    ['a: "x"#c', '1:7', 'put a space before the #.'],
    [' {"a" 1}', '1:6', 'not valid JSON or YAML at line'],
    ['a: b: [c]', '1:4', 'not valid YAML at line'],
  ],
  'the indentation': [
    [
      'host: db\n  port: 5432',
      '2:3',
      'Begin it at column 1. If it continues the text above, put that text in quotes.',
    ],
    ['host: "db"\n  port: 5432', '2:3', 'indented too far. Begin it at column 1.'],
    ['a:\n  host: db\n   # why\n\n   port: 5', '5:4', 'indented too far. Begin it at column 3.'],
    ['a: 1\r\n  b: 2\r\n', '2:3', 'indented too far. Begin it at column 1.'],
    ['a:\n  - name: x\n     host: b', '3:6', 'indented too far. Begin it at column 5.'],
    ['a:\n  - x\n   - y', '3:4', 'indented too far. Align its dash'],
    ['a:\n  - x\n - y', '3:2', 'does not align with those above. Begin it at column 3.'],
    ['a:\n    b: 1\n  c: 5', '3:3', 'does not align with those above. Begin it at column 5 or 1.'],
    ['a:\n  -b\nc: "y"\n  -c', '4:3', 'indented too far. Begin it at column 1.'],
    ['k:\n -\n -b', '2:3', 'wrong indentation.'],
    ['a:\n  b:\n c: 1', '3:2', 'Begin it at column 3 or 1.'],
    ['a:\n  - b: x\n    c: 1\n   d: b', '4:4', 'Begin it at column 5 or 1.'],
    ['  host: a\nport: 5', '2:1', 'Begin it at column 3.'],
    ['\ta: b', '1:1', 'a tab cannot indent. Use spaces.'],
    ['a:\n  b: 1\n \tc: 2', '3:2', 'a tab cannot indent. Use spaces.'],
    ['- a\n\tb: c', '2:1', 'a tab cannot indent. Use spaces.'],
    ['a:\n\u00a0\u00a0b: 1\n  c: 2', '2:1', 'an invisible character'],
    ['a:\u00a01\nb: 2', '1:3', 'an invisible character'],
    ['a: 1\n\ufeffb: 2', '2:1', 'an invisible character'],
    ['a: |\n  one\n two\nb: c', '3:2', 'like the first line of the block of text'],
    ['a: |\none\ntwo', '2:1', 'like the first line of the block of text'],
    ['- |\n  x\n y', '3:2', 'like the first line of the block of text'],
    ['- |\nx\n y', '2:1', 'a key is among list items'],
    ['a: |2\nx\n y', '2:1', 'like the first line of the block of text'],
    ['a: | # c\nx', '2:1', 'like the first line of the block of text'],
    ['a: >-\n  x\n y', '3:2', 'like the first line of the block of text'],
    ['a: 1\n- b', '2:1', 'a list item is among keys'],
    ['a:\n  - x\n- y', '3:1', 'a list item is among keys'],
    [' - a\n -b', '2:2', 'put a space after the dash.'],
    ['a: 1\n-b', '2:1', 'put a space after the dash.'],
    ['- a\n  b: 1', '1:3', 'this line has no key'],
    ['key: -', '1:6', 'a list begins on the line after its key'],
    ['a:\n  - b\n \u00a0- c', '3:1', 'an invisible character'],
    ['  a: 1\n\u3000b: 2', '2:1', 'an invisible character'],
    ['  a: 1\n\ufeffb: 2', '2:1', 'an invisible character'],
    ['a: 1\nb\u200b', '2:2', 'an invisible character'],
    ['config: {\n"a": 1,\n"b": 2\n  }', '2:1', 'indent this line more'],
    ['config: {\n"a: b', '2:1', 'this double quote is never closed'],
    ['a:\n1,\n2\n]', '2:1', 'this line has no key'],
    ['- a\nb: 1', '2:1', 'a key is among list items'],
    ['a: - b\n   - c', '1:4', 'a list begins on the line after its key'],
    ['a:\n  -b\n  -c', '2:3', 'a space after the dash'],
    ['a:\n  - b: x\n    c: 1\n  -d: y', '4:3', 'put a space after the dash.'],
    ['a:\n# - b: x\n    c: 1\n  - d: y', '4:3', 'a list item is among keys'],
    ['a:\n"b c"\nd: 1', '2:1', 'indent it if it continues the text above'],
    ['config: {\n"a": 1,\n"b": 2\n}', '2:1', 'indent this line more'],
    ['a: [\n1,\n2\n]', '2:1', 'indent this line more'],
  ],
  'a quote': [
    [
      'x: 1\npassword: "abc\nhost: b\nport: 1',
      '2:11',
      'never closed. Put " at the end of the text that begins here.',
    ],
    ['a: "', '1:4', 'this double quote is never closed'],
    ['{"a": ["x\n"y"]}', '1:8', 'this double quote is never closed'],
    ['{"a: ["x"]}', '1:2', 'this double quote is never closed'],
    ['{a: "b""c": d}', '1:7', 'this quote ends the text too early'],
    ["a: '&x' y", '1:9', 'text follows the closing quote'],
    ['password: "abc\nhost: "db"\nport: 1', '1:11', 'this double quote is never closed'],
    ["a:\n  b: 'abc\n  c: d\n  e: 'f'", '2:6', 'this single quote is never closed'],
    ['{"a": "b, "c": "d"}', '1:7', 'this double quote is never closed'],
    ['{\n "a": "b,\n "c": "d"\n}', '2:7', 'this double quote is never closed'],
    ['{"a: 1, "b": 2}', '1:2', 'this double quote is never closed'],
    ['x: 1\n"a:\n  b: c\n  d: "e: f"\ng: 1', '2:1', 'this double quote is never closed'],
    ['a: ["x]\nb: 1', '1:5', 'this double quote is never closed'],
    ['a: "C:\\"', '1:4', 'this double quote is never closed'],
    ['{"a": b", "c": "d"}', '1:7', 'put a double quote before this text'],
    ['{a": 1, "b": 2}', '1:2', 'a quote is missing at the other end'],
    ["a: 1\nb: 'don't'", '2:8', "Within single quotes, write '' for a quote."],
    ['a: "say "hi""', '1:9', 'Within double quotes, write \\" for a quote.'],
    ['a: "x" y', '1:8', 'text follows the closing quote'],
    ['path: "C:\\data"', '1:10', 'Within double quotes, write \\\\ for a backslash.'],
    ['{"a": 1,\n"re": "\\d+"}', '2:8', 'write \\\\ for a backslash.'],
    ['{\n    "a": {\n  },\n  "b": "\\d"\n}', '4:9', 'write \\\\ for a backslash.'],
    ['p: "C:\\new\\users"', '1:11', 'write \\\\ for a backslash.'],
  ],
  'a bracket': [
    ["a: 'C:\\'\nb: [1", '2:4', 'this [ is never closed'],
    ['a: [\nb: {c: d}', '1:4', 'this [ is never closed'],
    ['a: 1\nb: [2', '2:4', 'this [ is never closed. Put ] after its last item.'],
    ['a: 1\r\nb: [2\r\nc: 3', '2:4', 'this [ is never closed'],
    ['a: 1\n\nb: {c: 2\nd: 3', '3:4', 'this { is never closed. Put } after its last item.'],
    ['a: [1, {b: 2]\nc: 3', '1:8', 'this { is never closed'],
    ['a: {b: [1, 2}\nc: 1', '1:8', 'this [ is never closed'],
    ['tables: [a, b\n  c: d', '1:9', 'this [ is never closed'],
    ['{"a": {"b": 1}', '1:1', 'this { is never closed'],
    ['\ufeffa: [1', '1:4', 'this [ is never closed'],
    ['{\n  "a": {\n    "b": 1\n  },\n  "c": {\n    "d": 1\n  "e": 2\n}', '5:8', 'this { is never'],
    ['{\n  "a": [\n    1,\n    2\n  "b": 1\n}', '2:8', 'this [ is never closed'],
    ['{"a": 1}}', '1:9', 'no { precedes this }'],
    ['a: [1, 2]]\nb: 1', '1:10', 'no [ precedes this ]'],
    ['{"a": 1}\n{"b": 2}', '2:1', 'Remove what follows it'],
    ['{"a": 1} x', '1:10', 'text follows the closing bracket'],
  ],
  'a comma': [
    ['{"a": 1 "b": 2}', '1:8', 'a comma is missing here'],
    ['{\n  "a": "x"\n  "b": "y"\n}', '2:11', 'a comma is missing at the end of this line.'],
    ['{\n  "a": 1\n\n  "b": "y"\n}', '2:9', 'a comma is missing at the end of this line.'],
    ['{"a": {"b": 1}\r\n "c": 2}', '1:15', 'a comma is missing at the end of this line.'],
    ['{"a": ["x"\n"y"]}', '1:11', 'a comma is missing at the end of this line.'],
    ['[1 \n2]', '1:3', 'end of this line. Text of several lines needs quotes here.'],
    ['[null false]', '1:6', 'a comma is missing here'],
    ['[-1 2.5]', '1:4', 'a comma is missing here'],
    ['a: {\n  b: 1 # c\n  c: 2}', '2:7', 'a comma is missing at the end of this line.'],
    ['"a": 1 ,\n"b": 2', '1:8', 'remove this comma.'],
    ['a: [true false]', '1:9', 'a comma is missing here'],
    ['crm: {service: a config: {b: c}}', '1:17', 'a comma is missing here'],
    ["{'a': 'b' 'c': 'd'}", '1:10', 'a comma is missing here'],
    ['{"a": 1; "b": 2}', '1:8', 'put a comma instead of this semicolon.'],
    ['{"a": 1,, "b": 2}', '1:9', 'nothing precedes this comma. Remove it.'],
    ['a: {\n  b: 1\n},\nc: 2', '3:2', 'remove this comma.'],
    ['"a": "1",\n"b": 2', '1:9', 'remove this comma.'],
    ['"a": 1,\n"b": 2', '1:7', 'remove this comma.'],
    ['a: true,\nb: 2', '1:8', 'remove this comma.'],
    ['{\n // why\n "a": 1}', '2:2', 'YAML reads this comment as a key'],
  ],
  'text that needs quotes': [
    ['a: @x', '1:4', 'text that begins with @'],
    ['a: `x`', '1:4', 'text that begins with @, `, %'],
    ['a: %x', '1:4', 'needs quotes'],
    ['%x\na: b', '1:1', 'text that begins with % needs quotes'],
    ['a: & b', '1:4', 'text that begins with * or & needs quotes'],
    ['a: *b c', '1:4', 'text that begins with * or & needs quotes'],
    ['a: *nowhere', '1:4', 'unknown alias at line 1, column 4. Text that begins with * needs'],
    ['a: &a {b: *a}', '1:11', 'Text that begins with * needs quotes'],
    ['a: !x y', '1:4', 'Text that begins with ! needs quotes'],
    ['a: |x', '1:4', 'text that begins with | or > needs quotes'],
    ['a: |1x', '1:4', 'text that begins with | or > needs quotes'],
    ['- |x', '1:3', 'text that begins with | or > needs quotes'],
    ['>a: 1', '1:1', 'text that begins with | or > needs quotes'],
    ['a: ? b', '1:4', 'text that begins with ? needs quotes.'],
    ['{a: - b}', '1:5', 'Use braces or brackets for it too.'],
    ['a: &x &y z', '1:7', 'more than one anchor'],
    ['a: !!str !!int z', '1:10', 'more than one tag'],
    ['a: &x *y', '1:7', 'an alias cannot have an anchor'],
    [`${'x'.repeat(1025)}: 1`, '1:1', 'a key of more than 1024 characters'],
    ['a: > 5 days', '1:4', 'text that begins with | or > needs quotes'],
    ['a: {{ x }}', '1:5', 'Text that begins with {'],
    ['{host: ${HOST}, port: 1}', '1:8', 'Inside { }, put ${NAME} in quotes.'],
    ['a: {schema: crm_${NUMBER}}', '1:13', 'Inside { }, put ${NAME} in quotes.'],
    ['{\n  "a": ${A}\n}', '2:8', 'Inside { }, put ${NAME} in quotes.'],
  ],
  'the document': [
    ['a: 1\n---\nb: 2', '2:1', 'a second document begins here'],
    ['---\na: 1\n...\nb: 2', '4:1', 'a second document begins here'],
  ],
};

describe.each(Object.entries(rows))('%s that must change', (_what, cases) => {
  test.each(cases)('in %j is at %s', async (text, position, words) => {
    const { value, faults } = await parseText(text, inputLimit);
    const [line, column] = position.split(':');
    expect(faults).toEqual([
      {
        path: expect.any(Array),
        message: expect.stringContaining(`at line ${line}, column ${column}`),
        line: Number(line),
      },
    ]);
    expect(faults[0]?.message).toContain(words);
    expect(faults[0]?.message).not.toContain('private key');
    if (!words.includes('begins with *')) expect(value).toBeUndefined();
  });
});

test('an open bracket further down does not hide a mistake', async () => {
  const text = 'a: 1\nhost:db\nb: [1, 2]\nc: {"d": "e"\nf: 1';
  const { faults } = await parseText(text, inputLimit);
  expect(faults).toMatchObject([{ line: 2 }]);
});

test.each([
  'a: {b: 1, c: [x, y: z, {d: e}], "f":1, ? g : h, i, j: }',
  '{"a": [1, 2,], "b": {"c": "d",},}',
  'a: \'it\'\'s\'\nb: "say \\"hi\\" C:\\\\"\nc: x"y',
  'a: text that\n  continues\n  here\nb: http://x.example:80/y\nc: 10:30',
  'a: [first item, second item]',
  'arn:\n  arn:aws:iam::1:role/x\nimage:\n  postgres\nurl:\n  https://x.example',
  'list:\n- main:orders\n- sha256:abc',
  'a: c:d\npo//rt: 1\nb:\n  one\n  -two\nc: {a:b: c, d: e"f}\nd: [1 x2]',
  ...['ftp://x', 'a==b', 'text', 'one\n-two', 'a:b\nc://d'],
  'a: 1, 2\nb: x,\nc: "y"',
  'a: |\n  host:db\n  - x\n  "b": 1,\nd: >-\n  [unclosed\n  "quote',
  '# a: [\na: b # "c\n',
  'password:\n  host:db\ntoken:\n  one:two\n  three:four',
  'a:\n    b: 1\nc:\n  - d: 1\n    e: 2\n  -   f: 1\n      g: 2',
])('%j has nothing to report', async (text) => {
  expect((await parseText(text, inputLimit)).faults).toEqual([]);
});

/** Text of the signs that YAML gives a meaning, on several lines. */
const anyText = fc
  .array(
    fc.constantFrom(
      ...[
        '"',
        "'",
        '\\',
        '\n',
        '\r\n',
        '\n  ',
        '\t',
        ': ',
        ':',
        '- ',
        '{',
        '}',
        '[',
        ']',
        ', ',
        ',',
      ],
      ...[
        '? ',
        '|',
        '>',
        '&a',
        '*a',
        '!',
        '%',
        '@',
        '#',
        ' #',
        '---',
        '...',
        '<<',
        '${A}',
        '=',
        ' ',
      ],
      ...['a', 'b', '1', '1.0', '-', '\u00a0', '\ufeff', 'true', '//'],
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));

test('any text is parsed, or refused at a position within it', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const { faults } = await parseText(text, inputLimit);
      const lines = text.replace(/^\ufeff/, '').split('\n');
      for (const { message, line } of faults) {
        const [, at, column] = /at line (\d+), column (\d+)/.exec(message) ?? [];
        expect(Number(at ?? line)).toBe(line);
        expect(lines.length).toBeGreaterThanOrEqual(line);
        expect((lines[line - 1] ?? '').length + 2).toBeGreaterThan(Number(column ?? 0));
      }
    }),
    { numRuns: 3000 },
  );
});
