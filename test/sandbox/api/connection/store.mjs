import { scenarioNamed } from '../../scenarios.mjs';
import { timestamp } from '../clock.mjs';
import { applySelection } from '../schemas/apply-selection.mjs';
import { capturedConfig } from '../schemas/config.mjs';
import { generatedName, isSameName, nameFrom } from './connection-name.mjs';
import { idOf } from './ids.mjs';
import { startInitialSync } from './syncing.mjs';

/** @typedef {import('../state.mjs').Fields} Fields */
/** @typedef {import('../state.mjs').State} State */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */

/**
 * An existing connection to start with. Every field has a default, and other fields of the create
 * request are allowed.
 * @typedef {Fields & {
 *   id?: string, group_id?: string, service?: string, schema?: string, created_at?: string,
 *   succeeded_at?: string, failed_at?: string, config?: Fields, auth?: Fields,
 *   setup_state?: string, scenario?: string, paused?: boolean,
 *   selection?: import('../schemas/config.mjs').SelectionBody,
 *   reload?: import('../schemas/config.mjs').ExcludeMode,
 * }} Seed `reload` is the exclude mode of the reload that precedes `selection`
 */

/**
 * A connection to be stored.
 * @typedef {object} NewConnection
 * @property {string} group_id
 * @property {string} service
 * @property {string | undefined} schema undefined: a name is generated
 * @property {Fields} config
 * @property {Fields} auth
 * @property {Fields} settings the other stored request fields
 * @property {string | undefined} scenario
 */

const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * Finds a connection by its name, under Fivetran's naming rules.
 * @param {State} state
 * @param {string} groupId
 * @param {string} name
 */
export function findByName(state, groupId, name) {
  for (const stored of state.connections.values()) {
    if (stored.group_id === groupId && isSameName(stored.schema, name)) return stored;
  }
  return undefined;
}

/**
 * Stores a new connection without checking it.
 * @param {State} state
 * @param {NewConnection} connection
 * @param {Partial<StoredConnection>} [more] fields that differ from those of a new connection
 * @returns {StoredConnection}
 */
export function addConnection(state, connection, more = {}) {
  const { group_id, service, schema, config, auth, settings, scenario } =
    structuredClone(connection);
  state.created += 1;
  /** @param {string} name */
  const isTaken = (name) => findByName(state, group_id, name) !== undefined;
  const stored = {
    number: state.created,
    id: idOf(state.created),
    group_id,
    service,
    schema: schema ?? generatedName(service, isTaken),
    created_at: timestamp(state.now(), state.created),
    succeeded_at: null,
    failed_at: null,
    settings,
    sent: { config, auth },
    setup_state: 'incomplete',
    tests: [],
    testRuns: 0,
    approved: new Set(),
    scenario: scenario ?? state.scenario,
    sync: undefined,
    rescheduledFor: undefined,
    syncs: [],
    stalePausedReads: 0,
    cardFinished: false,
    schemaConfig: undefined,
    pendingSelection: undefined,
    ...more,
  };
  scenarioNamed(stored.scenario);
  state.connections.set(stored.id, stored);
  return stored;
}

/**
 * Stores a connection that has existed for a week and is connected. It has never synced unless the
 * seed has `succeeded_at`. A seed with `selection` or `reload` has a captured schema.
 * @param {State} state
 * @param {Seed} [seed]
 */
export function addExistingConnection(state, seed = {}) {
  const {
    id = idOf(state.created + 1),
    group_id = 'decent_dropsy',
    service = '15five',
    schema,
    created_at = timestamp(state.now() - WEEK_MS, state.created),
    succeeded_at = null,
    failed_at = null,
    config = {},
    auth = {},
    setup_state = 'connected',
    scenario,
    selection,
    reload,
    ...settings
  } = seed;
  const name = schema ?? nameFrom(config, service) ?? nameFrom(config);
  const stored = addConnection(
    state,
    { group_id, service, schema: name, config, auth, settings, scenario },
    { id, created_at, succeeded_at, failed_at, setup_state },
  );
  if (succeeded_at !== null || selection || reload) {
    stored.schemaConfig = capturedConfig(state, stored, reload);
  }
  if (selection && stored.schemaConfig) applySelection(stored.schemaConfig, selection);
  startInitialSync(state, stored);
  return stored;
}
