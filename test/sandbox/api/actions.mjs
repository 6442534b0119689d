import { connectCardProblem, jsonType } from './fields.mjs';
import { failure, invalid, success } from './replies.mjs';
import { testedView } from './setup-tests.mjs';
import { startSync } from './syncing.mjs';
import { connectCardOf } from './view.mjs';

/** @typedef {import('./replies.mjs').Answer} Answer */
/** @typedef {import('./router.mjs').CallOnOne} CallOnOne */
/** @typedef {import('./store.mjs').Fields} Fields */

/**
 * What is wrong with a body that may have only these fields, all of one type.
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
 * @param {CallOnOne} call
 * @returns {Answer}
 */
export function testConnection({ world, stored, body }) {
  const problem = shapeProblem(body, ['trust_certificates', 'trust_fingerprints'], 'boolean');
  if (problem) return invalid(problem);
  const { trust_certificates, trust_fingerprints } = body;
  return success(testedView(world, stored, { trust_certificates, trust_fingerprints }));
}

/**
 * `POST /v1/connections/{id}/fingerprints`
 * @param {CallOnOne} call
 */
export const approveFingerprint = ({ world, stored, body }) =>
  approve(stored, body, world.hostKeys, 'public_key');

/**
 * `POST /v1/connections/{id}/certificates`
 * @param {CallOnOne} call
 */
export const approveCertificate = ({ world, stored, body }) =>
  approve(stored, body, world.certificates, 'encoded_cert');

/**
 * Only what the source presented can be approved, so that a pair that was mixed up is noticed.
 * @template {'public_key' | 'encoded_cert'} K
 * @param {CallOnOne['stored']} stored
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
    return invalid(`The source presented no such pair of 'hash' and '${content}'`);
  }
  stored.approved.add(match.hash);
  const validated = { validated_by: 'sandbox_user', validated_date: stored.created_at };
  return success({ status: 201, message: 'Approved', data: { ...match, ...validated } });
}

/**
 * `POST /v1/connections/{id}/sync`
 * @param {CallOnOne} call
 * @returns {Answer}
 */
export function syncConnection({ stored, body }) {
  const problem = shapeProblem(body, ['force'], 'boolean');
  if (problem) return invalid(problem);
  if (stored.settings.paused === true) {
    return failure(409, 'Conflict', `Connection '${stored.id}' is paused and can't sync`);
  }
  startSync(stored, body.force === true);
  return success({ message: `Sync of connection '${stored.id}' has been started` });
}

/**
 * `POST /v1/connections/{id}/connect-card`
 * @param {CallOnOne} call
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
