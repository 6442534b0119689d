/**
 * One measurement.
 * @typedef {object} Row
 * @property {string} measure
 * @property {number} value
 * @property {string} unit
 * @property {number} [baseline] what the value is compared with, in the same unit
 * @property {number | undefined} [target] the largest ratio allowed; without a baseline, the largest value
 */

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param {Row[]} rows */
export function printTable(rows) {
  const head = ['measure', 'value', 'baseline', 'ratio', 'target', ''];
  const lines = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)));
  for (const cells of lines) {
    const padded = cells.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    console.log(padded.join('  ').trimEnd());
  }
}

/** @param {Row} row */
function cellsOf({ measure, value, unit, baseline, target }) {
  const ratio = baseline === undefined ? undefined : value / baseline;
  const judged = ratio ?? value;
  return [
    measure,
    `${value.toFixed(0)} ${unit}`,
    baseline === undefined ? '' : `${baseline.toFixed(0)} ${unit}`,
    ratio?.toFixed(2) ?? '',
    target === undefined ? '' : `≤ ${ratio === undefined ? target : target.toFixed(2)}`,
    target === undefined ? '' : judged <= target ? 'met' : 'MISSED',
  ];
}
