import type { SchemaNode, SchemaTree, TableNode } from '../../fivetran/responses/schema-tree.ts';
import type { SelectedItems } from '../../inputs/selection.ts';
import type { SchemaChangeHandling } from '../../inputs/spec.ts';
import type { ItemPath } from '../selection/path.ts';
import {
  type Choice,
  columnsOfTable,
  isSpecial,
  itemOf,
  itemsOf,
  syncModeOf,
} from './tree-items.ts';

/**
 * The tables whose columns a selection must name one by one: under BLOCK_ALL, where some are hashed or
 * excluded. The tree has only the columns that were ever set, and the others sync.
 */
export const tablesToList = (tree: SchemaTree, policy: SchemaChangeHandling): ItemPath[] =>
  Object.entries(tree.schemas).flatMap(([schema, { enabled, tables }]) =>
    Object.entries(tables)
      .filter(([, table]) => enabled && table.enabled && namesAllColumns(table, policy))
      .map(([name]) => [schema, name]),
  );

const namesAllColumns = (table: TableNode, policy: SchemaChangeHandling): boolean =>
  policy === 'BLOCK_ALL' && table.supports_columns_config && isSpecial(table);

/**
 * The shortest `schemas` that gives the same tree under the same policy; undefined when the policy
 * alone does.
 *
 * @param tree with all columns of the tables that `tablesToList` names
 */
export function shortestSelection(
  tree: SchemaTree,
  policy: SchemaChangeHandling,
): SelectedItems | undefined {
  const schemas = itemsOf(tree.schemas, (schema) =>
    policy === 'ALLOW_ALL' ? exceptionsIn(schema) : choicesIn(schema, policy),
  );
  return schemas.size > 0 ? schemas : undefined;
}

/** Under ALLOW_ALL, what differs from a schema in which everything syncs. */
function exceptionsIn({ enabled, locked, tables }: SchemaNode): Choice | undefined {
  if (!enabled) return locked ? undefined : { fields: { enabled } };
  const inner = itemsOf(tables, (table) => {
    if (!table.enabled) return table.locked ? undefined : { fields: { enabled: false } };
    return isPlain(table) ? undefined : tableChoice(table, 'ALLOW_ALL');
  });
  return inner.size > 0 ? { fields: {}, inner } : undefined;
}

/** Under the other policies, what syncs: the whole schema, or some of its tables. */
function choicesIn(
  { enabled, tables }: SchemaNode,
  policy: SchemaChangeHandling,
): Choice | undefined {
  if (!enabled) return undefined;
  const nodes = Object.values(tables);
  const isWhole = nodes.every((table) => (table.enabled ? isPlain(table) : table.locked));
  if (isWhole) return { fields: {} };
  const inner = itemsOf(tables, (table) =>
    table.enabled && !(table.locked && isPlain(table)) ? tableChoice(table, policy) : undefined,
  );
  return { fields: {}, inner: inner.size > 0 ? inner : placeholder(tables) };
}

/** A schema without listed tables would mean all of them, so one is listed as it is. */
function placeholder(tables: Record<string, TableNode>): SelectedItems {
  const entries = Object.entries(tables);
  const [name = '', table] = entries.find(([, { enabled }]) => enabled) ?? entries[0] ?? [];
  return new Map([[name, itemOf(name, { fields: table?.enabled ? {} : { enabled: false } })]]);
}

/** Whether listing a table with its name alone says all about it, if it is enabled. */
const isPlain = (table: TableNode): boolean =>
  otherSyncMode(table) === undefined && !(table.supports_columns_config && isSpecial(table));

/** What a selection says about a table, apart from whether it is enabled. */
function tableChoice(table: TableNode, policy: SchemaChangeHandling): Choice {
  const sync_mode = otherSyncMode(table);
  const inner = columnsOfTable(table, namesAllColumns(table, policy));
  return { fields: { ...(sync_mode && { sync_mode }) }, ...(inner.size > 0 && { inner }) };
}

/** The sync mode of a table unless it is the default. */
const otherSyncMode = (table: TableNode) => {
  const mode = syncModeOf(table);
  return mode === 'SOFT_DELETE' ? undefined : mode;
};
