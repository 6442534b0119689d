import { createHash } from 'node:crypto';
import { scenarioNamed } from '../../scenarios.mjs';
import { timestamp } from '../clock.mjs';
import { answeredConfig } from './answered-config.mjs';
import { syncStateOf, updateSync } from './syncing.mjs';

/** @typedef {import('../state.mjs').Fields} Fields */
/** @typedef {import('../state.mjs').State} State */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */

const DEFAULT_SETTINGS = {
  paused: false,
  pause_after_trial: false,
  sync_frequency: 360,
  schedule_type: 'auto',
  data_delay_sensitivity: 'NORMAL',
  data_delay_threshold: 0,
  networking_method: 'Directly',
  private_link_id: null,
  proxy_agent_id: null,
  hybrid_deployment_agent_id: null,
  external_secrets_manager_id: null,
  destination_configuration: {},
};

const BROKEN = { code: 'reconnect', message: 'Reconnect the source' };

/**
 * A connection as the API answers it.
 * @param {State} state
 * @param {StoredConnection} stored
 * @param {Fields} [extra] fields that only some endpoints add, such as `setup_tests`
 * @returns {Fields}
 */
export function viewOf(state, stored, extra = {}) {
  updateSync(state, stored);
  const scenario = scenarioNamed(stored.scenario);
  const { daily_sync_time: dailySyncTime, schedule, ...settings } = stored.settings;
  const identity = {
    id: stored.id,
    group_id: stored.group_id,
    service: stored.service,
    service_version: 1,
    schema: stored.schema,
  };
  // What Fivetran sets itself is repeated last: a request field of the same name can't replace it.
  const view = {
    ...identity,
    ...DEFAULT_SETTINGS,
    ...settings,
    ...(settings.sync_frequency === 1440 ? { daily_sync_time: dailySyncTime } : {}),
    ...(state.schedule === 'answered' ? { schedule } : {}),
    ...identity,
    connected_by: 'sandbox_user',
    created_at: stored.created_at,
    succeeded_at: stored.succeeded_at,
    failed_at: stored.failed_at,
    source_sync_details: {},
    status: statusOf(stored),
    config: answeredConfig(state, stored),
    ...extra,
  };
  return scenario.reshape?.(view) ?? view;
}

/** @param {StoredConnection} stored */
function statusOf(stored) {
  const { tasks, warnings = [] } = scenarioNamed(stored.scenario);
  const { rescheduledFor, settings } = stored;
  const needsAttention = stored.setup_state === 'broken' || stored.failed_at !== null;
  return {
    setup_state: stored.setup_state,
    sync_state: syncStateOf(stored),
    update_state: stored.failed_at === null ? 'on_schedule' : 'delayed',
    is_historical_sync: stored.succeeded_at === null,
    rescheduled_for:
      rescheduledFor === undefined || settings.paused === true ? null : timestamp(rescheduledFor),
    schema_status: stored.schemaConfig === undefined ? 'blocked_on_capture' : 'ready',
    tasks: tasks ?? (needsAttention ? [BROKEN] : []),
    warnings,
  };
}

/**
 * A new connect card for the connection.
 * @param {{ id: string }} stored
 */
export function connectCardOf({ id }) {
  const payload = Buffer.from(JSON.stringify({ connection: id })).toString('base64url');
  const signature = createHash('sha256').update(`card of ${id}`).digest('base64url');
  const token = `eyJhbGciOiJIUzI1NiJ9.${payload}.${signature}`;
  return { token, uri: `https://fivetran.com/connect-card/setup?auth=${token}` };
}
