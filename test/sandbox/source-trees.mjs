/**
 * Why an item can't be switched, and the state that it is fixed in.
 * @typedef {{ enabled: boolean, reason_code: string, reason: string }} Lock
 */

/**
 * A column at the source.
 * @typedef {object} SourceColumn
 * @property {true} [primaryKey] part of the primary key, and so locked as enabled
 * @property {Lock} [locked]
 * @property {true} [late] unknown to Fivetran until a PATCH sets the policy `BLOCK_ALL`
 */

/**
 * A table at the source.
 * @typedef {object} SourceTable
 * @property {Record<string, SourceColumn>} columns
 * @property {Lock} [locked]
 * @property {'SOFT_DELETE' | 'HISTORY' | 'LIVE'} [sync_mode] `SOFT_DELETE` by default
 * @property {false} [supports_history_mode] true by default
 * @property {false} [supports_columns_config] false: its columns can't be selected
 */

/**
 * What a source contains: tables by schema and table name, both as the source spells them.
 * @typedef {Record<string, Record<string, SourceTable>>} SourceTree
 */

/** The lock of a primary key column. @type {Lock} */
export const PRIMARY_KEY_LOCK = {
  enabled: true,
  reason_code: 'SYSTEM_COLUMN',
  reason: 'The column does not support exclusion as it is a Primary Key',
};

/** @type {Lock} */
const SYSTEM_TABLE = {
  enabled: true,
  reason_code: 'SYSTEM_TABLE',
  reason: 'The table is required for the sync and does not support exclusion',
};

/** @type {Lock} */
const UNSUPPORTED_TABLE = {
  enabled: false,
  reason_code: 'OTHER',
  reason: 'The table has no primary key and the update method requires one',
};

/**
 * A table with an `id` as its primary key.
 * @param {string} columns the other columns, separated by spaces
 * @param {Partial<SourceTable>} [more]
 * @returns {SourceTable}
 */
export const tableOf = (columns, more) => ({
  columns: {
    id: { primaryKey: true },
    ...Object.fromEntries(columns.split(' ').map((name) => [name, {}])),
  },
  ...more,
});

/** @returns {SourceTree} */
const database = () => ({
  public: {
    customers: tableOf('name country created_at'),
    events: tableOf('user_id kind payload created_at'),
    orders: tableOf('customer_id total currency created_at'),
    users: tableOf('name email notes created_at'),
    Invoices: tableOf('order_id amount'),
    schema_migrations: { columns: { version: {} }, locked: SYSTEM_TABLE },
    raw_imports: { columns: { line: {} }, locked: UNSUPPORTED_TABLE },
    search_index: tableOf('document', { supports_columns_config: false }),
  },
  audit: {
    logins: tableOf('user_id ip_address created_at'),
    changes: tableOf('user_id table_name before after'),
  },
});

/**
 * The default sources, by service. A service without a source syncs into one table and has nothing
 * to select.
 * @type {() => Record<string, SourceTree>}
 */
export const defaultSourceTrees = () => ({
  postgres: database(),
  mysql: database(),
  db2luw: database(),
  salesforce: {
    salesforce: {
      account: tableOf('name industry'),
      contact: tableOf('account_id email phone'),
      opportunity: tableOf('account_id amount stage'),
    },
  },
  github: {
    github: {
      commit: tableOf('sha message author_email'),
      issue: tableOf('title body user_id'),
      repository: tableOf('name is_private'),
    },
  },
  '15five': {
    '15five': {
      objective: tableOf('user_id title'),
      user: tableOf('name email'),
    },
  },
});

/** The services whose schema can't be reloaded: it is captured by the first sync only. */
export const SERVICES_WITHOUT_RELOAD = ['15five', 'buildkite', 'uservoice', 'google_sheets', 's3'];
