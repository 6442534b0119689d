const hasFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A value that came from outside, by field name; without fields when it is no object. */
export const fieldsOf = (value: unknown): Record<string, unknown> =>
  hasFields(value) ? value : {};
