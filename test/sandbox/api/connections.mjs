import { typeProblems } from '../metadata.mjs';
import { scenarioNamed } from '../scenarios.mjs';
import { fieldProblems, lasting } from './fields.mjs';
import { nameFrom } from './naming.mjs';
import { failure, invalid, success } from './replies.mjs';
import { testedView } from './setup-tests.mjs';
import { findByName, keep, keepOld } from './store.mjs';
import { connectCardOf, viewOf } from './view.mjs';

/** @typedef {import('./replies.mjs').Answer} Answer */
/** @typedef {import('./router.mjs').Call} Call */
/** @typedef {import('./router.mjs').CallOnOne} CallOnOne */
/** @typedef {import('./store.mjs').Fields} Fields */

/**
 * `POST /v1/connections`
 * @param {Call} call
 * @returns {Answer}
 */
export function createConnection({ world, body, scenario }) {
  const problem = createProblem(world, body);
  if (problem) return problem;
  const seed = { ...lasting(body), scenario };
  const conflict = nameConflict(world, seed);
  if (conflict) return conflict;
  const stored = keep(world, seed);
  const card = body.connect_card_config ? { connect_card: connectCardOf(stored) } : {};
  return success({ status: 201, ...testedView(world, stored, body, card) });
}

/** @param {Call['world']} world @param {Fields} body */
function createProblem(world, body) {
  const problems = fieldProblems(body, 'create');
  if (problems.length > 0) return invalid(problems.join('; '));
  if (!world.groups.has(String(body.group_id))) return noGroup(body.group_id);
  const inSource = typeProblems(String(body.service), body);
  if (inSource === undefined && world.services === 'known') return noService(body.service);
  if (inSource && inSource.length > 0) return invalid(inSource.join('; '));
}

/** @param {Call['world']} world @param {import('./store.mjs').Seed} seed */
function nameConflict(world, seed) {
  const name = nameFrom(seed.config ?? {});
  const isThere = name !== undefined && findByName(world, String(seed.group_id), name);
  const { nameTaken = false } = scenarioNamed(seed.scenario ?? world.scenario);
  if (!isThere && !nameTaken) return undefined;
  if (!isThere && name !== undefined) {
    keepOld(world, { ...seed, scenario: 'connected' });
  }
  const message = `The destination has a connection named '${name}' already`;
  return failure(world.conflictStatus, 'Conflict', message);
}

/**
 * `GET /v1/connections`
 * @param {Call} call
 * @returns {Answer}
 */
export function listConnections({ world, query }) {
  const { group_id: groupId, schema, cursor, limit = '100' } = query;
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > 1000) {
    return invalid(`limit must be a number from 1 to 1000, is '${limit}'`);
  }
  const after = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isInteger(after)) return invalid(`cursor '${cursor}' is not one of ours`);
  if (groupId !== undefined && !world.groups.has(groupId)) return noGroup(groupId);
  const matching = [...world.connections.values()].filter(
    (stored) =>
      stored.number > after &&
      (groupId === undefined || stored.group_id === groupId) &&
      (schema === undefined || stored.schema === schema),
  );
  const page = matching.slice(0, Number(limit));
  const next = matching.length > page.length ? String(page.at(-1)?.number) : undefined;
  const next_cursor = next && Buffer.from(next).toString('base64url');
  return success({ data: { items: page.map((stored) => viewOf(world, stored)), next_cursor } });
}

/**
 * `GET /v1/connections/{id}`
 * @param {CallOnOne} call
 */
export const getConnection = ({ world, stored }) => success({ data: viewOf(world, stored) });

/**
 * `PATCH /v1/connections/{id}`
 * @param {CallOnOne} call
 * @returns {Answer}
 */
export function patchConnection({ world, stored, body }) {
  const problems = fieldProblems(body, 'patch');
  if (problems.length === 0) problems.push(...(typeProblems(stored.service, body) ?? []));
  if (problems.length > 0) return invalid(problems.join('; '));
  const { config, auth, ...settings } = /** @type {Record<string, Fields>} */ (lasting(body));
  Object.assign(stored.sent.config, config);
  Object.assign(stored.sent.auth, auth);
  Object.assign(stored.settings, settings);
  if (stored.settings.paused === true) stored.syncStartedAt = undefined;
  const message = 'Connection has been updated';
  const isChanged = Object.keys(body).length > 0;
  const answer = isChanged
    ? testedView(world, stored, body)
    : { data: viewOf(world, stored), delayMs: 0 };
  return success({ message, ...answer });
}

/**
 * `DELETE /v1/connections/{id}`
 * @param {CallOnOne} call
 */
export function deleteConnection({ world, stored }) {
  world.connections.delete(stored.id);
  world.deleted.push(stored.id);
  return success({ message: `Connection with id '${stored.id}' has been deleted` });
}

/** @param {unknown} id */
export const noGroup = (id) => failure(404, 'NotFound_Group', `There is no group '${id}'`);

/** @param {unknown} name */
export const noService = (name) =>
  failure(404, 'NotFound_Service', `There is no service '${name}'`);
