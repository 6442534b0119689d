/** @typedef {import('./config.mjs').SchemaConfig} SchemaConfig */
/** @typedef {import('./config.mjs').SelectionBody} SelectionBody */
/** @typedef {import('./config.mjs').TableConfig} TableConfig */

/**
 * Applies a selection to a schema config. Items that the config does not have are ignored.
 * @param {SchemaConfig} config changed in place
 * @param {SelectionBody} body
 */
export function applySelection(config, { schema_change_handling, schemas = {} }) {
  if (schema_change_handling) config.schema_change_handling = schema_change_handling;
  for (const [schema, { enabled, tables = {} }] of Object.entries(schemas)) {
    const item = itemOf(config.schemas, schema);
    if (item === undefined) continue;
    if (enabled !== undefined) item.enabled = enabled;
    for (const [name, choice] of Object.entries(tables)) {
      const table = itemOf(item.tables, name);
      if (table) applyTable(table, choice);
    }
  }
}

/**
 * @param {TableConfig} table
 * @param {NonNullable<NonNullable<SelectionBody['schemas']>[string]['tables']>[string]} choice
 */
function applyTable(table, { enabled, sync_mode, columns = {} }) {
  if (enabled !== undefined) table.enabled = enabled;
  if (sync_mode !== undefined) table.sync_mode = sync_mode;
  for (const [name, column] of Object.entries(columns)) {
    const before = itemOf(table.columns, name) ?? { enabled: true, hashed: false };
    table.columns[name] = { ...before, ...column };
  }
}

/**
 * The item of that name, or undefined.
 * @template T
 * @param {Record<string, T>} items
 * @param {string} name
 * @returns {T | undefined}
 */
export const itemOf = (items, name) => (Object.hasOwn(items, name) ? items[name] : undefined);
