import { distinctNames } from '../text/format.ts';
import { makeTermIndex } from './term-index.ts';
import { readingsOf } from './unescape.ts';
import { termsOf, variantsOf } from './variants.ts';

/** The secrets of a run, and how to keep them out of what is printed. */
export type Redactor = {
  /** Adds a secret, and passes each new variant of it to `onVariant`. */
  mask(secret: string): void;
  /** Replaces every secret by `***`, however it is escaped. */
  redact(text: string): string;
  /**
   * Redacts every string of a JSON value, keys included, except strings that equal one in `keep`.
   * Keys that become the same are numbered. What is nested too deeply is truncated.
   */
  redactValue(value: unknown, keep?: ReadonlySet<string>): unknown;
};

/** Deeper values would overflow the stack here or when they are serialized. */
const maxDepth = 200;
const nothing: ReadonlySet<string> = new Set();

type Range = [start: number, end: number];

/**
 * Makes a redactor without secrets.
 *
 * @param onVariant gets the variants that the runner should mask
 */
export function makeRedactor(onVariant: (variant: string) => void): Redactor {
  const announced = new Set<string>();
  const index = makeTermIndex();

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
    for (let at = 0; at < text.length; at++) {
      const length = index.lengthAt(text, at);
      if (length > 0) ranges.push([at, at + length]);
    }
    return ranges;
  }

  function redact(text: string): string {
    if (announced.size === 0) return text;
    const ranges = find(text);
    for (const reading of readingsOf(text)) {
      for (const [start, end] of find(reading.text)) {
        ranges.push([reading.originOf(start), reading.originOf(end)]);
      }
    }
    return ranges.length === 0 ? text : replaceAll(text, ranges);
  }

  function redactValue(value: unknown, keep = nothing, depth = 0): unknown {
    if (typeof value === 'string') return keep.has(value) ? value : redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth === maxDepth) return '… (truncated)';
    if (Array.isArray(value)) return value.map((item) => redactValue(item, keep, depth + 1));
    const keys = Object.keys(value).map((key) => (keep.has(key) ? key : redact(key)));
    const values = Object.values(value).map((inner) => redactValue(inner, keep, depth + 1));
    return Object.fromEntries(distinctNames(keys).map((key, at) => [key, values[at]]));
  }

  return { mask, redact, redactValue: (value, keep) => redactValue(value, keep) };
}

/** Replaces ranges of a text; those that overlap become one. */
function replaceAll(text: string, ranges: Range[]): string {
  let clean = '';
  let end = 0;
  for (const [start, to] of ranges.sort(([a], [b]) => a - b)) {
    if (start >= end) clean += `${text.slice(end, start)}***`;
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}
