import { certificate, hostKey } from '../fixtures.mjs';
import { rateLimiter } from '../limits.mjs';
import { defaultSourceTrees, SERVICES_WITHOUT_RELOAD } from '../source-trees.mjs';
import { timestamp } from './clock.mjs';

/** @typedef {Record<string, unknown>} Fields a JSON object */
/** @typedef {{ id: string, name: string, created_at: string }} Group */
/** @typedef {{ title: string, status: string, message?: string, details?: unknown }} SetupTest */
/** @typedef {import('./schemas/config.mjs').SchemaConfig} SchemaConfig */
/** @typedef {import('./schemas/config.mjs').SelectionBody} SelectionBody */
/** @typedef {import('./schemas/selection.mjs').Selection} Selection */

/**
 * A connection as the sandbox stores it.
 * @typedef {object} StoredConnection
 * @property {number} number counted from 1, in the order of creation
 * @property {string} id
 * @property {string} group_id
 * @property {string} service
 * @property {string} schema the connection's name, unique in its group
 * @property {string} created_at
 * @property {string | null} succeeded_at
 * @property {string | null} failed_at
 * @property {Fields} settings the other stored request fields
 * @property {{ config: Fields, auth: Fields }} sent what was sent, secrets in plain text
 * @property {string} setup_state
 * @property {SetupTest[]} tests results of the last run
 * @property {number} testRuns
 * @property {Set<string>} approved hashes of host keys and certificates
 * @property {string} scenario
 * @property {{ startedAt: number } | undefined} sync the running sync, by the server's clock
 * @property {number | undefined} rescheduledFor when a rescheduled sync may start, likewise
 * @property {{ started_at: string, selection: Selection }[]} syncs every sync that started, with
 *   what it copied
 * @property {number} stalePausedReads how many more reads still show the connection as paused
 * @property {boolean} cardFinished whether the end user completed the connect card
 * @property {SchemaConfig | undefined} schemaConfig undefined until it is captured
 * @property {SelectionBody | undefined} pendingSelection posted before the schema was captured
 */

/**
 * Everything the API stores, and the options that control its behavior.
 * @typedef {object} State
 * @property {Map<string, Group>} groups
 * @property {Map<string, StoredConnection>} connections
 * @property {string[]} deleted IDs of deleted connections
 * @property {Map<string, number>} requestCounts requests seen by scenarios that refuse, by key
 * @property {number} created how many connections were ever created
 * @property {string} apiKey
 * @property {string} apiSecret
 * @property {string} scenario
 * @property {(body: Fields) => string | undefined} scenarioFor
 * @property {'known' | 'any'} services
 * @property {number} conflictStatus
 * @property {'some' | 'all' | 'none'} namingFields
 * @property {6 | 8 | undefined} asterisks
 * @property {'left out' | 'answered'} emptyValues
 * @property {'sent' | 'text'} numbers
 * @property {'sent' | 'reversed'} listOrder
 * @property {'answered' | 'hidden'} schedule
 * @property {'with config' | 'without config'} listItems
 * @property {number} listLagMs
 * @property {number} syncSeconds
 * @property {number} rescheduleSeconds
 * @property {'manual' | 'automatic'} initialSync
 * @property {import('../fixtures.mjs').HostKey[]} hostKeys presented by a source with SSH
 * @property {import('../fixtures.mjs').Certificate[]} certificates presented by a source with TLS
 * @property {Record<string, import('../source-trees.mjs').SourceTree>} sourceTree by service
 * @property {string[]} servicesWithoutReload
 * @property {'bare' | 'enveloped'} fingerprintAnswer
 * @property {number} reloadSeconds
 * @property {'whole' | 'changed'} schemaPatchAnswer
 * @property {((stored: StoredConnection) => void)[]} schemaConflicts
 * @property {ReturnType<typeof rateLimiter>} limiter
 * @property {() => number} now the server's clock, in milliseconds since the epoch
 */

/** The groups that exist by default. */
const DEFAULT_GROUPS = [
  { id: 'decent_dropsy', name: 'Primary_Snowflake' },
  { id: 'quaint_harbor', name: 'Preview_Environments' },
];

/** The defaults of the options that are part of the state. */
const defaults = () => ({
  apiKey: 'sandbox_key',
  apiSecret: 'sandbox_secret',
  scenario: 'connected',
  scenarioFor: () => undefined,
  services: /** @type {const} */ ('known'),
  conflictStatus: 409,
  namingFields: /** @type {const} */ ('some'),
  asterisks: undefined,
  emptyValues: /** @type {const} */ ('left out'),
  numbers: /** @type {const} */ ('sent'),
  listOrder: /** @type {const} */ ('sent'),
  schedule: /** @type {const} */ ('answered'),
  listItems: /** @type {const} */ ('with config'),
  listLagMs: 0,
  syncSeconds: 3,
  rescheduleSeconds: 5,
  initialSync: /** @type {const} */ ('manual'),
  hostKeys: [hostKey],
  certificates: [certificate],
  servicesWithoutReload: SERVICES_WITHOUT_RELOAD,
  fingerprintAnswer: /** @type {const} */ ('bare'),
  reloadSeconds: 0,
  schemaPatchAnswer: /** @type {const} */ ('changed'),
});

/**
 * A state without connections.
 * @param {import('../options.mjs').SandboxOptions} options
 * @returns {State}
 */
export function newState(options) {
  const { clockSkewMs = 0, groups = DEFAULT_GROUPS } = options;
  const created_at = timestamp(Date.UTC(2025, 4, 25, 15, 26, 47));
  const base = defaults();
  const overrides = Object.entries(options).filter(
    ([name, value]) => Object.hasOwn(base, name) && value !== undefined,
  );
  return {
    ...base,
    ...Object.fromEntries(overrides),
    groups: new Map(groups.map((group) => [group.id, { ...group, created_at }])),
    connections: new Map(),
    deleted: [],
    requestCounts: new Map(),
    created: 0,
    sourceTree: { ...defaultSourceTrees(), ...structuredClone(options.sourceTree ?? {}) },
    schemaConflicts: [...(options.schemaConflicts ?? [])],
    limiter: rateLimiter(options.limits),
    now: options.now ?? (() => Date.now() + clockSkewMs),
  };
}
