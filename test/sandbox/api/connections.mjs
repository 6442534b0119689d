import { immutableProblems, typeProblems } from '../metadata.mjs';
import { scenarioNamed } from '../scenarios.mjs';
import { nameFrom } from './connection/connection-name.mjs';
import { fieldProblems, storedFields } from './connection/fields.mjs';
import { viewAfterTests } from './connection/setup-tests.mjs';
import { addConnection, addExistingConnection, findByName } from './connection/store.mjs';
import { stopSync } from './connection/syncing.mjs';
import { connectCardOf, viewOf } from './connection/view.mjs';
import { failure, groupNotFound, invalid, serviceNotFound, success } from './replies.mjs';

/** @typedef {import('./replies.mjs').Answer} Answer */
/** @typedef {import('./routes.mjs').Call} Call */
/** @typedef {import('./routes.mjs').ConnectionCall} ConnectionCall */
/** @typedef {import('./state.mjs').Fields} Fields */
/** @typedef {import('./state.mjs').State} State */
/** @typedef {import('./connection/store.mjs').NewConnection} NewConnection */

/**
 * `POST /v1/connections`
 * @param {Call} call
 * @returns {Answer}
 */
export function createConnection({ state, body, scenario }) {
  const problem = createProblem(state, body);
  if (problem) return problem;
  const { group_id, service, config, auth, ...settings } = storedFields(body);
  const connection = /** @type {NewConnection} */ ({
    group_id,
    service,
    schema: nameFrom(/** @type {Fields} */ (config ?? {}), String(service)),
    config: config ?? {},
    auth: auth ?? {},
    settings,
    scenario,
  });
  const conflict = nameConflict(state, connection);
  if (conflict) return conflict;
  const stored = addConnection(state, connection);
  const card = body.connect_card_config ? { connect_card: connectCardOf(stored) } : {};
  return success({ status: 201, ...viewAfterTests(state, stored, body, card) });
}

/** @param {State} state @param {Fields} body */
function createProblem(state, body) {
  const problems = fieldProblems(body, 'create');
  if (problems.length > 0) return invalid(problems.join('; '));
  if (!state.groups.has(String(body.group_id))) return groupNotFound(body.group_id);
  const inSource = typeProblems(String(body.service), body);
  if (inSource === undefined && state.services === 'known') return serviceNotFound(body.service);
  if (inSource && inSource.length > 0) return invalid(inSource.join('; '));
}

/** @param {State} state @param {NewConnection} connection */
function nameConflict(state, { settings, scenario = state.scenario, ...connection }) {
  const { group_id, schema } = connection;
  const exists = schema !== undefined && findByName(state, group_id, schema);
  const { nameTaken = false } = scenarioNamed(scenario);
  if (!exists && !nameTaken) return undefined;
  if (!exists && schema !== undefined) {
    addExistingConnection(state, { ...settings, ...connection, schema, scenario: 'connected' });
  }
  const message = `The destination already has a connection named '${schema}'`;
  return failure(state.conflictStatus, 'Conflict', message);
}

/**
 * `GET /v1/connections`
 * @param {Call} call
 * @returns {Answer}
 */
export function listConnections({ state, query }) {
  const { group_id: groupId, schema, cursor, limit = '100' } = query;
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > 1000) {
    return invalid(`limit must be a number from 1 to 1000, but is '${limit}'`);
  }
  const after = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isInteger(after)) return invalid(`cursor '${cursor}' is invalid`);
  const matching = [...state.connections.values()].filter(
    (stored) =>
      stored.number > after &&
      (state.listLagMs === 0 || Date.parse(stored.created_at) + state.listLagMs <= state.now()) &&
      (groupId === undefined || stored.group_id === groupId) &&
      (schema === undefined || stored.schema === schema),
  );
  const page = matching.slice(0, Number(limit));
  const next = matching.length > page.length ? String(page.at(-1)?.number) : undefined;
  const next_cursor = next && Buffer.from(next).toString('base64url');
  const items = page.map((stored) => {
    const { config, ...others } = viewOf(state, stored);
    return state.listItems === 'with config' ? { ...others, config } : others;
  });
  return success({ data: { items, next_cursor } });
}

/**
 * `GET /v1/connections/{id}`
 * @param {ConnectionCall} call
 */
export function getConnection({ state, stored }) {
  const data = viewOf(state, stored);
  stored.stalePausedReads = Math.max(0, stored.stalePausedReads - 1);
  return success({ data });
}

/**
 * `PATCH /v1/connections/{id}`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function patchConnection({ state, stored, body }) {
  const problems = fieldProblems(body, 'patch');
  if (problems.length === 0) {
    problems.push(...(typeProblems(stored.service, body) ?? []));
    problems.push(...immutableProblems(stored.service, body));
  }
  if (problems.length > 0) return invalid(problems.join('; '));
  const message = 'Connection has been updated';
  if (Object.keys(body).length === 0) return success({ message, data: viewOf(state, stored) });
  stopSync(state, stored);
  const { config, auth, ...settings } = /** @type {Record<string, Fields>} */ (storedFields(body));
  const wasPaused = stored.settings.paused === true;
  Object.assign(stored.sent.config, config);
  Object.assign(stored.sent.auth, auth);
  Object.assign(stored.settings, settings);
  const answer = viewAfterTests(state, stored, body);
  const { staleAfterUnpause = 0 } = scenarioNamed(stored.scenario);
  if (wasPaused && stored.settings.paused === false) stored.stalePausedReads = staleAfterUnpause;
  return success({ message, ...answer });
}

/**
 * `DELETE /v1/connections/{id}`
 * @param {ConnectionCall} call
 */
export function deleteConnection({ state, stored }) {
  state.connections.delete(stored.id);
  state.deleted.push(stored.id);
  return success({ message: `Connection with id '${stored.id}' has been deleted` });
}
