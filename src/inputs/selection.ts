import type { ValuesOf } from './fields/fields.ts';
import type { columnFields, tableFields } from './fields/selection-fields.ts';
import type { Problem } from './problem.ts';
import type {
  SchemaChangeHandling,
  SchemaSelection,
  SelectedSchema,
  SelectedTable,
} from './spec.ts';

/** The items of one level of `schemas`, by name after substitution. */
export type SelectedItems = Map<string, SelectedItem>;

/** A listed schema, table or column. */
export type SelectedItem = {
  /** The name as written, for messages. */
  written: string;
  fields: ValuesOf<typeof columnFields & Pick<typeof tableFields, 'sync_mode'>>;
  /** The tables of a schema, or the columns of a table; undefined when it lists none. */
  inner?: SelectedItems | undefined;
};

/** Merges two selections by name at every level. */
export function mergeSelected(
  below: SelectedItems | undefined,
  above: SelectedItems | undefined,
): SelectedItems | undefined {
  if (!below || !above) return above ?? below;
  const merged: SelectedItems = new Map(below);
  for (const [name, item] of above) {
    const under = below.get(name);
    merged.set(name, under ? mergeItem(under, item) : item);
  }
  return merged;
}

/**
 * An item that is disabled keeps what is listed in it, so that enabling it above restores all of
 * it.
 */
const mergeItem = (below: SelectedItem, above: SelectedItem): SelectedItem => ({
  written: above.written,
  fields: { ...below.fields, ...above.fields },
  inner: mergeSelected(below.inner, above.inner),
});

/** Checks the rules between a policy and the listed items. */
export function selectionProblems(
  policy: SchemaChangeHandling | undefined,
  schemas: SelectedItems | undefined,
): Problem[] {
  if (!schemas && policy === undefined) return [];
  if (policy === undefined) {
    const message =
      'required with schemas. Set it to ALLOW_ALL, ALLOW_COLUMNS, or BLOCK_ALL, which decides what happens to items that are not listed.';
    return [{ path: ['schema_change_handling'], message }];
  }
  if (policy === 'ALLOW_ALL' || [...(schemas?.values() ?? [])].some(syncsSomething)) return [];
  const message = `nothing would sync: ${policy} needs at least one enabled schema or table in schemas.`;
  return [{ path: ['schemas'], message }];
}

const syncsSomething = ({ fields, inner }: SelectedItem): boolean =>
  isEnabled(fields) && (!inner || [...inner.values()].some((table) => isEnabled(table.fields)));

/** A listed item is enabled unless it says otherwise. */
const isEnabled = ({ enabled = true }: SelectedItem['fields']): boolean => enabled;

/** The selection with all defaults filled in; undefined when the spec has none. */
export function toSelection(
  policy: SchemaChangeHandling | undefined,
  schemas: SelectedItems = new Map(),
): SchemaSelection | undefined {
  if (policy === undefined) return undefined;
  const written = new Map(namesAsWritten(schemas));
  return {
    schema_change_handling: policy,
    schemas: byName(schemas, toSchema),
    ...(written.size > 0 && { written }),
  };
}

const toSchema = ({ fields, inner }: SelectedItem): SelectedSchema => {
  const enabled = isEnabled(fields);
  // Layers may list the tables of a schema that another one disables.
  return { enabled, tables: enabled && inner ? byName(inner, toTable) : undefined };
};

const toTable = ({ fields, inner }: SelectedItem): SelectedTable => ({
  enabled: isEnabled(fields),
  sync_mode: fields.sync_mode,
  columns:
    inner &&
    byName(inner, (column) => ({
      enabled: isEnabled(column.fields),
      hashed: column.fields.hashed,
      is_primary_key: column.fields.is_primary_key,
    })),
});

/** The names that differ from what the user wrote, by their paths. */
function* namesAsWritten(
  items: SelectedItems,
  parent: readonly string[] = [],
): Generator<[string, string]> {
  for (const [name, { written, inner }] of items) {
    const path = [...parent, name];
    if (written !== name) yield [JSON.stringify(path), written];
    if (inner) yield* namesAsWritten(inner, path);
  }
}

/**
 * The path of a schema, table or column with its names as the user wrote them: errors never quote
 * a value that came through `${NAME}`.
 */
export const pathAsWritten = (
  path: readonly string[],
  { written }: Pick<SchemaSelection, 'written'>,
): string[] =>
  path.map((name, depth) => written?.get(JSON.stringify(path.slice(0, depth + 1))) ?? name);

const byName = <T>(items: SelectedItems, convert: (item: SelectedItem) => T): Record<string, T> =>
  Object.fromEntries([...items].map(([name, item]) => [name, convert(item)]));
