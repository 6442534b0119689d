import { connectCardProblem } from './fields.mjs';
import { jsonType } from './json-type.mjs';
import { failure, invalid, success } from './replies.mjs';
import { viewAfterTests } from './setup-tests.mjs';
import { startSync } from './syncing.mjs';
import { connectCardOf } from './view.mjs';

/** @typedef {import('./replies.mjs').Answer} Answer */
/** @typedef {import('./routes.mjs').ConnectionCall} ConnectionCall */
/** @typedef {import('./state.mjs').Fields} Fields */

/**
 * Checks a body that may have only these fields, all of one type.
 * @param {Fields} body
 * @param {string[]} names
 * @param {string} type
 */
function shapeProblem(body, names, type) {
  for (const [name, value] of Object.entries(body)) {
    if (!names.includes(name)) return `Unrecognized field '${name}'`;
    if (jsonType(value) !== type) return `Field '${name}' must be of type ${type}`;
  }
}

/**
 * `POST /v1/connections/{id}/test`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function testConnection({ state, stored, body }) {
  const problem = shapeProblem(body, ['trust_certificates', 'trust_fingerprints'], 'boolean');
  if (problem) return invalid(problem);
  const { trust_certificates, trust_fingerprints } = body;
  return success(viewAfterTests(state, stored, { trust_certificates, trust_fingerprints }));
}

/**
 * `POST /v1/connections/{id}/fingerprints`
 * @param {ConnectionCall} call
 */
export const approveFingerprint = ({ state, stored, body }) =>
  approve(stored, body, state.hostKeys, 'public_key');

/**
 * `POST /v1/connections/{id}/certificates`
 * @param {ConnectionCall} call
 */
export const approveCertificate = ({ state, stored, body }) =>
  approve(stored, body, state.certificates, 'encoded_cert');

/**
 * Approves a host key or certificate. The source must have presented exactly this pair of hash and
 * content, so that a mixed-up pair is refused.
 * @template {'public_key' | 'encoded_cert'} K
 * @param {ConnectionCall['stored']} stored
 * @param {Fields} body
 * @param {(Record<K, string> & { hash: string })[]} presented
 * @param {K} content
 * @returns {Answer}
 */
function approve(stored, body, presented, content) {
  const problem = shapeProblem(body, ['hash', content], 'string');
  if (problem) return invalid(problem);
  if (!body.hash || !body[content]) return invalid(`Fields 'hash' and '${content}' are required`);
  const match = presented.find(({ hash }) => hash === body.hash);
  if (match === undefined || match[content] !== body[content]) {
    return invalid(`The source did not present this pair of 'hash' and '${content}'`);
  }
  stored.approved.add(match.hash);
  const validated = { validated_by: 'sandbox_user', validated_date: stored.created_at };
  return success({ status: 201, message: 'Approved', data: { ...match, ...validated } });
}

/**
 * `POST /v1/connections/{id}/sync`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function syncConnection({ state, stored, body }) {
  const problem = shapeProblem(body, ['force'], 'boolean');
  if (problem) return invalid(problem);
  if (stored.settings.paused === true) {
    return failure(409, 'Conflict', `Connection '${stored.id}' is paused and cannot sync`);
  }
  startSync(state, stored, { force: body.force === true });
  return success({ message: `Sync has been successfully triggered for connection '${stored.id}'` });
}

/**
 * `POST /v1/connections/{id}/connect-card`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function createConnectCard({ stored, body }) {
  const shape = shapeProblem(body, ['connect_card_config'], 'object');
  if (shape) return invalid(shape);
  const config = /** @type {Fields | undefined} */ (body.connect_card_config);
  if (config === undefined) return invalid("Field 'connect_card_config' is required");
  const problem = connectCardProblem(config);
  if (problem) return invalid(`Field 'connect_card_config' ${problem}`);
  stored.settings.connect_card_config = config;
  return success({ data: { connect_card: connectCardOf(stored), connect_card_config: config } });
}
