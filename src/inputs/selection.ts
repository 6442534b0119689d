import type { Finding } from './fields/finding.ts';
import type { SchemaChangeHandling, SchemaChoice, SchemaSelection, TableChoice } from './spec.ts';

/** The items of one level of `schemas`, by name after substitution. */
export type Items = Map<string, Item>;

/** A listed schema, table or column. */
export type Item = {
  /** The name as written, for messages. */
  written: string;
  fields: { enabled?: boolean; hashed?: boolean; sync_mode?: 'SOFT_DELETE' | 'HISTORY' | 'LIVE' };
  /** The tables of a schema, or the columns of a table; undefined when it lists none. */
  inner?: Items | undefined;
};

/** Merges two selections by name at every level. */
export function mergeItems(below: Items | undefined, above: Items | undefined): Items | undefined {
  if (!below || !above) return above ?? below;
  const merged: Items = new Map(below);
  for (const [name, item] of above) {
    const under = below.get(name);
    merged.set(name, under ? mergeItem(under, item) : item);
  }
  return merged;
}

/** An item that is disabled keeps what is listed in it, so that enabling it above restores all of it. */
const mergeItem = (below: Item, above: Item): Item => ({
  written: above.written,
  fields: { ...below.fields, ...above.fields },
  inner: mergeItems(below.inner, above.inner),
});

/** Checks the rules between a policy and the listed items. */
export function selectionFindings(
  policy: SchemaChangeHandling | undefined,
  schemas: Items | undefined,
): Finding[] {
  if (!schemas && policy === undefined) return [];
  if (policy === undefined) {
    const message =
      'required with schemas. Set it to ALLOW_ALL, ALLOW_COLUMNS or BLOCK_ALL, which decides what happens to items that are not listed.';
    return [{ path: ['schema_change_handling'], message }];
  }
  if (policy === 'ALLOW_ALL' || [...(schemas?.values() ?? [])].some(syncsSomething)) return [];
  const message = `nothing would sync: ${policy} needs at least one enabled schema or table in schemas.`;
  return [{ path: ['schemas'], message }];
}

const syncsSomething = ({ fields, inner }: Item): boolean =>
  isEnabled(fields) && (!inner || [...inner.values()].some((table) => isEnabled(table.fields)));

/** A listed item is enabled unless it says otherwise. */
const isEnabled = ({ enabled = true }: Item['fields']): boolean => enabled;

/** The selection with all defaults filled in; undefined when the spec has none. */
export function toSelection(
  policy: SchemaChangeHandling | undefined,
  schemas: Items = new Map(),
): SchemaSelection | undefined {
  if (policy === undefined) return undefined;
  const written = new Map(namesAsWritten(schemas));
  return {
    schema_change_handling: policy,
    schemas: byName(schemas, toSchema),
    ...(written.size > 0 && { written }),
  };
}

const toSchema = ({ fields, inner }: Item): SchemaChoice => {
  const enabled = isEnabled(fields);
  // Layers may list the tables of a schema that another one disables.
  return { enabled, tables: enabled && inner ? byName(inner, toTable) : undefined };
};

const toTable = ({ fields, inner }: Item): TableChoice => ({
  enabled: isEnabled(fields),
  sync_mode: fields.sync_mode,
  columns:
    inner &&
    byName(inner, (column) => ({
      enabled: isEnabled(column.fields),
      hashed: column.fields.hashed,
    })),
});

/** The names that differ from what the user wrote, by their paths. */
function* namesAsWritten(
  items: Items,
  parent: readonly string[] = [],
): Generator<[string, string]> {
  for (const [name, { written, inner }] of items) {
    const path = [...parent, name];
    if (written !== name) yield [JSON.stringify(path), written];
    if (inner) yield* namesAsWritten(inner, path);
  }
}

/**
 * The path of a schema, table or column with its names as the user wrote them: errors never quote a
 * value that came through `${NAME}`.
 */
export const pathAsWritten = (
  path: readonly string[],
  { written }: Pick<SchemaSelection, 'written'>,
): string[] =>
  path.map((name, depth) => written?.get(JSON.stringify(path.slice(0, depth + 1))) ?? name);

const byName = <T>(items: Items, convert: (item: Item) => T): Record<string, T> =>
  Object.fromEntries([...items].map(([name, item]) => [name, convert(item)]));
