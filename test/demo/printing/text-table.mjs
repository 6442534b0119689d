const WIDTH = 96;
const GAP = '  ';
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Formats rows as columns. Long cells are wrapped, so that a line is at most 96 columns wide where
 * that is possible.
 * @param {string[][]} rows
 * @param {{ hasHead?: boolean }} [options] `hasHead` underlines the first row
 */
export function textTable(rows, { hasHead = false } = {}) {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => widthOf(row[at] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width, (count - 1) * GAP.length);
  const widest = widths.indexOf(Math.max(...widths));
  if (total > WIDTH) widths[widest] = Math.max(20, (widths[widest] ?? 0) - (total - WIDTH));
  const lines = rows.map((row) => rowLines(row, widths));
  if (hasHead) lines.splice(1, 0, [widths.map((width) => '─'.repeat(width)).join(GAP)]);
  return lines.flat().join('\n');
}

/** @param {string[]} row @param {number[]} widths */
function rowLines(row, widths) {
  const cells = widths.map((width, at) => wrap(row[at] ?? '', width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, at) => padded(lines[line] ?? '', widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/**
 * Breaks text into lines at spaces. A longer word keeps its line.
 * @param {string} text
 * @param {number} [width]
 * @returns {string[]}
 */
export function wrap(text, width = WIDTH) {
  return text.split('\n').flatMap((line) => {
    /** @type {string[]} */
    const lines = [];
    for (const word of line.split(' ')) {
      const last = lines.at(-1);
      if (last === undefined || widthOf(last) + 1 + widthOf(word) > width) lines.push(word);
      else lines[lines.length - 1] = `${last} ${word}`;
    }
    return lines;
  });
}

/** @param {string} text @param {number} width */
const padded = (text, width) => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/**
 * How many columns a terminal uses for a text: emojis take two.
 * @param {string} text
 */
function widthOf(text) {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += /\p{Emoji_Presentation}|\uFE0F/u.test(segment) ? 2 : 1;
  }
  return width;
}
