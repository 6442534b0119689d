import type * as z from 'zod/mini';
import { secretValues } from '../secrets/secret-values.ts';
import { asMapping, isMapping, type Mapping } from '../text/mapping.ts';
import { checkField, listItems, typed } from './fields/check-field.ts';
import { connectorProblems, notePlainSecrets, variablesIn } from './fields/connector-values.ts';
import { entryFields, type inputFields, listFields, type ValuesOf } from './fields/fields.ts';
import type { Masks } from './masks.ts';
import type { Notices } from './notices.ts';
import type { Environment, Substituted } from './parse/substitute.ts';
import { overlaps, type Path, type Problem, unknownField } from './problem.ts';
import { readSelection } from './read-selection.ts';
import { mergeSelected, type SelectedItems } from './selection.ts';
import type { Variable } from './spec.ts';

/** The fields from one source: the step's inputs, a manifest's defaults or an entry. */
export type Layer = {
  /** The valid fields. */
  fields: ValuesOf<Omit<typeof inputFields, 'schemas'>>;
  schemas: SelectedItems | undefined;
  /** The fields that were given but are invalid; rules about them would only repeat that. */
  invalidFields: ReadonlySet<string>;
  /** The values that came through `${NAME}`, by their paths in `fields`. */
  variables: readonly Variable[];
};

/** What reading needs besides the text: variables, and what collects masks and notices. */
export type LayerSource = Environment & { masks: Masks; notices: Notices };

export const emptyLayer: Layer = {
  fields: {},
  schemas: undefined,
  invalidFields: new Set(),
  variables: [],
};

/** A mapping of fields after substitution, its path, and the checks of the fields. */
export type GivenFields = Substituted & { value: Mapping; path: Path; checks: z.core.$ZodShape };

/**
 * Validates the fields from one source, and collects the secrets in them. A null field counts as
 * missing.
 */
export function readLayer(
  given: GivenFields,
  source: LayerSource,
): { layer: Layer; problems: Problem[] } {
  const { path, checks } = given;
  const problems: Problem[] = [...given.problems];
  const fields: Mapping = {};
  const invalidFields = new Set<string>();
  let schemas: SelectedItems | undefined;

  for (const [field, written] of Object.entries(given.value)) {
    if (written === null) continue;
    const at = [...path, field];
    const check = Object.hasOwn(checks, field) ? checks[field] : undefined;
    maskSecrets(
      check ? { at, value: written } : { at: path, value: { [field]: written } },
      given,
      source.masks,
    );
    const found: Problem[] = [];
    if (!check) {
      // The parser has reported an empty key.
      if (field !== '') found.push(unknownField(at, Object.keys(checks)));
    } else if (field === 'schemas') {
      const read = readSelection(written, at, { ...source, given });
      schemas = read.items;
      found.push(...read.problems);
    } else {
      const value =
        typeof written === 'string' && listFields.includes(field)
          ? listItems(written)
          : typed(check, written);
      found.push(...checkField({ check, value, path: at }, given));
      if (field === 'additional_fields') found.push(...knownFields(value, at));
      if (field === 'config' || field === 'auth') {
        found.push(...connectorProblems(value, at, given));
        notePlainSecrets(value, at, { ...given, notices: source.notices });
      }
      fields[field] = value;
    }
    problems.push(...found);
    if (found.length > 0 || given.unresolved.some((one) => overlaps(one, at))) {
      invalidFields.add(field);
    }
  }
  const variables = variablesIn(fields, path, given);
  for (const field of invalidFields) {
    // An invalid config can still supply the public name, which decides what is masked.
    if (field !== 'config' || !isMapping(fields[field])) delete fields[field];
  }
  return { layer: { fields, schemas, invalidFields, variables }, problems };
}

/**
 * Merges two layers: `config` and `auth` by key, `schemas` by name, everything else as a whole.
 */
export function mergeLayers(below: Layer, above: Layer): Layer {
  const fields = { ...below.fields, ...above.fields };
  for (const field of mergedByKey) {
    const [under, over] = [below.fields[field], above.fields[field]];
    if (isMapping(under) && isMapping(over)) fields[field] = { ...under, ...over };
  }
  const isReplaced = ({ path: [field = '', key = ''] }: Variable): boolean => {
    const over = asMapping(above.fields);
    return mergedByKey.some((one) => one === field)
      ? Object.hasOwn(asMapping(over[field]), key)
      : Object.hasOwn(over, field);
  };
  return {
    fields,
    schemas: mergeSelected(below.schemas, above.schemas),
    invalidFields: new Set([...below.invalidFields, ...above.invalidFields]),
    variables: [...below.variables.filter((one) => !isReplaced(one)), ...above.variables],
  };
}

const mergedByKey = ['config', 'auth'] as const;

/**
 * Collects what came through `${NAME}` into `config` or `auth`, and values under keys that name a
 * secret.
 */
function maskSecrets(
  { at, value }: { at: Path; value: unknown },
  given: Substituted,
  masks: Masks,
): void {
  const field = at.at(-1);
  // Its values name secrets in an external manager, and are none themselves.
  if (field === 'external_secrets_keys_config') return;
  if (field === 'config' || field === 'auth') {
    for (const { path, from, value: inserted } of given.references) {
      if (from === 'variable' && overlaps(path, at)) masks.maybeSecret(inserted);
    }
  }
  for (const { path: inner, value: secret } of secretValues(value)) {
    const place = [...at, ...inner];
    // An unresolved reference is not a secret, and its error message shows it.
    if (!given.unresolved.some((one) => overlaps(one, place))) masks.secret(secret);
  }
}

const knownFields = (value: unknown, path: Path): Problem[] =>
  Object.keys(asMapping(value))
    .filter((key) => Object.hasOwn(entryFields, key))
    .map((key) => ({
      path: [...path, key],
      message: `the action supports ${key} itself. Set ${key} directly, not in additional_fields.`,
    }));
