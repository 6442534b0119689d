/**
 * The JSON type of a value, with `integer` told apart from `number`.
 * @param {unknown} value
 * @returns {string}
 */
export function jsonType(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/**
 * The value when it is a JSON object, otherwise an empty object.
 * @param {unknown} value
 */
export const objectOrEmpty = (value) =>
  /** @type {Record<string, unknown>} */ (jsonType(value) === 'object' ? value : {});
