import * as z from 'zod/mini';
import { isMapping, type Mapping } from '../../text/mapping.ts';

/*
 * Fivetran adds fields and values without notice, and any field may be null, missing or of another
 * type. These schemas accept every value: what is unusable becomes undefined, or is left out.
 */

/** A schema that reads any value in its own way. */
export const tolerant = <T>(read: (value: unknown) => T) =>
  z.pipe(z.optional(z.unknown()), z.transform(read));

/** Text; numbers and booleans count as text, because the API has been seen to send either. */
export const text = tolerant((value) =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined,
);

/** A boolean, also as text; undefined for anything else. */
export const optionalBoolean = tolerant((value) => booleanWords.get(value));

const booleanWords = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
]);

/** A boolean, also as text; anything else is the default. */
export const booleanOr = (otherwise: boolean) =>
  tolerant((value) => booleanWords.get(value) ?? otherwise);

/** The items of a list that this schema can read. */
export const listOf = <T extends z.ZodMiniType>(item: T) =>
  tolerant((value): z.infer<T>[] =>
    (Array.isArray(value) ? value : []).flatMap((one) => {
      const parsed = item.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    }),
  );

/** An object as it came; anything else is an empty one. */
export const mapping = tolerant((value): Mapping => (isMapping(value) ? value : {}));

/**
 * An object's values that this schema can read, by their names. It has no prototype, so
 * `constructor` and `__proto__` are names like any other.
 */
export const recordOf = <T extends z.ZodMiniType>(item: T) =>
  tolerant((value): Record<string, z.infer<T>> => {
    const record: Record<string, z.infer<T>> = Object.create(null);
    for (const [name, inner] of Object.entries(isMapping(value) ? value : {})) {
      const parsed = item.safeParse(inner);
      if (parsed.success) record[name] = parsed.data;
    }
    return record;
  });
