import { pluralize, truncate } from '../../text/format.ts';
import { isMapping } from '../../text/mapping.ts';
import { sizeOf } from '../markup/fit.ts';

/** How to write items within a limit. */
export type Bounds<T> = {
  /** Bytes of all items together, as JSON. */
  limit: number;
  /** Ways to shorten an item, each shorter than the one before. */
  forms: readonly ((item: T) => T)[];
  /** Whether an item is among the last to be left out. */
  isVital: (item: T) => boolean;
};

/** The items that are left, in their order, and how many were shortened and left out. */
export type Bounded<T> = { items: T[]; total: number; shortened: number; omitted: number };

/**
 * Makes items fit: shortens the longest ones first, one way after the other, and leaves out whole
 * items only when all are as short as they can be.
 */
export function boundItems<T>(given: readonly T[], bounds: Bounds<T>): Bounded<T> {
  const { limit, forms, isVital } = bounds;
  const parts = given.map((item) => ({ item, original: item, size: jsonSize(item) }));
  let size = parts.reduce((sum, part) => sum + part.size, 2);
  for (const form of forms) {
    if (size <= limit) break;
    for (const part of [...parts].sort((a, b) => b.size - a.size)) {
      if (size <= limit) break;
      const item = form(part.original);
      const shorter = jsonSize(item);
      if (shorter >= part.size) continue;
      size += shorter - part.size;
      Object.assign(part, { item, size: shorter });
    }
  }
  const omitted = new Set<object>();
  const leastVital = parts
    .toReversed()
    .sort((a, b) => Number(isVital(a.original)) - Number(isVital(b.original)) || b.size - a.size);
  for (const part of leastVital) {
    if (size <= limit) break;
    omitted.add(part);
    size -= part.size;
  }
  const left = parts.filter((part) => !omitted.has(part));
  return {
    items: left.map(({ item }) => item),
    total: parts.length,
    shortened: left.filter(({ item, original }) => item !== original).length,
    omitted: omitted.size,
  };
}

/** What the log says about an output that had no room for everything; nothing when it had. */
export function boundedNote(
  output: string,
  noun: string,
  { total, shortened, omitted }: Omit<Bounded<unknown>, 'items'>,
): string[] {
  const parts = [
    shortened > 0 ? `shortened ${shortened}` : '',
    omitted > 0 ? `left out ${omitted}` : '',
  ].filter(Boolean);
  if (parts.length === 0) return [];
  return [
    `The output ${output} has no room for everything: ${parts.join(' and ')} of ${pluralize(total, noun)}.`,
  ];
}

/** The whole lines that fit into `limit` bytes together. */
export function boundLines(lines: readonly string[], limit: number): Bounded<string> {
  let size = 0;
  const end = lines.findIndex((line) => {
    size += sizeOf(line) + 1;
    return size > limit;
  });
  const items = end === -1 ? [...lines] : lines.slice(0, end);
  return { items, total: lines.length, shortened: 0, omitted: lines.length - items.length };
}

/** A JSON value whose strings, keys included, are at most this long. */
export function truncateStrings(value: unknown, length: number): unknown {
  if (typeof value === 'string') return truncate(value, length);
  if (Array.isArray(value)) return value.map((item) => truncateStrings(item, length));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      truncate(key, length),
      truncateStrings(inner, length),
    ]),
  );
}

/** The bytes of an item in a list, with the comma after it. */
const jsonSize = (item: unknown): number => sizeOf(JSON.stringify(item) ?? 'null') + 1;
