/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param {boolean} holds */
export const told = (holds) => (holds ? 'holds' : 'MISSED');

/**
 * The lines of a table, its first column to the left and the others to the right.
 * @param {string[]} head @param {string[][]} rows
 */
export function table(head, rows) {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  /** @param {string} cell @param {number} at */
  const padded = (cell, at) =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return [head, ...rows].map((row) => row.map(padded).join('  ').trimEnd());
}
