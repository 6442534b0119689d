import type * as z from 'zod/mini';
import { secretValues } from '../secrets/secret-names.ts';
import { isMapping, type Mapping } from '../text/mapping.ts';
import { checkField, linesOf, typed } from './fields/check-field.ts';
import { entryFields, type inputFields, listFields, type ValuesOf } from './fields/fields.ts';
import type { Masks } from './masks.ts';
import type { Substituted } from './parse/substitute.ts';
import { overlaps, type Path, type Problem, unknownField } from './problem.ts';
import { type NameSource, readSelection } from './read-selection.ts';
import { mergeSelected, type SelectedItems } from './selection.ts';

/** The fields from one source: the step's inputs, a manifest's defaults or an entry. */
export type Layer = {
  /** The valid fields. */
  fields: ValuesOf<Omit<typeof inputFields, 'schemas'>>;
  schemas: SelectedItems | undefined;
  /** The fields that were given but are invalid; rules about them would only repeat that. */
  invalidFields: ReadonlySet<string>;
};

/** What `readLayer` needs besides the fields. */
export type LayerSource = NameSource & { masks: Masks };

export const emptyLayer: Layer = { fields: {}, schemas: undefined, invalidFields: new Set() };

/**
 * Validates the fields from one source, and collects the secrets in them. A null field counts as missing.
 *
 * @param given the mapping of fields, after substitution
 * @param path the path of that mapping
 */
export function readLayer(
  checks: z.core.$ZodShape,
  given: Substituted & { value: Mapping },
  path: Path,
  source: LayerSource,
): { layer: Layer; problems: Problem[] } {
  const problems: Problem[] = [...given.problems];
  const fields = new Map<string, unknown>();
  const invalidFields = new Set<string>();
  let schemas: SelectedItems | undefined;

  for (const [field, written] of Object.entries(given.value)) {
    if (written === null) continue;
    const at = [...path, field];
    const known = Object.hasOwn(checks, field);
    collectSecrets(known ? written : { [field]: written }, known ? at : path, given, source.masks);
    const found: Problem[] = [];
    if (!known) {
      // The parser has reported an empty key.
      if (field !== '') found.push(unknownField(at, Object.keys(checks)));
    } else if (field === 'schemas') {
      const read = readSelection(written, at, given, source);
      schemas = read.items;
      found.push(...read.problems);
    } else {
      const check = checks[field] as z.core.$ZodType;
      const value = asField(field, check, written);
      found.push(...checkField(check, value, at, given));
      if (field === 'additional_fields') found.push(...knownFields(value, at));
      fields.set(field, value);
    }
    problems.push(...found);
    if (found.length > 0 || given.unresolved.some((one) => overlaps(one, at)))
      invalidFields.add(field);
  }
  for (const field of invalidFields) {
    // An invalid config can still supply the public name, which decides what is masked.
    if (field !== 'config' || !isMapping(fields.get(field))) fields.delete(field);
  }
  return { layer: { fields: Object.fromEntries(fields), schemas, invalidFields }, problems };
}

/** Merges two layers: `config` and `auth` by key, `schemas` by name, everything else as a whole. */
export function mergeLayers(below: Layer, above: Layer): Layer {
  const fields = { ...below.fields, ...above.fields };
  for (const field of ['config', 'auth'] as const) {
    const [under, over] = [below.fields[field], above.fields[field]];
    if (isMapping(under) && isMapping(over)) fields[field] = { ...under, ...over };
  }
  return {
    fields,
    schemas: mergeSelected(below.schemas, above.schemas),
    invalidFields: new Set([...below.invalidFields, ...above.invalidFields]),
  };
}

/** Converts text as for an input: to a list of lines, or to the field's type. */
function asField(field: string, check: z.core.$ZodType, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return listFields.includes(field) ? linesOf(value) : typed(check, value);
}

/** Collects what came through `${NAME}` into `config` or `auth`, and values under keys that name a secret. */
function collectSecrets(value: unknown, path: Path, given: Substituted, masks: Masks): void {
  const field = path.at(-1);
  // Its values name secrets in an external manager, and are none themselves.
  if (field === 'external_secrets_keys_config') return;
  if (field === 'config' || field === 'auth') {
    for (const use of given.uses) if (overlaps(use.path, path)) masks.maybeSecret(use.value);
  }
  for (const { path: inner, value: secret } of secretValues(value)) {
    const at = [...path, ...inner];
    // An unresolved reference is not a secret, and its error message shows it.
    if (!given.unresolved.some((one) => overlaps(one, at))) masks.secret(secret);
  }
}

const knownFields = (value: unknown, path: Path): Problem[] =>
  Object.keys(isMapping(value) ? value : {})
    .filter((key) => Object.hasOwn(entryFields, key))
    .map((key) => ({
      path: [...path, key],
      message: `the action supports ${key} itself. Set ${key} directly, not in additional_fields.`,
    }));
