import { truncate } from '../../text/format.ts';

/** The bytes that a text takes in a file. */
export const sizeOf = (text: string): number => Buffer.byteLength(text);

/** Bytes of markup to allow for each item. */
const overhead = 100;

/** Those items that fit into `budget` bytes together, in order; items that are too long are left out. */
export function fitWithin<T>(items: readonly T[], budget: number, size: (item: T) => number): T[] {
  let left = budget;
  return items.filter((item) => {
    const needed = size(item) + overhead;
    if (needed > left) return false;
    left -= needed;
    return true;
  });
}

/** How long the strings of a value may be, in characters; tried one after the other. */
const stringLimits = [Number.POSITIVE_INFINITY, 8000, 2000, 500, 100];

/** A value as JSON of at most `limit` bytes, its long strings truncated as far as needed. */
export function boundedJson(value: object, limit: number): string {
  for (const length of stringLimits) {
    const json = JSON.stringify(truncateStrings(value, length));
    if (sizeOf(json) <= limit) return json;
  }
  return Array.isArray(value) ? boundedList(value, limit) : boundedMapping(value, limit);
}

/** The first items that fit. */
function boundedList(items: readonly unknown[], limit: number): string {
  return `[${takeWithin(
    items.map((item) => JSON.stringify(truncateStrings(item, 100)) ?? 'null'),
    limit,
  ).join(',')}]`;
}

/** The fields that fit: the `id`, then the small ones first. */
function boundedMapping(value: object, limit: number): string {
  const fields = Object.entries(truncateStrings(value, 100) as object).flatMap(([key, inner]) => {
    const json = JSON.stringify(inner);
    if (json === undefined) return [];
    return [{ text: `${JSON.stringify(key)}:${json}`, rank: key === 'id' ? 0 : json.length }];
  });
  const ranked = fields.sort((a, b) => a.rank - b.rank).map(({ text }) => text);
  return `{${takeWithin(ranked, limit).join(',')}}`;
}

/** The first texts that fit when they are joined by one character and enclosed by two. */
function takeWithin(texts: readonly string[], limit: number): string[] {
  let size = 2;
  const end = texts.findIndex((text) => {
    size += sizeOf(text) + 1;
    return size > limit;
  });
  return end === -1 ? [...texts] : texts.slice(0, end);
}

function truncateStrings(value: unknown, length: number): unknown {
  if (typeof value === 'string') return truncate(value, length);
  if (Array.isArray(value)) return value.map((item) => truncateStrings(item, length));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      truncate(key, length),
      truncateStrings(inner, length),
    ]),
  );
}
