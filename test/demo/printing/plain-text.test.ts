import { plainText } from './plain-text.mjs';
import { textTable, wrap } from './text-table.mjs';

test('headings, paragraphs and lists become plain text', () => {
  const html =
    '<h2>✅ Done &amp; tested</h2>\n\n<p>One<br>two</p>\n\n<h3>Next</h3>\n\n<ul><li>a</li><li>b</li></ul>';
  expect(plainText(html)).toBe(
    '✅ Done & tested\n===============\n\nOne\ntwo\n\nNext:\n\n- a\n- b',
  );
  expect(plainText('## Title\n\nText **bold**')).toBe('Title\n=====\n\nText **bold**');
});

test('links show their address, except in wide tables', () => {
  const link = '<a href="https://x.example/1">one</a>';
  expect(plainText(`<p>${link}</p>`)).toBe('one (https://x.example/1)');
  expect(plainText(`<table><tr><td>a</td><td>b</td><td>${link}</td></tr></table>`)).toBe(
    'a  b  one',
  );
});

test('tables become columns under an underlined head', () => {
  const html =
    '<table><tr><th>Status</th><th>Test</th></tr><tr><td>✅ PASSED</td><td>a</td></tr><tr><td>⚠️ W</td><td>b</td></tr></table>';
  expect(plainText(html)).toBe(
    ['Status     Test', '─────────  ────', '✅ PASSED  a', '⚠️ W       b'].join('\n'),
  );
});

test('details keep their preformatted text', () => {
  const html =
    '<details><summary>Test: details</summary><pre>{&#10;  "a": "&lt;b&gt; &#x26;amp;"&#10;}</pre></details>';
  expect(plainText(html)).toBe('▾ Test: details\n\n    {\n      "a": "<b> &amp;"\n    }');
});

test('escaped markup stays text', () => {
  expect(plainText('<p>&lt;table&gt;&lt;tr&gt; # no heading</p>')).toBe('<table><tr> # no heading');
  expect(plainText('')).toBe('');
});

test('long cells are wrapped', () => {
  const lines = textTable([['key', 'word '.repeat(40).trim()]]).split('\n');
  expect(lines.length).toBeGreaterThan(1);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(96);
  expect(lines[1]).toMatch(/^ {5}word/);
  expect(wrap('a'.repeat(200))).toEqual(['a'.repeat(200)]);
});
