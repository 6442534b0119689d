import { fitWithin, sizeOf } from './fit.ts';

/**
 * Escapes untrusted text for the inside of an HTML block in Markdown, so that neither Markdown nor
 * HTML nor GitHub's autolinks to addresses, people and issues take effect. The result is one line,
 * since a blank line would end the block.
 */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[&<>`[\]|\\]|:(?=\/\/)|(?<=\bwww)\./gi, (char) => `&#${char.charCodeAt(0)};`)
    // A word joiner is invisible, and keeps apart what GitHub would link.
    .replace(/@|(?<!&)#(?=\w)/g, (char) => `${char}&#8288;`);

/** The same for the inside of `<pre>`: keeps the text's own line breaks. */
export const escapePre = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(escapeHtml)
    .join('&#10;');

/** Characters of a word after which a line may break. */
const breakAfter = 30;

/** The same for table cells: long words may break, so that they do not widen the table. */
export const escapeCell = (text: string): string =>
  escapeHtml(text).replace(/\S{40,}/g, (word) =>
    (word.match(new RegExp(`(?:&#\\d+;|[^]){1,${breakAfter}}`, 'gu')) ?? []).join('<wbr>'),
  );

/** A text of our own with names in backticks, which become `<code>`. */
export const codeNames = (text: string): string =>
  text.split('`').map(escapeHtml).map(inCode).join('');

const inCode = (part: string, index: number): string =>
  index % 2 === 1 ? `<code>${part}</code>` : part;

/*
 * The HTML blocks of summaries and comments. Each block is one line: GitHub reads HTML until a blank
 * line, and Markdown in between would need other escapes. Arguments named `html` are escaped already.
 */

export const paragraph = (html: string): string => `<p>${html}</p>`;

/** A list that takes at most `budget` bytes; what does not fit is counted. */
export function list(items: readonly string[], budget: number): string {
  const shown = fitWithin(items, budget, sizeOf);
  const all = [...shown, ...andMore(items.length - shown.length)];
  return `<ul>${all.map((html) => `<li>${html}</li>`).join('')}</ul>`;
}

/** A table that takes at most `budget` bytes, and how many rows did not fit. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  budget: number,
): { html: string; hidden: number } {
  const shown = fitWithin(rows, budget, (cells) => sizeOf(cells.join('')));
  const html = [row(head, 'th'), ...shown.map((cells) => row(cells, 'td'))].join('');
  return { html: `<table>${html}</table>`, hidden: rows.length - shown.length };
}

const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
  `<tr>${cells.map((html) => `<${tag}>${html}</${tag}>`).join('')}</tr>`;

/** Content that is folded away under a title. */
export const folded = (title: string, html: string): string =>
  `<details><summary>${title}</summary>${html}</details>`;

export const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;

/** Counts what did not fit; nothing when everything did. */
export const andMore = (count: number, what = ''): string[] =>
  count > 0 ? [['And', count, 'more', what].filter(Boolean).join(' ')] : [];
