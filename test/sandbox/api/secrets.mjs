const SECRET_KEY = /pass(word|phrase|wd)|secret|token|api_?key|access_key|private_key|credential/i;

/**
 * Copies a value and replaces every string under a key that names a secret by `******`.
 * @template T
 * @param {T} value
 * @param {boolean} [isSecret] whether the value itself is under such a key
 * @returns {T}
 */
export function masked(value, isSecret = false) {
  if (typeof value === 'string') return isSecret ? /** @type {T} */ ('******') : value;
  if (Array.isArray(value)) return /** @type {T} */ (value.map((item) => masked(item, isSecret)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    masked(item, isSecret || SECRET_KEY.test(key)),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Lists every string under a key that names a secret, at any depth.
 * @param {unknown} value
 * @param {boolean} [isSecret] whether the value itself is under such a key
 * @returns {string[]}
 */
export function secretsIn(value, isSecret = false) {
  if (typeof value === 'string') return isSecret ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    secretsIn(item, isSecret || SECRET_KEY.test(key)),
  );
}
