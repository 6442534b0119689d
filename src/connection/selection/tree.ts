import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import { valueAt } from '../../text/mapping.ts';

/** The items of one level by name, unless there are none: an empty mapping counts as left out. */
export const nonEmpty = <Item>(
  items: Record<string, Item> | undefined,
): Record<string, Item> | undefined => (items && Object.keys(items).length > 0 ? items : undefined);

/** Replaces each schema, table or column of one level. */
export const mapItems = <Item, Result>(
  items: Record<string, Item>,
  map: (item: Item, name: string) => Result,
): Record<string, Result> =>
  Object.fromEntries(Object.entries(items).map(([name, item]) => [name, map(item, name)]));

/** Whether a tree lacks a schema or table that the selection names. */
export const lacksTables = (tree: SchemaTree, { schemas }: SchemaSelection): boolean =>
  Object.entries(schemas).some(([name, selected]) => {
    const schema = valueAt(tree.schemas, name);
    const tables = Object.keys(selected.tables ?? {});
    return !schema || tables.some((table) => !valueAt(schema.tables, table));
  });

/** Whether a tree has tables to sync, but none of them syncs that may be disabled. */
export function isExcluded({ schemas }: SchemaTree): boolean {
  const all = Object.values(schemas);
  return (
    all.length > 0 &&
    all.every(
      ({ enabled, tables }) =>
        !enabled || Object.values(tables).every((table) => !table.enabled || table.locked),
    )
  );
}
