/** Replaces values that are left out. */
const mark = '… (truncated)';

/**
 * Replaces everything that is nested deeper than `levels` in a value parsed from JSON; modifies the
 * value. Code that walks a value usually recurses, so a very deep one would overflow the stack.
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
  const mapping = value as Record<string, unknown>;
  for (const [key, inner] of Object.entries(mapping)) {
    if (typeof inner === 'object') mapping[key] = limitDepth(inner, levels - 1);
  }
  return mapping;
}

/**
 * Drops everything beyond the first `count` values within a value parsed from JSON, nested ones
 * included; modifies the value. Its depth must be limited already.
 */
export function limitCount(value: unknown, count: number): void {
  let left = count;
  const walk = (inner: unknown): void => {
    if (typeof inner !== 'object' || inner === null) return;
    if (Array.isArray(inner)) {
      for (let at = 0; at < inner.length; at++) {
        if (left-- <= 0) {
          inner.splice(at, inner.length, mark);
          return;
        }
        walk(inner[at]);
      }
      return;
    }
    const mapping = inner as Record<string, unknown>;
    for (const key of Object.keys(mapping)) {
      if (left-- <= 0) delete mapping[key];
      else walk(mapping[key]);
    }
  };
  walk(value);
}
