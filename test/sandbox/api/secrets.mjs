const SECRET_KEY = /pass(word|phrase|wd)|secret|token|api_?key|access_key|private_key|credential/i;

/**
 * A copy in which every string under a key that names a secret reads `******`.
 * @template T
 * @param {T} value
 * @param {boolean} [hidden] whether the value itself stands under such a key
 * @returns {T}
 */
export function masked(value, hidden = false) {
  if (typeof value === 'string') return hidden ? /** @type {T} */ ('******') : value;
  if (Array.isArray(value)) return /** @type {T} */ (value.map((item) => masked(item, hidden)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    masked(item, hidden || SECRET_KEY.test(key)),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Every string under a key that names a secret, anywhere in the value.
 * @param {unknown} value
 * @param {boolean} [hidden]
 * @returns {string[]}
 */
export function secretsIn(value, hidden = false) {
  if (typeof value === 'string') return hidden ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    secretsIn(item, hidden || SECRET_KEY.test(key)),
  );
}
