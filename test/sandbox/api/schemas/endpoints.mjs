import { updateSync } from '../connection/syncing.mjs';
import { failure, invalid, schemaConfigNotFound, success } from '../replies.mjs';
import { applySelection } from './apply-selection.mjs';
import { sourceTreeOf } from './config.mjs';
import { bodyProblems, sourceProblems } from './problems.mjs';
import { pendingView, schemaConfigView } from './view.mjs';

/** @typedef {import('../replies.mjs').Answer} Answer */
/** @typedef {import('../routes.mjs').ConnectionCall} ConnectionCall */
/** @typedef {import('./config.mjs').SchemaConfig} SchemaConfig */
/** @typedef {import('./config.mjs').SelectionBody} SelectionBody */
/** @typedef {import('../../source-trees.mjs').SourceTree} SourceTree */

/**
 * `GET /v1/connections/{id}/schemas`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function getSchemaConfig({ state, stored }) {
  updateSync(state, stored);
  const config = stored.schemaConfig;
  return config
    ? success({ data: schemaConfigView(state, stored, config) })
    : schemaConfigNotFound(stored);
}

/**
 * `POST /v1/connections/{id}/schemas`: a selection made before the first sync. It is not checked
 * against the source and applies once the schema is captured.
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function createSchemaConfig({ state, stored, body }) {
  updateSync(state, stored);
  const problems = bodyProblems(body);
  if (body.schemas === undefined) problems.push("Field 'schemas' is required");
  if (problems.length > 0) return invalid(problems.join('; '));
  if (sourceTreeOf(state, stored) === undefined) {
    return invalid(`Service '${stored.service}' does not support schema configs`);
  }
  if (stored.succeeded_at !== null || stored.sync) {
    return invalid('A schema config can be created before the first sync only');
  }
  const selection = /** @type {SelectionBody} */ (body);
  if (stored.schemaConfig) applySelection(stored.schemaConfig, selection);
  else stored.pendingSelection = selection;
  const data = stored.schemaConfig
    ? schemaConfigView(state, stored, stored.schemaConfig)
    : pendingView(state, stored, selection);
  return success({ message: 'Schema config has been created', data });
}

/**
 * `PATCH /v1/connections/{id}/schemas`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function patchSchemaConfig({ state, stored, body }) {
  updateSync(state, stored);
  const { schemaConfig: config } = stored;
  const tree = sourceTreeOf(state, stored);
  if (config === undefined || tree === undefined) return schemaConfigNotFound(stored);
  const concurrentChange = state.schemaConflicts.shift();
  if (concurrentChange) {
    concurrentChange(stored);
    return failure(409, 'Conflict', 'The schema config is being changed by another request');
  }
  const problems = bodyProblems(body);
  if (Object.values(body).every((value) => JSON.stringify(value) === '{}')) {
    problems.push('The request changes nothing');
  }
  if (problems.length > 0) return invalid(problems.join('; '));
  const selection = /** @type {SelectionBody} */ (body);
  const unmatched = sourceProblems(selection, tree, config);
  if (unmatched.length > 0) return invalid(unmatched.join('; '));
  applySelection(config, selection);
  revealLateColumns(config, tree);
  const named = state.schemaPatchAnswer === 'changed' ? selection : undefined;
  return success({ data: schemaConfigView(state, stored, config, named) });
}

/**
 * Adds the columns that Fivetran notices only after a change under `BLOCK_ALL`, enabled.
 * @param {SchemaConfig} config
 * @param {SourceTree} tree
 */
function revealLateColumns(config, tree) {
  if (config.schema_change_handling !== 'BLOCK_ALL' || config.lateColumnsVisible) return;
  config.lateColumnsVisible = true;
  for (const [schema, { tables }] of Object.entries(config.schemas)) {
    for (const [name, table] of Object.entries(tables)) {
      for (const [column, { late }] of Object.entries(tree[schema]?.[name]?.columns ?? {})) {
        if (late && table.enabled) table.columns[column] = { enabled: true, hashed: false };
      }
    }
  }
}
