import { metadataOf } from '../metadata.mjs';
import { publicKeyOf } from './connection/public-key.mjs';
import { groupNotFound, serviceNotFound, success } from './replies.mjs';

/** @typedef {import('./routes.mjs').Call} Call */

/**
 * `GET /v1/groups/{id}`
 * @param {Call} call
 */
export function getGroup({ state, id }) {
  const group = state.groups.get(id);
  return group === undefined ? groupNotFound(id) : success({ data: group });
}

/**
 * `GET /v1/groups/{id}/public-key`
 * @param {Call} call
 */
export const getPublicKey = ({ state, id }) =>
  state.groups.has(id) ? success({ data: { public_key: publicKeyOf(id) } }) : groupNotFound(id);

/**
 * `GET /v1/metadata/connector-types/{service}`
 * @param {Call} call
 */
export function getMetadata({ id }) {
  const metadata = metadataOf(id);
  return metadata === undefined ? serviceNotFound(id) : success({ data: metadata });
}
