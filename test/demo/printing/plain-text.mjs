import { textTable, wrap } from './text-table.mjs';

/** @type {Record<string, string>} */
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * Renders the HTML and Markdown of a job summary as plain text for a terminal. It covers what the
 * action writes: headings, paragraphs, lists, tables, links, details and preformatted text.
 * @param {string} summary
 */
export function plainText(summary) {
  /** @type {string[]} */
  const blocks = [];
  // Finished blocks are set aside, so that later steps don't change their text.
  /** @param {string} text */
  const block = (text) => `\n\n\u0000${blocks.push(text) - 1}\u0000\n\n`;
  const text = summary
    .replace(/<!--.*?-->/gs, '')
    .replace(/<pre[^>]*>(.*?)<\/pre>/gs, (_, content) => block(preformatted(content)))
    .replace(/<table[^>]*>(.*?)<\/table>/gs, (_, content) => block(tableText(content)))
    .replace(/<h([1-6])[^>]*>(.*?)<\/h\1>/gs, (_, level, content) =>
      block(headingText(Number(level), inline(content))),
    )
    .replace(/^(#{1,6}) +(.+)$/gm, (_, marks, content) =>
      block(headingText(marks.length, inline(content))),
    )
    .replace(/<li[^>]*>(.*?)<\/li>/gs, (_, content) => block(listItem(inline(content))))
    .replace(/<summary[^>]*>(.*?)<\/summary>/gs, (_, content) => block(`▾ ${inline(content)}`))
    .replace(/<\/?(p|ul|ol|details|div|blockquote)[^>]*>/g, '\n\n');
  const paragraphs = text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const index = /^\u0000(\d+)\u0000$/.exec(part)?.[1];
      return index === undefined ? wrap(inline(part)).join('\n') : (blocks[Number(index)] ?? '');
    });
  return paragraphs.join('\n\n').replace(/(^- .*(?:\n {2}.*)*)\n\n(?=- )/gm, '$1\n');
}

/** @param {number} level @param {string} text */
const headingText = (level, text) =>
  level <= 2 ? `${text}\n${'='.repeat(text.length)}` : `${text}:`;

/** @param {string} text */
const listItem = (text) =>
  wrap(text, 94)
    .map((line, at) => (at === 0 ? '- ' : '  ') + line)
    .join('\n');

/** @param {string} content */
const preformatted = (content) =>
  decoded(content.replace(/<[^>]+>/g, ''))
    .trim()
    .replace(/^/gm, '    ');

/** @param {string} content */
function tableText(content) {
  const rows = [...content.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t([hd])[^>]*>(.*?)<\/t\1>/gs)].map(([, , cell = '']) => cell),
  );
  const isWide = rows.some((row) => row.length > 2);
  const texts = rows.map((row) => row.map((cell) => inline(cell, { withLinks: !isWide })));
  return textTable(texts, { hasHead: /<th[\s>]/.test(content) });
}

/**
 * Renders text without block elements.
 * @param {string} html
 * @param {{ withLinks?: boolean }} [options] whether a link shows its address
 */
function inline(html, { withLinks = true } = {}) {
  const text = html
    .replace(/<br\s*\/?>/g, '\n')
    .replace(/<a\s[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs, (_, href, label) =>
      withLinks && href !== label ? `${label} (${href})` : label,
    )
    .replace(/<[^>]+>/g, '');
  return decoded(text);
}

/** @param {string} text */
function decoded(text) {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
