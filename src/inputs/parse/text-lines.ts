/** A text by lines. Lines and columns count from 1. */
export type TextLines = {
  readonly count: number;
  /** The position of an offset. */
  at(offset: number): { line: number; column: number };
  /** The offset of a position. */
  offsetOf(line: number, column: number): number;
  /** A line without its line break; empty where there is none. */
  line(number: number): string;
};

/** Indexes the lines of a text, in linear time. */
export function createTextLines(text: string): TextLines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const startOf = (line: number): number => starts[line - 1] ?? text.length;
  return {
    count: starts.length,
    at(offset) {
      let [low, high] = [1, starts.length];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (startOf(middle) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low, column: offset - startOf(low) + 1 };
    },
    offsetOf: (line, column) => startOf(line) + column - 1,
    line: (number) => text.slice(startOf(number), startOf(number + 1)).replace(/\r?\n$/, ''),
  };
}
