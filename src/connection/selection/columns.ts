import { RefusedError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { ColumnNode, SchemaTree, TableNode } from '../../fivetran/responses/schema-tree.ts';
import type { TableName } from '../../fivetran/schema-endpoints.ts';
import { pathAsWritten } from '../../inputs/selection.ts';
import type { SchemaSelection, SelectedColumn } from '../../inputs/spec.ts';
import { valueAt } from '../../text/mapping.ts';
import type { Context } from '../state.ts';
import { mapItems, nonEmpty } from './tree.ts';

/** How many tables of one connection have their columns listed at once. */
const maxParallel = 4;

/** A table whose columns are to be listed, and the columns that the selection names. */
type Listing = TableName & { selected: Record<string, SelectedColumn> };
type ListColumns = (listing: Listing) => Promise<Record<string, ColumnNode>>;

/**
 * Adds the columns that comparing the selection needs. Fivetran's tree contains only columns that
 * were ever configured; the others sync. Columns are listed where the selection names one that the
 * tree lacks, and where BLOCK_ALL disables those that it does not name.
 */
export async function withColumns(
  tree: SchemaTree,
  selection: SchemaSelection,
  list: ListColumns,
): Promise<SchemaTree> {
  const columns = new Map<TableNode, Record<string, ColumnNode>>();
  const queue = tablesToList(tree, selection);
  async function listInTurn(): Promise<void> {
    // The workers share one generator, and an error in one of them ends it for all.
    for (const { node, ...listing } of queue) columns.set(node, await list(listing));
  }
  const ends = await Promise.allSettled(Array.from({ length: maxParallel }, listInTurn));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  if (columns.size === 0) return tree;
  const schemas = mapItems(tree.schemas, (schema) => ({
    ...schema,
    tables: mapItems(schema.tables, (table) =>
      columns.has(table)
        ? { ...table, columns: { ...columns.get(table), ...table.columns } }
        : table,
    ),
  }));
  return { ...tree, schemas };
}

/**
 * Lists the columns of a connection's tables from the source, which requires a complete setup. Where
 * that is impossible, the columns that the selection names are assumed to exist and to have never
 * been configured.
 */
export function columnsOf(
  { id, status }: Connection,
  { fivetran }: Pick<Context, 'fivetran'>,
): ListColumns {
  return async ({ selected, ...table }) => {
    const assumed = mapItems(selected, () => neverConfigured);
    if (status.setup_state !== 'connected') return assumed;
    try {
      return await fivetran.columns(id, table);
    } catch (error) {
      const cannotList = error instanceof RefusedError && error.code.startsWith('NotSupported');
      if (!cannotList) throw error;
      return assumed;
    }
  };
}

const neverConfigured: ColumnNode = {
  enabled: true,
  hashed: false,
  is_primary_key: false,
  locked: false,
};

function* tablesToList(
  tree: SchemaTree,
  selection: SchemaSelection,
): Generator<Listing & { node: TableNode }> {
  for (const [schema, { tables = {} }] of Object.entries(selection.schemas)) {
    for (const [table, { enabled, columns }] of Object.entries(tables)) {
      const selected = nonEmpty(columns);
      const node = valueAt(valueAt(tree.schemas, schema)?.tables, table);
      if (!selected || !node?.supports_columns_config) continue;
      const isNeeded =
        (selection.schema_change_handling === 'BLOCK_ALL' && enabled) ||
        Object.keys(selected).some((column) => !valueAt(node.columns, column));
      const shown = pathAsWritten([schema, table], selection);
      if (isNeeded) yield { schema, table, shown, selected, node };
    }
  }
}
