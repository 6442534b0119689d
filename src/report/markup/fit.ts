/** The bytes that a text takes in a file. */
export const sizeOf = (text: string): number => Buffer.byteLength(text);

/** Bytes of markup to allow for each item. */
const overhead = 100;

/**
 * Those items that fit into `budget` bytes together, in order; items that are too long are left
 * out.
 */
export function fitWithin<T>(items: readonly T[], budget: number, size: (item: T) => number): T[] {
  let left = budget;
  return items.filter((item) => {
    const needed = size(item) + overhead;
    if (needed > left) return false;
    left -= needed;
    return true;
  });
}

/**
 * The beginning of a text, of about `length` characters at most: up to the end of a sentence, or
 * of a word where no sentence ends early enough.
 */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const [sentences = ''] = /^.*[.!?](?=\s)/s.exec(text.slice(0, length + 1)) ?? [];
  if (sentences.length >= length / 3) return `${sentences} …`;
  const words = /^.*\S(?=\s)/s.exec(text.slice(0, length + 1))?.[0];
  return `${(words ?? text.slice(0, length)).replace(/[\ud800-\udbff]$/, '')}…`;
}
