const SECRET_KEY = /pass(word|phrase|wd)|secret|token|api_?key|access_key|private_key|credential/i;

/**
 * Whether a key names a secret, for fields that the metadata does not know.
 * @param {string} key
 */
export const isSecretKey = (key) => SECRET_KEY.test(key);

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
    secretsIn(item, isSecret || isSecretKey(key)),
  );
}
