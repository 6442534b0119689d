import { itemOf } from './apply-selection.mjs';
import { lockOf, mapValues, sourceTreeOf, visibleColumns } from './config.mjs';

/** @typedef {import('./config.mjs').SchemaConfig} SchemaConfig */
/** @typedef {import('./config.mjs').SelectionBody} SelectionBody */
/** @typedef {import('./config.mjs').TableConfig} TableConfig */
/** @typedef {import('../state.mjs').State} State */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */
/** @typedef {import('../../source-trees.mjs').Lock} Lock */
/** @typedef {import('../../source-trees.mjs').SourceTable} SourceTable */

/**
 * A schema config as the API answers it. Columns appear only when they were ever overridden.
 * @param {State} state
 * @param {StoredConnection} stored
 * @param {SchemaConfig} config
 * @param {SelectionBody} [named] limits the answer to the items that this body names
 */
export function schemaConfigView(state, stored, config, named) {
  const tree = sourceTreeOf(state, stored) ?? {};
  const only = named && (named.schemas ?? {});
  return {
    enable_new_by_default: config.schema_change_handling === 'ALLOW_ALL',
    schema_change_handling: config.schema_change_handling,
    schemas: mapValues(pick(config.schemas, only), ({ enabled, tables }, schema) => ({
      name_in_destination: destinationName(stored, schema),
      enabled,
      tables: mapValues(pick(tables, only && (only[schema]?.tables ?? {})), (table, name) =>
        tableView(table, name, tree[schema]?.[name]),
      ),
    })),
  };
}

/**
 * A selection that was posted before the schema is captured, as the API answers it.
 * @param {State} state
 * @param {StoredConnection} stored
 * @param {SelectionBody} selection
 */
export function pendingView(state, stored, { schema_change_handling = 'ALLOW_ALL', schemas = {} }) {
  return schemaConfigView(state, stored, {
    schema_change_handling,
    lateColumnsVisible: false,
    schemas: mapValues(schemas, ({ enabled = true, tables = {} }) => ({
      enabled,
      tables: mapValues(tables, (table) => ({
        enabled: table.enabled ?? true,
        sync_mode: table.sync_mode ?? 'SOFT_DELETE',
        columns: mapValues(table.columns ?? {}, (column) => ({
          enabled: true,
          hashed: false,
          ...column,
        })),
        known: [],
      })),
    })),
  });
}

/** @param {TableConfig} table @param {string} name @param {SourceTable | undefined} source */
function tableView({ enabled, sync_mode, columns }, name, source) {
  const supportsColumns = source?.supports_columns_config !== false;
  const overridden = mapValues(columns, (_, column) => columnView(column, columns, source));
  return {
    name_in_destination: name.toLowerCase(),
    enabled,
    sync_mode,
    supports_columns_config: supportsColumns,
    supports_history_mode: source?.supports_history_mode !== false,
    enabled_patch_settings: patchSettings(source?.locked),
    ...(Object.keys(columns).length > 0 ? { columns: overridden } : {}),
  };
}

/**
 * The source's columns of a table as the API answers them, overridden or not.
 * @param {TableConfig} table
 * @param {SourceTable} source
 * @param {SchemaConfig} config
 */
export const columnsView = ({ columns }, source, config) =>
  mapValues(visibleColumns(source, config), (_, name) => columnView(name, columns, source));

/** @param {string} name @param {TableConfig['columns']} columns @param {SourceTable | undefined} source */
function columnView(name, columns, source) {
  const column = source && itemOf(source.columns, name);
  return {
    name_in_destination: name.toLowerCase(),
    is_primary_key: column?.primaryKey === true,
    ...(itemOf(columns, name) ?? { enabled: true, hashed: false }),
    enabled_patch_settings: patchSettings(lockOf(column)),
  };
}

/** @param {Lock | undefined} lock */
const patchSettings = (lock) =>
  lock ? { allowed: false, reason_code: lock.reason_code, reason: lock.reason } : { allowed: true };

/** @param {StoredConnection} stored @param {string} schema */
const destinationName = ({ schema: name, sent }, schema) =>
  sent.config.schema_prefix ? `${name}_${schema.toLowerCase()}` : name;

/**
 * @template T
 * @param {Record<string, T>} items
 * @param {Record<string, unknown> | undefined} only undefined: all
 */
const pick = (items, only) =>
  only
    ? Object.fromEntries(Object.entries(items).filter(([name]) => Object.hasOwn(only, name)))
    : items;
