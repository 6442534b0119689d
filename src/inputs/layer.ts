import type * as z from 'zod/mini';
import { secretValues } from '../secrets/secret-names.ts';
import { checkField } from './field-check.ts';
import { entryFields, type inputFields, listFields, type ValuesOf } from './fields.ts';
import { type Finding, isMapping, type Mapping, unknownField } from './finding.ts';
import type { Masks } from './masks.ts';
import { overlaps, type Path } from './path.ts';
import { type Items, type NameSource, readItems } from './schema-selection.ts';
import { mergeItems } from './selection-merge.ts';
import { linesOf, typed } from './source.ts';
import type { Substituted } from './substitute.ts';

/** The fields that one place gives: the step's inputs, a manifest's defaults or an entry. */
export type Layer = {
  /** Those that are usable. */
  fields: ValuesOf<Omit<typeof inputFields, 'schemas'>>;
  schemas: Items | undefined;
  /** Those that were given and cannot be used; rules about them would only repeat that. */
  broken: ReadonlySet<string>;
};

/** What reading a layer takes beside its fields. */
export type LayerSource = NameSource & { masks: Masks };

export const emptyLayer: Layer = { fields: {}, schemas: undefined, broken: new Set() };

/**
 * Reads the fields of one place, and collects the secrets in them. A field that is null is not given.
 *
 * @param given a mapping of fields after substitution
 * @param path where that mapping stands
 */
export function readLayer(
  checks: z.core.$ZodShape,
  given: Substituted & { value: Mapping },
  path: Path,
  source: LayerSource,
): { layer: Layer; findings: Finding[] } {
  const findings: Finding[] = [...given.findings];
  const fields = new Map<string, unknown>();
  const broken = new Set<string>();
  let schemas: Items | undefined;

  for (const [field, written] of Object.entries(given.value)) {
    if (written === null) continue;
    const at = [...path, field];
    const known = Object.hasOwn(checks, field);
    collectSecrets(known ? written : { [field]: written }, known ? at : path, given, source.masks);
    const found: Finding[] = [];
    if (!known) found.push(unknownField(at, Object.keys(checks)));
    else if (field === 'schemas') {
      const read = readItems(written, at, given, source);
      schemas = read.items;
      found.push(...read.findings);
    } else {
      const check = checks[field] as z.core.$ZodType;
      const value = asField(field, check, written);
      found.push(...checkField(check, value, at, given));
      if (field === 'additional_fields') found.push(...knownFields(value, at));
      fields.set(field, value);
    }
    findings.push(...found);
    if (found.length > 0 || given.unresolved.some((one) => overlaps(one, at))) broken.add(field);
  }
  for (const field of broken) {
    // What can be read of config still makes the public name, which decides what is masked.
    if (field !== 'config' || !isMapping(fields.get(field))) fields.delete(field);
  }
  return { layer: { fields: Object.fromEntries(fields), schemas, broken }, findings };
}

/** Lays fields over others: `config` and `auth` by key, `schemas` by name, everything else as a whole. */
export function mergeLayers(below: Layer, above: Layer): Layer {
  const fields = { ...below.fields, ...above.fields };
  for (const field of ['config', 'auth'] as const) {
    const [under, over] = [below.fields[field], above.fields[field]];
    if (isMapping(under) && isMapping(over)) fields[field] = { ...under, ...over };
  }
  return {
    fields,
    schemas: mergeItems(below.schemas, above.schemas),
    broken: new Set([...below.broken, ...above.broken]),
  };
}

/** Text is read as an input is: a list by its lines, a boolean or a number where the field takes one. */
function asField(field: string, check: z.core.$ZodType, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return listFields.includes(field) ? linesOf(value) : typed(check, value);
}

/** Whatever came through `${NAME}` into `config` or `auth`, and what stands under a secret's name. */
function collectSecrets(value: unknown, path: Path, given: Substituted, masks: Masks): void {
  const field = path.at(-1);
  // Its values name secrets in an external manager, and are none themselves.
  if (field === 'external_secrets_keys_config') return;
  if (field === 'config' || field === 'auth') {
    for (const use of given.uses) if (overlaps(use.path, path)) masks.suspect(use.value);
  }
  for (const { path: inner, value: secret } of secretValues(value)) {
    const at = [...path, ...inner];
    // The text of a reference that could not be replaced is no secret, and its error names it.
    if (!given.unresolved.some((one) => overlaps(one, at))) masks.secret(secret);
  }
}

const knownFields = (value: unknown, path: Path): Finding[] =>
  Object.keys(isMapping(value) ? value : {})
    .filter((key) => Object.hasOwn(entryFields, key))
    .map((key) => ({
      path: [...path, key],
      message: `this action knows the field ${key}. Give it as ${key}, outside additional_fields.`,
    }));
