import { type Limit, maxDepth, tooDeep, tooLarge } from './parsed.ts';

/** A value, its size in bytes, and how many levels deep it goes. */
export type Measured = { value: unknown; size: number; height: number };

/** Measures a document while it is read, and throws a LimitError once it exceeds a limit. */
export type Meter = {
  /** Adds bytes to the size. */
  count(bytes: number): void;
  /** Notes that a value lies this deep. */
  reach(depth: number): void;
  /** Reads a value that lies this deep, and measures it. */
  measure(depth: number, read: () => unknown): Measured;
};

/** A document exceeds the size or depth limit. */
export class LimitError extends Error {}

/** Creates the meter of one document. */
export function createMeter(limit: Limit): Meter {
  let size = 0;
  let deepest = 0;
  return {
    count(bytes) {
      size += bytes;
      if (size > limit.bytes) throw new LimitError(tooLarge(limit));
    },
    reach(depth) {
      deepest = Math.max(deepest, depth);
      if (depth > maxDepth) throw new LimitError(tooDeep);
    },
    measure(depth, read) {
      const before = { size, deepest };
      deepest = depth;
      const value = read();
      const height = deepest - depth;
      deepest = Math.max(before.deepest, deepest);
      return { value, size: size - before.size, height };
    },
  };
}
