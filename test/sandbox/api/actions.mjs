import { timestamp } from './clock.mjs';
import { connectCardProblem } from './connection/fields.mjs';
import { viewAfterTests } from './connection/setup-tests.mjs';
import { startSync } from './connection/syncing.mjs';
import { connectCardOf } from './connection/view.mjs';
import { jsonType } from './json-type.mjs';
import { invalid, success } from './replies.mjs';

/** @typedef {import('./replies.mjs').Answer} Answer */
/** @typedef {import('./routes.mjs').ConnectionCall} ConnectionCall */
/** @typedef {import('./state.mjs').Fields} Fields */
/** @typedef {import('./state.mjs').State} State */

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
 * `POST /v1/connections/{id}/fingerprints`: the only documented answer without an envelope.
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function approveFingerprint({ state, stored, body }) {
  const wasApproved = stored.approved.has(String(body.hash));
  const approved = approve(stored, body, state.hostKeys, 'public_key');
  if (typeof approved === 'string') return invalid(approved);
  const { hash, public_key } = approved;
  const fingerprint = { ...approvalOf(state, hash), hash, public_key };
  if (state.fingerprintAnswer === 'enveloped') {
    return success({
      status: 201,
      message: 'The fingerprint has been approved',
      data: fingerprint,
    });
  }
  // A 200 is documented too, without a body.
  return wasApproved ? { status: 200 } : { status: 201, body: fingerprint };
}

/**
 * `POST /v1/connections/{id}/certificates`
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function approveCertificate({ state, stored, body }) {
  const approved = approve(stored, body, state.certificates, 'encoded_cert');
  if (typeof approved === 'string') return invalid(approved);
  const { encoded_cert: _content, ...certificate } = approved;
  const data = { ...approvalOf(state, certificate.hash), ...certificate };
  return success({ message: 'The certificate has been approved', data });
}

/**
 * Approves a host key or certificate. The source must have presented exactly this pair of hash and
 * content, so that a mixed-up pair is refused.
 * @template {'public_key' | 'encoded_cert'} K
 * @template {Record<K, string> & { hash: string }} T
 * @param {ConnectionCall['stored']} stored
 * @param {Fields} body
 * @param {T[]} presented
 * @param {K} content
 * @returns {T | string} what was approved, or the problem
 */
function approve(stored, body, presented, content) {
  const problem = shapeProblem(body, ['hash', content], 'string');
  if (problem) return problem;
  if (!body.hash || !body[content]) return `Fields 'hash' and '${content}' are required`;
  const match = presented.find(({ hash }) => hash === body.hash);
  if (match === undefined || match[content] !== body[content]) {
    return `The source did not present this pair of 'hash' and '${content}'`;
  }
  stored.approved.add(match.hash);
  return match;
}

/** @param {State} state @param {string} hash */
const approvalOf = (state, hash) => ({
  id: Buffer.from(hash).toString('base64url'),
  validated_by: 'sandbox_user',
  validated_date: timestamp(state.now()),
});

/**
 * `POST /v1/connections/{id}/sync`: a paused connection accepts it, and does not sync.
 * @param {ConnectionCall} call
 * @returns {Answer}
 */
export function syncConnection({ state, stored, body }) {
  const problem = shapeProblem(body, ['force'], 'boolean');
  if (problem) return invalid(problem);
  if (stored.settings.paused !== true) startSync(state, stored, { force: body.force === true });
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
  const card = { connect_card: connectCardOf(stored), connect_card_config: config };
  return success({ data: { connector_id: stored.id, ...card } });
}
