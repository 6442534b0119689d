import { pluralize } from '../../text/format.ts';
import { fitWithin, sizeOf } from './fit.ts';

/**
 * What GitHub takes for a commit's id: its 40 digits, or 7 and more. Parts of UUIDs and Base64
 * stay whole.
 */
const commitId =
  /\b[a-f\d]{40}\b|(?<![\w&#+/-])(?=[a-f]*\d)(?=\d*[a-f])[a-f\d]{7,39}(?![\w+/=-])/gi;

/**
 * Escapes untrusted text for `<code>` in an HTML block in Markdown, so that neither Markdown nor
 * HTML takes effect. GitHub links nothing in code, so nothing is added, and a reader can copy the
 * text. The result is one line, since a blank line would end the block.
 */
const escapeCode = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[&<>`[\]|\\]|:(?=\/\/)|(?<=\bwww)\./gi, (char) => `&#${char.charCodeAt(0)};`);

/** Escapes untrusted text for `<pre>`, and keeps its line breaks. */
export const escapePre = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(escapeCode)
    .join('&#10;');

/**
 * Escapes untrusted text outside of code, so that GitHub does not link addresses, people, issues
 * and commits either.
 */
export const escapeHtml = (text: string): string =>
  escapeCode(text)
    // A word joiner is invisible, and keeps apart what GitHub would link.
    .replace(/@|(?<!&)#(?=\w)|\bGH-(?=\d)/gi, '$&&#8288;')
    .replace(commitId, (id) => id.replace(/.{6}(?=.)/g, '$&&#8288;'));

/** Longer words would push a table out of view. */
const longWord = /(\S{40})\S+/gu;

const shortWords = (text: string): string => text.replace(longWord, '$1…');

/** Escapes untrusted text for a table cell: of a long word, only the beginning is shown. */
export const escapeCell = (text: string): string => escapeHtml(shortWords(text));

/** Whether a cell shows all of a text. */
export const fitsCell = (text: string): boolean => shortWords(text) === text;

/** A sentence in which what stands in backticks is `<code>`. */
export const markCode = (text: string): string =>
  text
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : escapeHtml(part)))
    .join('');

/** A sentence for a table cell, in which what stands in backticks is `<code>`. */
export const markCell = (text: string): string => markCode(shortWords(text));

/*
 * The HTML blocks of summaries and comments. Each block is one line: GitHub reads HTML until a
 * blank line, and Markdown in between would need other escapes. Arguments named `html` are escaped
 * already.
 */

/** A paragraph of escaped HTML. */
export const paragraph = (html: string): string => `<p>${html}</p>`;

/**
 * A list that takes at most `budget` bytes; what does not fit is counted.
 *
 * @param total how many items there are, when `items` are only the first of them
 */
export function list(
  items: readonly string[],
  { budget, total = items.length }: { budget: number; total?: number },
): string {
  const shown = fitWithin(items, budget, sizeOf);
  const all = [...shown, ...andMore(total - shown.length)];
  return `<ul>${all.map((html) => `<li>${html}</li>`).join('')}</ul>`;
}

/** A table that takes at most `budget` bytes, and how many rows did not fit. */
export function htmlTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  budget: number,
): { html: string; hidden: number } {
  const shown = fitWithin(rows, budget, (cells) => sizeOf(cells.join('')));
  const html = [row(head, 'th align="left"'), ...shown.map((cells) => row(cells, 'td'))].join('');
  return { html: `<table>${html}</table>`, hidden: rows.length - shown.length };
}

const row = (cells: readonly string[], tag: string): string =>
  `<tr>${cells.map((html) => `<${tag}>${html}</${tag.slice(0, 2)}>`).join('')}</tr>`;

/** Content that is folded away under a title. */
export const folded = (title: string, html: string): string =>
  `<details><summary>${title}</summary>${html}</details>`;

/** Content that is indented, with a rule at its left. */
export const indented = (html: string): string => `<blockquote>${html}</blockquote>`;

/** Untrusted text as code. */
export const code = (text: string): string => `<code>${escapeCode(text)}</code>`;

/** Counts what did not fit, in a sentence when it has a noun; nothing when everything did. */
export function andMore(count: number, noun?: string): string[] {
  if (count <= 0) return [];
  return [noun ? `And ${pluralize(count, `more ${noun}`)}.` : `And ${count} more`];
}
