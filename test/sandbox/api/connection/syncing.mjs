import { scenarioNamed } from '../../scenarios.mjs';
import { timestamp } from '../clock.mjs';
import { capturedConfig } from '../schemas/config.mjs';
import { selectionOf } from '../schemas/selection.mjs';

/** @typedef {import('../state.mjs').State} State */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */

/**
 * Starts a sync on request. A running sync continues, and a rescheduled one keeps waiting, unless
 * the request forces a new one.
 * @param {State} state
 * @param {StoredConnection} stored
 * @param {{ force: boolean }} options
 */
export function startSync(state, stored, { force }) {
  updateSync(state, stored);
  const isWaiting = stored.rescheduledFor !== undefined && state.now() < stored.rescheduledFor;
  if (force || (stored.sync === undefined && !isWaiting)) begin(state, stored, state.now());
}

/**
 * Starts a sync without a request, where Fivetran would: `initialSync: 'automatic'` starts the first
 * sync of a connection that is connected and not paused.
 * @param {State} state
 * @param {StoredConnection} stored
 */
export function startInitialSync(state, stored) {
  const { startsSyncing = false } = scenarioNamed(stored.scenario);
  const isDue =
    startsSyncing ||
    (state.initialSync === 'automatic' && stored.settings.schedule_type !== 'manual');
  const isReady = stored.setup_state === 'connected' && stored.settings.paused !== true;
  if (isDue && isReady && stored.syncs.length === 0) begin(state, stored, state.now());
}

/**
 * Stops a running sync, as a PATCH does. The sync ends without a result.
 * @param {State} state
 * @param {StoredConnection} stored
 */
export function stopSync(state, stored) {
  updateSync(state, stored);
  stored.sync = undefined;
  stored.rescheduledFor = undefined;
}

/**
 * Brings a connection's sync up to the current time. Every read calls this, so no timer is needed.
 * @param {State} state
 * @param {StoredConnection} stored
 */
export function updateSync(state, stored) {
  const { sync: ending = 'succeeds' } = scenarioNamed(stored.scenario);
  const { rescheduledFor } = stored;
  if (rescheduledFor !== undefined) {
    if (stored.settings.schedule_type === 'manual' || state.now() < rescheduledFor) return;
    begin(state, stored, rescheduledFor);
  }
  if (stored.sync === undefined || ending === 'never-ends') return;
  const endedAt = stored.sync.startedAt + state.syncSeconds * 1000;
  if (state.now() < endedAt) return;
  stored.sync = undefined;
  if (ending === 'rescheduled' && stored.syncs.length === 1) {
    stored.rescheduledFor = endedAt + state.rescheduleSeconds * 1000;
    updateSync(state, stored);
  } else {
    end(state, stored, ending, timestamp(endedAt, stored.number));
  }
}

/** @param {State} state @param {StoredConnection} stored @param {number} startedAt */
function begin(state, stored, startedAt) {
  stored.sync = { startedAt };
  stored.rescheduledFor = undefined;
  const selection = selectionOf(state, stored);
  stored.syncs.push({ started_at: timestamp(startedAt, stored.number), selection });
}

/**
 * @param {State} state
 * @param {StoredConnection} stored
 * @param {import('../../scenarios.mjs').SyncEnding} ending
 * @param {string} endedAt
 */
function end(state, stored, ending, endedAt) {
  if (ending === 'cancelled') return;
  if (ending === 'fails') {
    stored.failed_at = endedAt;
  } else if (ending === 'breaks') {
    stored.setup_state = 'broken';
  } else {
    stored.succeeded_at = endedAt;
    stored.schemaConfig ??= capturedConfig(state, stored);
    stored.pendingSelection = undefined;
    if (ending === 'repairs') stored.setup_state = 'connected';
  }
}

/**
 * The `sync_state` of a connection whose sync is up to date.
 * @param {StoredConnection} stored
 */
export function syncStateOf(stored) {
  if (stored.settings.paused === true || stored.stalePausedReads > 0) return 'paused';
  if (stored.rescheduledFor !== undefined) return 'rescheduled';
  return stored.sync === undefined ? 'scheduled' : 'syncing';
}
