import { metadataOf } from '../metadata.mjs';
import { noGroup, noService } from './connections.mjs';
import { success } from './replies.mjs';

/** @typedef {import('./router.mjs').Call} Call */

/**
 * `GET /v1/groups/{id}`
 * @param {Call} call
 */
export function getGroup({ world, id }) {
  const group = world.groups.get(id);
  return group === undefined ? noGroup(id) : success({ data: group });
}

/**
 * `GET /v1/metadata/connector-types/{service}`
 * @param {Call} call
 */
export function getMetadata({ id }) {
  const metadata = metadataOf(id);
  return metadata === undefined ? noService(id) : success({ data: metadata });
}
