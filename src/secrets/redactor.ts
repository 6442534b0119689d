import { distinctNames, truncate } from '../text/format.ts';
import { readingsOf } from './readings.ts';
import { createTermIndex, mergeRanges, type Range } from './term-index.ts';
import { shortestSecret, termsOf, variantsOf } from './variants.ts';

/** What is known about a text, and how much of it is wanted. */
type RedactOptions = {
  /** Characters of the result; what is beyond them is truncated, and not searched. */
  length?: number;
  /** Whether the text may have been cut. A secret that begins at its end is then replaced too. */
  isCut?: boolean;
};

/** The secrets of a run, and how to keep them out of what is printed. */
export type Redactor = {
  /** Adds a secret, and passes each new variant of it to `onVariant`. */
  mask(secret: string): void;
  /**
   * Replaces every secret by `***`, however it is escaped. Takes time in proportion to the text.
   */
  redact(text: string, options?: RedactOptions): string;
  /**
   * Redacts every string of a JSON value, keys included, except strings that equal one in `keep`.
   * A number that has a secret in its digits is replaced as a whole. Keys that become the same are
   * numbered. What is nested too deeply is truncated.
   */
  redactValue(value: unknown, keep?: ReadonlySet<string>): unknown;
};

/** Deeper values would overflow the stack here or when they are serialized. */
const maxValueDepth = 200;
const nothing: ReadonlySet<string> = new Set();
/** How many characters of a text one of a term can take when it is escaped twice. */
const longestEscape = 16;

/**
 * Makes a redactor without secrets.
 *
 * @param onVariant gets the variants that the runner should mask
 */
export function createRedactor(onVariant: (variant: string) => void): Redactor {
  const announced = new Set<string>();
  const index = createTermIndex();

  function mask(secret: string): void {
    const variants = variantsOf(secret);
    // A stray backslash before a JSON-escaped variant would keep it from being unescaped.
    for (const term of [...termsOf(secret), ...variants]) index.add(term);
    for (const variant of variants) {
      if (announced.has(variant)) continue;
      announced.add(variant);
      onVariant(variant);
    }
  }

  function find(text: string): Range[] {
    const ranges: Range[] = [];
    const { shortest } = index.lengths();
    for (const { text: reading, startOf, endOf } of readingsOf(text, shortest)) {
      for (const [start, end] of index.find(reading)) ranges.push([startOf(start), endOf(end)]);
    }
    return ranges;
  }

  /** Where the secret begins that the end of a text cuts off; nothing where none does. */
  function findCut(text: string, shortest: number): Range[] {
    const offset = Math.max(0, text.length - longestEscape * index.lengths().longest);
    const end = text.slice(offset);
    let cut = text.length;
    for (const mode of ['as-is', 'drop-cut-escape'] as const) {
      for (const { text: reading, startOf } of readingsOf(end, shortest, mode)) {
        const tail = index.tailOf(reading);
        if (tail >= shortest) cut = Math.min(cut, offset + startOf(reading.length - tail));
      }
    }
    return cut === text.length ? [] : [[cut, text.length]];
  }

  function redact(text: string, { length = Infinity, isCut = false }: RedactOptions = {}): string {
    if (announced.size === 0) return truncate(text, length);
    for (let size = 2 * length + 1000; size < text.length; size *= 4) {
      const part = text.slice(0, size);
      const clean = replaceAll(part, [...find(part), ...findCut(part, 1)]);
      // The last replacement may be of something that turns out to be no secret.
      if (clean.length > length + replacement.length) return truncate(clean, length);
    }
    const cut = isCut ? findCut(text, shortestSecret) : [];
    return truncate(replaceAll(text, [...find(text), ...cut]), length);
  }

  function redactValue(value: unknown, keep = nothing, depth = 0): unknown {
    if (typeof value === 'string') return keep.has(value) ? value : redact(value);
    if (typeof value === 'number') {
      const text = String(value);
      return keep.has(text) || redact(text) === text ? value : replacement;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (depth === maxValueDepth) return '… (truncated)';
    if (Array.isArray(value)) return value.map((item) => redactValue(item, keep, depth + 1));
    const keys = Object.keys(value).map((key) => (keep.has(key) ? key : redact(key)));
    const values = Object.values(value).map((inner) => redactValue(inner, keep, depth + 1));
    return Object.fromEntries(distinctNames(keys).map((key, at) => [key, values[at]]));
  }

  return { mask, redact, redactValue: (value, keep) => redactValue(value, keep) };
}

const replacement = '***';

/** Replaces ranges of a text; those that overlap become one. */
function replaceAll(text: string, ranges: Range[]): string {
  let clean = '';
  let end = 0;
  for (const [start, to] of mergeRanges(ranges)) {
    clean += text.slice(end, start) + replacement;
    end = to;
  }
  return clean + text.slice(end);
}
