import { namesSecret } from '../../secrets/secret-names.ts';
import { isMapping, valueAt } from '../../text/mapping.ts';

/** `ignored`: values under keys that name a secret, and those that Fivetran masks, always match. */
export type Secrets = 'compared' | 'ignored';

/**
 * Whether an actual value matches the wanted one. Compares deeply: `"360"` equals `360`; null, empty
 * and missing values are the same, because Fivetran does not return them; lists match in any order,
 * repeated items counted, because most are sets; and what only the actual value has is ignored.
 */
export function matches(wanted: unknown, actual: unknown, secrets: Secrets = 'compared'): boolean {
  if (secrets === 'ignored' && isMask(actual)) return true;
  if (isMapping(wanted) && isMapping(actual)) {
    return Object.entries(wanted).every(
      ([key, value]) =>
        (secrets === 'ignored' && namesSecret(key)) ||
        matches(value, valueAt(actual, key), secrets),
    );
  }
  if (isEmpty(wanted) || isEmpty(actual)) return isEmpty(wanted) && isEmpty(actual);
  if (Array.isArray(wanted) && Array.isArray(actual)) return listsMatch(wanted, actual, secrets);
  const areScalars = typeof wanted !== 'object' && typeof actual !== 'object';
  return areScalars && String(wanted) === String(actual);
}

/**
 * Whether each wanted item can be paired with an actual one of its own. Equal items are paired first,
 * which leaves no other item without a partner; the rest by augmenting paths (Kuhn's algorithm).
 */
function listsMatch(
  wanted: readonly unknown[],
  actual: readonly unknown[],
  secrets: Secrets,
): boolean {
  if (wanted.length !== actual.length) return false;
  const equal = new Map<string, number>();
  for (const text of actual.map(canonical)) equal.set(text, (equal.get(text) ?? 0) + 1);
  const taken = new Map<string, number>();
  const rest = wanted.filter((item) => {
    const text = canonical(item);
    const count = taken.get(text) ?? 0;
    if (count >= (equal.get(text) ?? 0)) return true;
    taken.set(text, count + 1);
    return false;
  });
  const free = actual.filter((item) => {
    const text = canonical(item);
    const count = taken.get(text) ?? 0;
    if (count === 0) return true;
    taken.set(text, count - 1);
    return false;
  });
  const partners = new Map<number, number>();
  const pair = (item: number, tried: Set<number>): boolean =>
    free.some((one, at) => {
      if (tried.has(at) || !matches(rest[item], one, secrets)) return false;
      tried.add(at);
      const other = partners.get(at);
      if (other !== undefined && !pair(other, tried)) return false;
      partners.set(at, item);
      return true;
    });
  return rest.every((_, item) => pair(item, new Set()));
}

/** A text that is the same for values that are equal in every part. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (!isMapping(value)) return isEmpty(value) ? 'null' : JSON.stringify(String(value));
  const entries = Object.entries(value).filter(([, inner]) => !isEmpty(inner));
  const texts = entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${texts.sort().join()}}`;
}

/** Whether a value is one that Fivetran does not return: null, `""`, `[]`, and `{}` or a mapping of these. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMapping(value) && Object.values(value).every(isEmpty);
}

/** Fivetran returns a secret as a row of asterisks. */
export const isMask = (value: unknown): boolean =>
  typeof value === 'string' && /^\*{3,}$/.test(value);
