import { namesSecret } from '../secrets/secret-names.ts';
import { isMapping, type Mapping, valueAt } from '../text/mapping.ts';

/**
 * A field whose value differs from the wanted one. `shown`: whether its values are (`values`), only
 * that it changes (`name`: a value that is or may be a secret), or that it is sent again because
 * Fivetran does not show it (`sent-again`).
 */
export type FieldChange = {
  field: string;
  from: unknown;
  to: unknown;
  shown: 'values' | 'name' | 'sent-again';
};

/** The names of the wanted fields whose actual value differs. */
export const differingFields = (wanted: Mapping, actual: Mapping): string[] =>
  Object.keys(wanted).filter((field) => !matches(wanted[field], valueAt(actual, field)));

/** One change for each of these fields. */
export const changesOf = (
  fields: string[],
  wanted: Mapping,
  actual: Mapping,
  path = '',
): FieldChange[] =>
  fields.map((field) => {
    const [from, to] = [valueAt(actual, field), wanted[field]];
    return {
      field: path + field,
      from,
      to,
      shown: holdsSecret(field, to) || isMasked(from) ? 'sent-again' : 'values',
    };
  });

/**
 * Whether an actual value matches the wanted one. Compares deeply: `"360"` equals `360`, the order of
 * lists matters, and fields that only the actual mapping has are ignored.
 */
export function matches(wanted: unknown, actual: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      wanted.length === actual.length &&
      wanted.every((item, index) => matches(item, actual[index]))
    );
  }
  if (isMapping(wanted)) {
    return (
      isMapping(actual) &&
      Object.entries(wanted).every(([key, value]) => matches(value, valueAt(actual, key)))
    );
  }
  if (wanted == null || actual == null) return wanted === actual;
  return typeof actual !== 'object' && String(wanted) === String(actual);
}

/** A wanted mapping without the secrets in it, which no answer shows. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !namesSecret(key))
      .map(([key, inner]) => [key, withoutSecrets(inner)]),
  );
}

/** Whether a field is a secret or a mapping with one in it. */
function holdsSecret(field: string, value: unknown): boolean {
  if (namesSecret(field)) return true;
  if (Array.isArray(value)) return value.some((item) => holdsSecret('', item));
  return isMapping(value) && Object.entries(value).some(([key, inner]) => holdsSecret(key, inner));
}

/** Fivetran returns a secret as a row of asterisks. */
function isMasked(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isMasked);
  if (isMapping(value)) return Object.values(value).some(isMasked);
  return typeof value === 'string' && /^\*+$/.test(value);
}
