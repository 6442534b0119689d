import { scenarioNamed } from '../scenarios.mjs';
import { timestamp } from './clock.mjs';

/** @typedef {import('./store.mjs').Stored} Stored */
/** @typedef {import('./store.mjs').World} World */

/**
 * Starts a sync; one that is running goes on unless it is forced to start anew.
 * @param {Stored} stored
 * @param {boolean} force
 */
export function startSync(stored, force) {
  if (stored.syncStartedAt === undefined || force) stored.syncStartedAt = Date.now();
}

/**
 * Ends a sync whose time is over. Asked for whenever a connection is read, so no timer runs.
 * @param {World} world
 * @param {Stored} stored
 */
export function settleSync(world, stored) {
  const { sync } = scenarioNamed(stored.scenario);
  if (stored.syncStartedAt === undefined || sync === 'never-ends') return;
  const elapsed = Date.now() - stored.syncStartedAt;
  if (elapsed < world.syncSeconds * 1000) return;
  const ended = timestamp(world.now() - (elapsed - world.syncSeconds * 1000), stored.number);
  stored.syncStartedAt = undefined;
  if (sync === 'fails') stored.failed_at = ended;
  else stored.succeeded_at = ended;
}

/**
 * The `sync_state` of a connection whose sync is settled.
 * @param {Stored} stored
 */
export function syncStateOf(stored) {
  if (stored.settings.paused === true) return 'paused';
  return stored.syncStartedAt === undefined ? 'scheduled' : 'syncing';
}
