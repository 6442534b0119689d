import type { TextLines } from '../text-lines.ts';
import type { Mistake } from './mistake.ts';

/** A line that begins at no column at which a key or list item may begin. */
export function misaligned(lines: TextLines, line: number): Mistake | undefined {
  const own = columnsIn(lines.line(line));
  const [column = 0] = own;
  const kind = own.length > 1 ? 'item' : 'key';
  const levels: number[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (let above = line - 1; above > 0 && limit > 1; above -= 1) {
    const columns = columnsIn(lines.line(above));
    const [outermost = limit] = columns;
    if (outermost >= limit) continue;
    if (outermost < column && limit > column && isBlockHeader(lines.line(above))) {
      return { offset: lines.offsetOf(line, column), message: indentBlockText };
    }
    const possible = kind === 'item' ? columns.slice(0, -1) : columns.slice(-1);
    if (columns.includes(column) && !possible.includes(column)) {
      const isDash = /^\s*-/.test(lines.line(line));
      const message = kind === 'item' ? mixed : isDash ? spaceAfterDash : keyAmongItems;
      return { offset: lines.offsetOf(line, column), message };
    }
    levels.push(...possible);
    limit = outermost;
  }
  if (own.length === 0 || levels.includes(column)) return undefined;
  const deeper = levels.filter((one) => one > column).at(-1);
  const shallower = levels.find((one) => one < column);
  const columns = [deeper, shallower].filter((one) => one !== undefined).join(' or ');
  if (columns === '') {
    return kind === 'item' ? { offset: lines.offsetOf(line, column), message: mixed } : undefined;
  }
  const message =
    deeper === undefined
      ? `this line is indented too far. Begin it at column ${columns}. If it continues the text above, put that text in quotes.`
      : `this line does not align with those above. Begin it at column ${columns}.`;
  return { offset: lines.offsetOf(line, column), message };
}

/** The next line that has a key, an item, or text. */
export function nextLine(lines: TextLines, line: number): number {
  let next = line + 1;
  while (next < lines.count && columnsIn(lines.line(next)).length === 0) next += 1;
  return next;
}

/** The columns of what a line consists of: its list items, and the key or text in the last one. */
export function columnsIn(line: string): number[] {
  const columns: number[] = [];
  const part = /\s*(?:(-)(?=\s)|[^\s#])/y;
  for (let match = part.exec(line); match; match = part.exec(line)) {
    columns.push(part.lastIndex);
    if (match[1] === undefined) break;
  }
  return columns;
}

/** Whether a block of text begins on the next line. */
export const isBlockHeader = (line: string): boolean =>
  /(^|[:-]\s+)[|>][-+\d]*\s*(#.*)?$/.test(line);

export const indentBlockText =
  'indent this line like the first line of the block of text, and more than its key.';

export const spaceAfterDash = 'put a space after the dash.';
export const mixed = 'a list item is among keys. Indent it below its key, or write it as `key: …`.';
const keyAmongItems = 'a key is among list items. Begin the line with `- `, or indent it.';
