import { createHash } from 'node:crypto';
import { scenarioNamed } from '../scenarios.mjs';
import { masked } from './secrets.mjs';
import { settleSync, syncStateOf } from './syncing.mjs';

/** @typedef {import('./store.mjs').Fields} Fields */
/** @typedef {import('./store.mjs').Stored} Stored */
/** @typedef {import('./store.mjs').World} World */

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

/**
 * A connection as the API answers it.
 * @param {World} world
 * @param {Stored} stored
 * @param {Fields} [extra] what only some endpoints add, such as `setup_tests`
 * @returns {Fields}
 */
export function viewOf(world, stored, extra = {}) {
  settleSync(world, stored);
  const scenario = scenarioNamed(stored.scenario);
  const { daily_sync_time: dailySyncTime, ...settings } = stored.settings;
  const daily = settings.sync_frequency === 1440 ? { daily_sync_time: dailySyncTime } : {};
  const view = {
    id: stored.id,
    group_id: stored.group_id,
    service: stored.service,
    service_version: 1,
    schema: stored.schema,
    ...DEFAULT_SETTINGS,
    ...settings,
    ...daily,
    connected_by: 'sandbox_user',
    created_at: stored.created_at,
    succeeded_at: stored.succeeded_at,
    failed_at: stored.failed_at,
    source_sync_details: {},
    status: statusOf(stored),
    config: masked(stored.sent.config),
    ...extra,
  };
  return scenario.reshape?.(view) ?? view;
}

/** @param {Stored} stored */
function statusOf(stored) {
  const scenario = scenarioNamed(stored.scenario);
  const tasks =
    stored.setup_state === 'broken' || stored.failed_at !== null
      ? [{ code: 'reconnect', message: 'Reconnect the source' }]
      : [];
  return {
    setup_state: stored.setup_state,
    sync_state: syncStateOf(stored),
    update_state: stored.failed_at === null ? 'on_schedule' : 'delayed',
    is_historical_sync: stored.succeeded_at === null,
    rescheduled_for: null,
    schema_status: stored.succeeded_at === null ? 'blocked_on_capture' : 'ready',
    tasks: scenario.tasks ?? tasks,
    warnings: scenario.warnings ?? [],
  };
}

/**
 * A new connect card for the connection.
 * @param {Stored} stored
 */
export function connectCardOf(stored) {
  const payload = Buffer.from(JSON.stringify({ connection: stored.id })).toString('base64url');
  const signature = createHash('sha256').update(`card of ${stored.id}`).digest('base64url');
  const token = `eyJhbGciOiJIUzI1NiJ9.${payload}.${signature}`;
  return { token, uri: `https://fivetran.com/connect-card/setup?auth=${token}` };
}
