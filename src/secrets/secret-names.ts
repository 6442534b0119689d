/** Words that a key has in it when its value is a secret, and what ends in "key" but is none. */
const secretName =
  /pass(word|wd|phrase|code)|(^|_)pass($|_)|pwd|secret|token|credential|authorization|bearer|(^|_)(pat|pin|sas)($|_)|signature|connection_?string|.[_-]?key($|s$|_(id|file|content|pem|data|json|body|value)$)|pem$/i;
const publicName =
  /secrets_manager_id$|(public|primary|foreign|partition|sort|cluster|natural|composite|unique)_?keys?$/i;

/** Whether a field of this name holds a secret. */
export const namesSecret = (key: string): boolean => secretName.test(key) && !publicName.test(key);

/** Every string that stands under a key that names a secret, however deep. */
export function secretStrings(value: unknown, secret = false): string[] {
  if (typeof value === 'string') return secret ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretStrings(item, secret));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretStrings(inner, secret || namesSecret(key)),
  );
}
