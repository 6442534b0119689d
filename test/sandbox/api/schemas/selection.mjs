import { itemOf } from './apply-selection.mjs';
import { capturedConfig, sourceTreeOf, visibleColumns } from './config.mjs';

/** @typedef {import('../state.mjs').State} State */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */

/**
 * What a sync copies: the columns of each table, by `schema.table`.
 * @typedef {Record<string, { columns: string[], hashed: string[] }>} Selection
 */

/**
 * What a sync of the connection would copy now. Columns that were never overridden are included.
 * @param {State} state
 * @param {StoredConnection} stored
 * @returns {Selection} empty when the service has nothing to select
 */
export function selectionOf(state, stored) {
  const tree = sourceTreeOf(state, stored) ?? {};
  const config = stored.schemaConfig ?? capturedConfig(state, stored);
  /** @type {Selection} */
  const selection = {};
  for (const [schema, item] of Object.entries(config?.schemas ?? {})) {
    for (const [name, table] of Object.entries(item.tables)) {
      const source = tree[schema]?.[name];
      if (!config || !source || !item.enabled || !table.enabled) continue;
      const columns = Object.keys(visibleColumns(source, config)).filter(
        (column) => itemOf(table.columns, column)?.enabled !== false,
      );
      const hashed = columns.filter((column) => itemOf(table.columns, column)?.hashed);
      selection[`${schema}.${name}`] = { columns, hashed };
    }
  }
  return selection;
}
