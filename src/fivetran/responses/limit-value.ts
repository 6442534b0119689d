import { isMapping } from '../../text/mapping.ts';

/** Replaces values that are left out. */
const mark = '… (truncated)';

/**
 * Replaces everything that is nested deeper than `levels` in a value parsed from JSON; modifies
 * the value. Code that walks a value usually recurses, so a very deep one would overflow the
 * stack.
 */
export function limitDepth(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return mark;
  if (Array.isArray(value)) {
    value.forEach((item, at) => {
      if (typeof item === 'object') value[at] = limitDepth(item, levels - 1);
    });
    return value;
  }
  if (isMapping(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'object') value[key] = limitDepth(inner, levels - 1);
    }
  }
  return value;
}

/**
 * Drops everything beyond the first `count` values within a value parsed from JSON, nested ones
 * included; modifies the value. An item of a list is kept with all its plain values, or dropped:
 * half a setup test would say something else. The depth must be limited already.
 */
export function limitCount(value: unknown, count: number): void {
  let left = count;
  const walk = (inner: unknown): void => {
    if (Array.isArray(inner)) {
      for (const [at, item] of inner.entries()) {
        if (1 + keysOf(item).length > left) {
          inner.splice(at, inner.length, mark);
          return;
        }
        left--;
        walk(item);
      }
    } else if (isMapping(inner)) {
      const keys = keysOf(inner);
      for (const key of keys.slice(left)) delete inner[key];
      const kept = keys.slice(0, left);
      left -= kept.length;
      for (const key of kept) walk(inner[key]);
    }
  };
  walk(value);
}

const keysOf = (value: unknown): string[] => (isMapping(value) ? Object.keys(value) : []);
