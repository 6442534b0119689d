import { updateSync } from '../connection/syncing.mjs';
import { failure, invalid, schemaConfigNotFound, success } from '../replies.mjs';
import { itemOf } from './apply-selection.mjs';
import { capturedConfig, sourceTreeOf } from './config.mjs';
import { columnsView, schemaConfigView } from './view.mjs';

/** @typedef {import('../replies.mjs').Answer} Answer */
/** @typedef {import('../routes.mjs').ConnectionCall} ConnectionCall */
/** @typedef {import('./config.mjs').ExcludeMode} ExcludeMode */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */

const EXCLUDE_MODES = ['PRESERVE', 'EXCLUDE', 'INCLUDE'];

/**
 * `POST /v1/connections/{id}/schemas/reload`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function reloadSchemaConfig({ state, stored, body }) {
  updateSync(state, stored);
  const { exclude_mode: mode = 'PRESERVE', ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return invalid(`Unrecognized field '${unknown}'`);
  if (!EXCLUDE_MODES.includes(String(mode))) {
    return invalid(`Field 'exclude_mode' must be one of ${EXCLUDE_MODES.join(', ')}`);
  }
  const isSupported = !state.servicesWithoutReload.includes(stored.service);
  const config = isSupported
    ? capturedConfig(state, stored, /** @type {ExcludeMode} */ (mode))
    : undefined;
  if (config === undefined) {
    const message = 'Schema reload is not supported for this connection type';
    return failure(400, 'NotSupported_SchemaReload', message);
  }
  if (stored.setup_state !== 'connected') return notConnected(stored);
  stored.schemaConfig = config;
  stored.pendingSelection = undefined;
  const data = schemaConfigView(state, stored, config);
  return success({ data, delayMs: state.reloadSeconds * 1000 });
}

/**
 * `GET /v1/connections/{id}/schemas/{schema}/tables/{table}/columns`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function getColumns({ state, stored, params: [, schema = '', name = ''] }) {
  updateSync(state, stored);
  const { schemaConfig: config } = stored;
  const tree = sourceTreeOf(state, stored);
  if (config === undefined || tree === undefined) return schemaConfigNotFound(stored);
  if (stored.setup_state !== 'connected') return notConnected(stored);
  const tables = itemOf(tree, schema);
  if (tables === undefined) {
    return failure(404, 'NotFound_Schema', `Schema '${schema}' does not exist`);
  }
  const source = itemOf(tables, name);
  const table = itemOf(config.schemas[schema]?.tables ?? {}, name);
  if (source === undefined || table === undefined) {
    return failure(404, 'NotFound_Table', `Table '${name}' does not exist in schema '${schema}'`);
  }
  if (source.supports_columns_config === false) {
    return invalid(`Table '${name}' does not support the selection of columns`);
  }
  return success({ data: { columns: columnsView(table, source, config) } });
}

/** @param {StoredConnection} stored */
const notConnected = ({ id }) =>
  failure(409, 'Conflict', `Connection '${id}' is not connected, so its source can't be read`);
