import { certificate, hostKey } from '../fixtures.mjs';
import { timestamp } from './clock.mjs';
import { generatedName, idOf, nameFrom } from './naming.mjs';

/** @typedef {Record<string, unknown>} Fields a JSON object */
/** @typedef {{ id: string, name: string, created_at: string }} Group */
/** @typedef {{ title: string, status: string, message?: string, details?: unknown }} SetupTest */

/**
 * A connection as the sandbox keeps it.
 * @typedef {object} Stored
 * @property {number} number counted from 1, in the order of creation
 * @property {string} id
 * @property {string} group_id
 * @property {string} service
 * @property {string} schema the connection's name, unique in its group
 * @property {string} created_at
 * @property {string | null} succeeded_at
 * @property {string | null} failed_at
 * @property {Fields} settings the other fields that were sent and that last
 * @property {{ config: Fields, auth: Fields }} sent what was sent, secrets in the clear
 * @property {string} setup_state
 * @property {SetupTest[]} tests those of the last run
 * @property {number} testRuns
 * @property {Set<string>} approved hashes of host keys and certificates
 * @property {string} scenario
 * @property {number | undefined} syncStartedAt by the real clock
 * @property {boolean} cardFinished whether the end user went through the connect card
 */

/**
 * What a connection is seeded from; what is left out gets a default. Other fields of the create
 * request are allowed beside these.
 * @typedef {Fields & {
 *   id?: string, group_id?: string, service?: string, schema?: string, created_at?: string,
 *   config?: Fields, auth?: Fields, setup_state?: string, scenario?: string, paused?: boolean,
 * }} Seed
 */

/**
 * Everything that the API knows and everything that it was told about how to behave.
 * @typedef {object} World
 * @property {Map<string, Group>} groups
 * @property {Map<string, Stored>} connections
 * @property {string[]} deleted the ids of deleted connections
 * @property {Map<string, number>} tally how often a scenario was asked for an answer, by key
 * @property {number} created how many connections were ever made
 * @property {string} apiKey
 * @property {string} apiSecret
 * @property {string} scenario
 * @property {(body: Fields) => string | undefined} scenarioFor
 * @property {'known' | 'any'} services
 * @property {number} conflictStatus
 * @property {number} syncSeconds
 * @property {import('../fixtures.mjs').HostKey[]} hostKeys what a source with SSH presents
 * @property {import('../fixtures.mjs').Certificate[]} certificates what a source with TLS presents
 * @property {() => number} now the server's clock, in milliseconds
 */

const WEEK_MS = 7 * 24 * 3_600_000;

/** The groups that exist when none are given. */
export const DEFAULT_GROUPS = [
  { id: 'decent_dropsy', name: 'Primary_Snowflake' },
  { id: 'quaint_harbor', name: 'Preview_Environments' },
];

/** What every part of the world is when nobody says otherwise. */
export const WORLD_DEFAULTS = {
  apiKey: 'sandbox_key',
  apiSecret: 'sandbox_secret',
  scenario: 'connected',
  scenarioFor: () => undefined,
  services: /** @type {'known' | 'any'} */ ('known'),
  conflictStatus: 409,
  syncSeconds: 3,
  hostKeys: [hostKey],
  certificates: [certificate],
};

/**
 * The connection of that name in that group.
 * @param {World} world
 * @param {string} groupId
 * @param {string} name
 */
export function findByName(world, groupId, name) {
  for (const stored of world.connections.values()) {
    if (stored.group_id === groupId && stored.schema === name) return stored;
  }
  return undefined;
}

/**
 * Keeps a new connection; nothing is checked here.
 * @param {World} world
 * @param {Seed} seed
 * @returns {Stored}
 */
export function keep(world, seed) {
  const {
    id,
    group_id = 'decent_dropsy',
    service = '15five',
    schema,
    created_at,
    ...others
  } = seed;
  const {
    config = {},
    auth = {},
    setup_state = 'incomplete',
    scenario,
    ...settings
  } = structuredClone(others);
  world.created += 1;
  /** @param {string} name */
  const isTaken = (name) => findByName(world, group_id, name) !== undefined;
  const stored = {
    number: world.created,
    id: id ?? idOf(world.created),
    group_id,
    service,
    schema: schema ?? nameFrom(config) ?? generatedName(service, isTaken),
    created_at: created_at ?? timestamp(world.now(), world.created),
    succeeded_at: null,
    failed_at: null,
    settings,
    sent: { config, auth },
    setup_state,
    tests: [],
    testRuns: 0,
    approved: new Set(),
    scenario: scenario ?? world.scenario,
    syncStartedAt: undefined,
    cardFinished: false,
  };
  world.connections.set(stored.id, stored);
  return stored;
}

/**
 * Keeps a connection that was there long before: connected, a week old.
 * @param {World} world
 * @param {Seed} [seed]
 */
export function keepOld(world, seed = {}) {
  const created_at = timestamp(world.now() - WEEK_MS, world.created);
  return keep(world, { created_at, setup_state: 'connected', ...seed });
}
