import { PRIMARY_KEY_LOCK } from '../../source-trees.mjs';
import { applySelection } from './apply-selection.mjs';

/** @typedef {import('../state.mjs').State} State */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */
/** @typedef {import('../../source-trees.mjs').Lock} Lock */
/** @typedef {import('../../source-trees.mjs').SourceTree} SourceTree */
/** @typedef {import('../../source-trees.mjs').SourceTable} SourceTable */
/** @typedef {import('../../source-trees.mjs').SourceColumn} SourceColumn */
/** @typedef {'ALLOW_ALL' | 'ALLOW_COLUMNS' | 'BLOCK_ALL'} Policy */
/** @typedef {'PRESERVE' | 'EXCLUDE' | 'INCLUDE'} ExcludeMode */

/**
 * @typedef {{ enabled: boolean, hashed: boolean, is_primary_key?: boolean }} ColumnConfig
 * `is_primary_key` only when a request set it
 */

/**
 * @typedef {object} TableConfig
 * @property {boolean} enabled
 * @property {string} sync_mode
 * @property {Record<string, ColumnConfig>} columns only those that were ever overridden
 * @property {string[]} known the source's columns at the last reload
 */

/** @typedef {{ enabled: boolean, tables: Record<string, TableConfig> }} SchemaItem */

/**
 * A connection's schema config: what it syncs.
 * @typedef {object} SchemaConfig
 * @property {Policy} schema_change_handling
 * @property {boolean} lateColumnsVisible whether late columns have appeared
 * @property {Record<string, SchemaItem>} schemas
 */

/**
 * The body of a request that selects schemas, tables and columns.
 * @typedef {object} SelectionBody
 * @property {Policy} [schema_change_handling]
 * @property {Record<string, { enabled?: boolean, tables?: Record<string, {
 *   enabled?: boolean, sync_mode?: string, columns?: Record<string, {
 *   enabled?: boolean, hashed?: boolean, is_primary_key?: boolean }> }> }>} [schemas]
 */

/**
 * What the source of a connection contains, or undefined when there is nothing to select.
 * @param {State} state
 * @param {{ service: string }} stored
 * @returns {SourceTree | undefined}
 */
export const sourceTreeOf = ({ sourceTree }, { service }) =>
  Object.hasOwn(sourceTree, service) ? sourceTree[service] : undefined;

/**
 * The schema config after reading the source. Items that are new to it follow the policy; the first
 * capture enables everything. `EXCLUDE` and `INCLUDE` switch everything that isn't locked, but not
 * columns that were never overridden.
 * @param {State} state
 * @param {StoredConnection} stored
 * @param {ExcludeMode} [mode]
 * @returns {SchemaConfig | undefined} undefined when there is nothing to select
 */
export function capturedConfig(state, stored, mode = 'PRESERVE') {
  const tree = sourceTreeOf(state, stored);
  if (tree === undefined) return undefined;
  const before = stored.schemaConfig;
  const policy = before?.schema_change_handling ?? 'ALLOW_ALL';
  const isNewEnabled = before === undefined || policy === 'ALLOW_ALL';
  /** @param {boolean | undefined} enabled @param {Lock} [lock] */
  const switched = (enabled = isNewEnabled, lock = undefined) => {
    if (lock) return lock.enabled;
    return mode === 'PRESERVE' ? enabled : mode === 'INCLUDE';
  };
  /** @param {SourceTable} source @param {TableConfig | undefined} config @returns {TableConfig} */
  const tableConfig = (source, config) => ({
    enabled: switched(config?.enabled, source.locked),
    sync_mode: config?.sync_mode ?? source.sync_mode ?? 'SOFT_DELETE',
    columns: mapValues(
      { ...config?.columns, ...blockedColumns(source, config, policy) },
      (column, name) => ({
        ...column,
        enabled: switched(column.enabled, lockOf(source.columns[name])),
      }),
    ),
    known: Object.keys(source.columns),
  });
  const config = {
    schema_change_handling: policy,
    lateColumnsVisible: before?.lateColumnsVisible ?? false,
    schemas: mapValues(tree, (tables, name) => ({
      enabled: switched(before?.schemas[name]?.enabled),
      tables: mapValues(tables, (source, table) =>
        tableConfig(source, before?.schemas[name]?.tables[table]),
      ),
    })),
  };
  if (stored.pendingSelection) applySelection(config, stored.pendingSelection);
  return config;
}

/**
 * Columns that appeared at the source since the last reload, which `BLOCK_ALL` disables.
 * @param {SourceTable} source
 * @param {TableConfig | undefined} config
 * @param {Policy} policy
 * @returns {Record<string, ColumnConfig>}
 */
function blockedColumns(source, config, policy) {
  if (config === undefined || policy !== 'BLOCK_ALL') return {};
  const added = Object.keys(source.columns).filter((name) => !config.known.includes(name));
  return Object.fromEntries(added.map((name) => [name, { enabled: false, hashed: false }]));
}

/**
 * The lock of a column, if it has one.
 * @param {SourceColumn | undefined} column
 * @returns {Lock | undefined}
 */
export const lockOf = (column) =>
  column?.locked ?? (column?.primaryKey ? PRIMARY_KEY_LOCK : undefined);

/**
 * The columns of a source table that Fivetran knows.
 * @param {SourceTable} table
 * @param {{ lateColumnsVisible: boolean }} config
 */
export const visibleColumns = ({ columns }, { lateColumnsVisible }) =>
  Object.fromEntries(Object.entries(columns).filter(([, { late }]) => !late || lateColumnsVisible));

/**
 * @template T, U
 * @param {Record<string, T>} items
 * @param {(item: T, name: string) => U} change
 * @returns {Record<string, U>}
 */
export function mapValues(items, change) {
  return Object.fromEntries(
    Object.entries(items).map(([name, item]) => [name, change(item, name)]),
  );
}
