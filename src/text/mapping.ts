/** An object of JSON or YAML, by field name. */
export type Mapping = Record<string, unknown>;

/** Whether a value is an object with fields: no list, and not null. */
export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a mapping; empty when it is none. */
export const asMapping = (value: unknown): Mapping => (isMapping(value) ? value : {});

/**
 * A field's value, if the mapping itself has it: `constructor` and `__proto__` are ordinary names.
 */
export const valueAt = <T>(mapping: Record<string, T> | undefined, name: string): T | undefined =>
  mapping && Object.hasOwn(mapping, name) ? mapping[name] : undefined;

/** A mapping without some of its fields. */
export const omit = (fields: object, names: readonly string[]): Mapping =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** Some fields of a mapping. */
export const pick = (fields: object, names: readonly string[]): Mapping =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
