import { connectionName, isNamingField } from '../fivetran/connection-name.ts';
import { asMapping, isMapping, type Mapping } from '../text/mapping.ts';
import { nearest } from '../text/nearest.ts';
import { type SpecOrDraft, sameNameAs, specOrDraft } from './draft.ts';
import { declaredFields } from './fields/check-field.ts';
import { entryFields, inputFields } from './fields/fields.ts';
import { columnFields, schemaFields, tableFields } from './fields/selection-fields.ts';
import { emptyLayer, type Layer, type LayerSource, readLayer } from './layer.ts';
import { addPublicIdentity, type Masks } from './masks.ts';
import { substitute } from './parse/substitute.ts';
import { invalid, kindOf, type Path, type Problem } from './problem.ts';
import { ruleProblems } from './rules.ts';

/** Reads the fields of an entry or of the defaults. */
export function readEntry(
  value: unknown,
  path: Path,
  source: LayerSource,
): { layer: Layer; problems: Problem[] } {
  if (!isMapping(value)) {
    const field = String(path.at(-1));
    const hint = Object.hasOwn(entryFields, field)
      ? ` A connection needs a name: write connections.NAME.${field}.`
      : '';
    const { message } = invalid(path, 'must be a mapping of fields', kindOf(value));
    return { layer: emptyLayer, problems: [{ path, message: `${message}${hint}` }] };
  }
  const given = substitute(value, path, source);
  const read = readLayer(
    { ...given, value: asMapping(given.value), path, checks: entryFields },
    source,
  );
  const problems = read.problems.map((problem) => {
    const [field, ...inner] = problem.path.slice(path.length).map(String);
    const isUnknown =
      field !== undefined && inner.length === 0 && !Object.hasOwn(entryFields, field);
    const message = isUnknown ? whereItBelongs(field, value) : undefined;
    return message === undefined ? problem : { ...problem, message };
  });
  return { layer: read.layer, problems };
}

/** What to do with a field that stands in the wrong place; undefined when it may be misspelt. */
function whereItBelongs(field: string, entry: Mapping): string | undefined {
  if (stepInputs.includes(field)) return isStepInput;
  const outer = Object.entries(entryFields).find(([, check]) =>
    Object.hasOwn(declaredFields(check) ?? {}, field),
  )?.[0];
  if (outer !== undefined) return `belongs in ${outer}: write ${outer}.${field}.`;
  if (selectionFields.includes(field)) {
    return 'belongs in schemas, under the name of a schema, table, or column.';
  }
  const isName = isNamingField(field) && !isMapping(entry[field]);
  if (isName) return `belongs in config, as it names the connection: write config.${field}.`;
  if (nearest(field, Object.keys(entryFields)) !== undefined || field === '') return undefined;
  return `unknown field. A setting of the connector belongs in config: write config.${field}.`;
}

/** Says where a field belongs that stands beside `connections`; undefined for an unknown one. */
export function whereItBelongsInFile(field: string): string | undefined {
  if (stepInputs.includes(field)) return isStepInput;
  return Object.hasOwn(entryFields, field)
    ? `belongs in an entry of connections, or in defaults for all of them: write defaults.${field}.`
    : undefined;
}

const isStepInput = 'an input of the step, not a field of a connection. Set it in the workflow.';

const selectionFields = [schemaFields, tableFields, columnFields].flatMap(Object.keys);

const stepInputs = ['api_key', 'api_secret', ...Object.keys(inputFields)].filter(
  (name) => !Object.hasOwn(entryFields, name),
);

/** The path of the first entry with each connection name, by group and name. */
export type Names = Map<string, Path>;

/** An entry that was read, and what lies below it. */
export type EntryLayers = { own: Layer; defaults: Layer; merged: Layer; path: Path };

/** Creates the spec of an entry that has been merged with the defaults and the inputs. */
export function specOfEntry(
  { own, defaults, merged, path }: EntryLayers,
  names: Names,
  masks: Masks,
): { spec: SpecOrDraft | undefined; problems: Problem[] } {
  addPublicIdentity(merged.fields, masks);
  const isOfDefaults = ([field = '', key = '']: Path): boolean =>
    !Object.hasOwn(asMapping(asMapping(own.fields)[field]), key) &&
    Object.hasOwn(asMapping(asMapping(defaults.fields)[field]), key);
  const problems = ruleProblems(merged).map((problem): Problem => {
    const base = isOfDefaults(problem.path) ? ['defaults'] : path;
    return { ...problem, path: [...base, ...problem.path] };
  });
  const { normalizedName } = connectionName(merged.fields.config) ?? {};
  // The group of a copy may come from its source.
  const isKnown = merged.fields.group_id !== undefined || merged.fields.copy_from === undefined;
  if (isKnown && normalizedName !== undefined && !merged.invalidFields.has('config')) {
    const place = JSON.stringify([merged.fields.group_id, normalizedName]);
    const first = names.get(place);
    if (first) problems.push({ path, message: sameNameAs(first) });
    else names.set(place, path);
  }
  return { spec: specOrDraft(merged, path), problems };
}
