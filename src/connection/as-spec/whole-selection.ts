import type { SchemaTree, TableNode } from '../../fivetran/responses/schema-tree.ts';
import type { SelectedItems } from '../../inputs/selection.ts';
import type { SchemaChangeHandling } from '../../inputs/spec.ts';
import type { ItemPath } from '../selection/path.ts';
import { columnsOfTable, isSpecial, itemsOf, syncModeOf } from './tree-items.ts';

/** Whether a table's columns are all to be listed, besides those that need it. */
export type ListsColumns = (path: ItemPath) => boolean;

/**
 * A selection that names every table of a tree, so that what is written above it changes only itself.
 * Restated for another policy, what the tree hashes or excludes stays so.
 *
 * @param tree with all columns of the tables that `tablesToCopy` names
 */
export const wholeSelection = (
  tree: SchemaTree,
  policy: SchemaChangeHandling,
  lists: ListsColumns,
): SelectedItems =>
  itemsOf(tree.schemas, (schema, name) => ({
    fields: { enabled: schema.enabled },
    inner: itemsOf(schema.tables, (table, tableName) => {
      const sync_mode = syncModeOf(table);
      const columns = columnsOfTable(table, listsAll(table, policy, lists([name, tableName])));
      return {
        fields: { enabled: table.enabled, ...(sync_mode && { sync_mode }) },
        ...(columns.size > 0 && { inner: columns }),
      };
    }),
  }));

/** The tables whose columns a copied selection must name one by one, disabled ones included. */
export const tablesToCopy = (
  tree: SchemaTree,
  policy: SchemaChangeHandling,
  lists: ListsColumns,
): ItemPath[] =>
  Object.entries(tree.schemas).flatMap(([schema, { tables }]) =>
    Object.entries(tables)
      .filter(([name, table]) => listsAll(table, policy, lists([schema, name])))
      .map(([name]) => [schema, name]),
  );

const listsAll = (table: TableNode, policy: SchemaChangeHandling, isWritten: boolean): boolean =>
  policy === 'BLOCK_ALL' && table.supports_columns_config && (isWritten || isSpecial(table));
