import { isMapping, type Mapping, valueAt } from '../text/mapping.ts';
import { namesSecret } from './secret-names.ts';

type SecretPath = (string | number)[];

/** A value where a secret belongs, also if there is none: a text, a number, a boolean or null. */
export type SecretPlace = { path: SecretPath; value: unknown };

/** A secret and its path in the searched value. */
export type SecretValue = { path: SecretPath; value: string };

/**
 * All strings and numbers under keys that name a secret, at any depth. In a pair such as
 * `{key: …, value: …}`, the label is not a secret but can be the name that marks the value as one.
 */
export const secretValues = (value: unknown): SecretValue[] =>
  secretPlaces(value).flatMap(({ path, value: found }) =>
    typeof found === 'string' || typeof found === 'number' ? { path, value: String(found) } : [],
  );

/** Every place of a secret, with or without one. */
export const secretPlaces = (value: unknown): SecretPlace[] => [...placesIn(value, [])];

function* placesIn(value: unknown, path: SecretPath): Generator<SecretPlace> {
  for (const { key, inner, isSecret } of membersOf(value)) {
    yield* isSecret ? leavesOf(inner, [...path, key]) : placesIn(inner, [...path, key]);
  }
}

function* leavesOf(value: unknown, path: SecretPath): Generator<SecretPlace> {
  if (typeof value !== 'object' || value === null) yield { path, value };
  for (const { key, inner } of membersOf(value)) yield* leavesOf(inner, [...path, key]);
}

/** A value within another one, and whether its key names a secret. */
type Member = { key: string | number; inner: unknown; isSecret: boolean };

/** The values within a list or a mapping, without the label of a pair. */
function membersOf(value: unknown): Member[] {
  if (Array.isArray(value)) return value.map((inner, key) => ({ key, inner, isSecret: false }));
  if (!isMapping(value)) return [];
  const label = pairLabel(value);
  return Object.entries(value)
    .filter(([key]) => key !== label?.key)
    .map(([key, inner]) => {
      const isNamed = namesSecret(key) || (key === 'value' && namesSecret(label?.text ?? ''));
      // A mapping of credentials also has fields that are not secret, such as a bucket or folder.
      const isMixed = /credentials$/i.test(key) && isMapping(inner);
      return { key, inner, isSecret: isNamed && !isMixed };
    });
}

/** The label of a `{key, value}` or `{name, value}` pair. */
function pairLabel(value: Mapping): { key: string; text: string } | undefined {
  if (!Object.hasOwn(value, 'value')) return undefined;
  for (const key of ['key', 'name']) {
    const text = valueAt(value, key);
    if (typeof text === 'string') return { key, text };
  }
  return undefined;
}

/** A value without what stands under keys that name a secret, at any depth. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !namesSecret(key))
      .map(([key, inner]) => [key, withoutSecrets(inner)]),
  );
}
