/** The items that fit into so many bytes together, each with its markup; what is too long is left out. */
export function fitWithin<T>(items: readonly T[], budget: number, size: (item: T) => number): T[] {
  let left = budget;
  const fit: T[] = [];
  for (const item of items) {
    const needed = size(item) + 100;
    if (needed > left) continue;
    left -= needed;
    fit.push(item);
  }
  return fit;
}

/** The bytes that a text takes in a file. */
export const sizeOf = (text: string): number => Buffer.byteLength(text);
