import { namesHarmlessSecret } from '../../secrets/secret-names.ts';
import { secretPlaces } from '../../secrets/secret-values.ts';
import { asMapping, type Mapping } from '../../text/mapping.ts';
import type { Notices } from '../notices.ts';
import type { Replaced } from '../parse/substitute.ts';
import type { Path, Problem } from '../problem.ts';
import type { Variable } from '../spec.ts';
import { scalarOf } from './check-field.ts';

/**
 * Checks the values of `config` or `auth`, whose fields the connector defines: secrets that are
 * empty, and asterisks that were copied from a response of Fivetran's.
 */
export function connectorProblems(value: unknown, path: Path, given: Replaced): Problem[] {
  const problems: Problem[] = [];
  const replaced = setOf(given.references);
  for (const { path: inner, value: secret } of secretPlaces(value)) {
    const at = [...path, ...inner];
    const isMeant = replaced.has(keyOf(at));
    if (secret === null) problems.push({ path: at, message: nullSecret });
    else if (secret === '' && !isMeant) problems.push({ path: at, message: emptySecret });
  }
  for (const [at, text] of textsIn(value, path)) {
    if (/^\*{3,}$/.test(text)) problems.push({ path: at, message: maskedSecret });
  }
  return problems;
}

/** Collects the secrets of `config` or `auth` that are written as plain text. */
export function notePlainSecrets(
  value: unknown,
  path: Path,
  { references, notices }: Pick<Replaced, 'references'> & { notices: Notices },
): void {
  const replaced = setOf(references);
  for (const { path: inner, value: secret } of secretPlaces(value)) {
    const at = [...path, ...inner];
    if (replaced.has(keyOf(at))) continue;
    if (namesHarmlessSecret(String(inner.findLast((step) => typeof step === 'string')))) continue;
    if (typeof secret === 'string' || typeof secret === 'number') {
      notices.plainSecret(at, String(secret));
    }
  }
}

/**
 * The values of `fields` that references supplied text of, by their paths in it.
 *
 * @param path the path of `fields`
 */
export function variablesIn(fields: Mapping, path: Path, { references }: Replaced): Variable[] {
  const secrets = setOf(secretPlaces(fields));
  const found = new Map<string, Variable>();
  for (const reference of references) {
    const at = reference.path.slice(path.length);
    const untyped =
      reference.isWhole &&
      (at[0] === 'config' || at[0] === 'auth') &&
      scalarOf(reference.value) !== undefined &&
      !secrets.has(keyOf(at));
    // A default is no secret, but it is text as well.
    if (untyped || reference.from === 'variable') {
      found.set(keyOf(at), { path: at, untyped });
    }
  }
  return [...found.values()];
}

const keyOf = (path: Path): string => JSON.stringify(path);

const setOf = (places: readonly { path: Path }[]): Set<string> =>
  new Set(places.map(({ path }) => keyOf(path)));

function* textsIn(value: unknown, path: Path): Generator<[Path, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) yield* textsIn(item, [...path, at]);
  } else {
    for (const [key, inner] of Object.entries(asMapping(value))) {
      yield* textsIn(inner, [...path, key]);
    }
  }
}

const nullSecret =
  'must not be empty. YAML reads text after # as a comment: put such a value in quotes. To leave the secret out, remove the field.';
const emptySecret =
  'must not be empty. To leave the secret out, remove the field; if it may be empty, write ${NAME:-}.';
const maskedSecret =
  "must not be asterisks, which Fivetran's responses show instead of a secret. Write the secret as ${NAME}, or remove the field.";
