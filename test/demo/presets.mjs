import { fileURLToPath } from 'node:url';
import { certificateFingerprint, hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import { accountLimits, fasterBy } from '../sandbox/limits.mjs';
import { scenarioNamed, scenarioNames } from '../sandbox/scenarios.mjs';
import {
  databaseEnv,
  databaseWithMistakes,
  previewOfThreeTables,
  previewOfUnknownTable,
  tunneledDatabase,
} from './steps/database-steps.mjs';
import { documentedEnv, documentedRequest } from './steps/documented-request.mjs';
import { copyOfProduction, existingGroup } from './steps/existing-group.mjs';
import { storm } from './steps/storm.mjs';

/**
 * A run of the action that demonstrates one thing.
 * @typedef {object} Preset
 * @property {string} description
 * @property {import('../sandbox/options.mjs').SandboxOptions} sandbox
 * @property {Record<string, string>} inputs
 * @property {Record<string, string>} env
 */

const existing = {
  service: '15five',
  config: { schema: '15five', api_key: 'an older key' },
  sync_frequency: 360,
};

const syncing = { ...documentedRequest, wait_for_sync: 'true' };
const resyncing = { ...syncing, if_exists: 'reuse' };

/**
 * Presets that need other inputs or sandbox options than a scenario with the documented request.
 * @type {Record<string, Partial<Preset>>}
 */
const SPECIAL = {
  'host-key-unknown': { inputs: tunneledDatabase, env: databaseEnv },
  'certificate-unknown': { inputs: tunneledDatabase, env: databaseEnv },
  'sync-fails': { inputs: syncing },
  'sync-never-ends': { inputs: { ...syncing, sync_timeout_minutes: '1' } },
  'sync-already-running': { inputs: syncing },
  'sync-rescheduled': {
    sandbox: { scenario: 'sync-rescheduled', rescheduleSeconds: 10 },
    inputs: syncing,
  },
  // Long enough for the step to see the sync running before it is cancelled.
  'sync-cancelled': {
    sandbox: { scenario: 'sync-cancelled', syncSeconds: 8 },
    inputs: { ...syncing, sync_timeout_minutes: '2' },
  },
  'sync-breaks': { inputs: syncing },
  'broken-until-sync': {
    sandbox: {
      connections: [{ ...existing, scenario: 'broken-until-sync', setup_state: 'broken' }],
    },
    inputs: resyncing,
  },
  'stale-pause': {
    sandbox: { connections: [{ ...existing, scenario: 'stale-pause', paused: true }] },
    inputs: { ...syncing, if_exists: 'update' },
  },
  sync: {
    description: 'the step waits for the first sync (wait_for_sync: true)',
    sandbox: { syncSeconds: 8 },
    inputs: syncing,
  },
  reuse: {
    description: 'the connection exists and is left unchanged (if_exists: reuse)',
    sandbox: { connections: [existing] },
    inputs: { ...documentedRequest, if_exists: 'reuse' },
  },
  update: {
    description: 'the connection exists with other settings (if_exists: update)',
    sandbox: { connections: [existing] },
    inputs: { ...documentedRequest, if_exists: 'update' },
  },
  removal: {
    description: 'the connection exists and is deleted (state: absent)',
    sandbox: { connections: [existing] },
    inputs: { group_id: 'decent_dropsy', config: 'schema: 15five', state: 'absent' },
  },
  'pinned-trust': {
    description: 'an unknown SSH host key that trusted_fingerprints lists',
    sandbox: { scenario: 'host-key-unknown' },
    inputs: { ...tunneledDatabase, trusted_fingerprints: hostKeyFingerprint },
    env: databaseEnv,
  },
  'pinned-certificate': {
    description: 'an unknown TLS certificate that trusted_certificates lists',
    sandbox: { scenario: 'certificate-unknown' },
    inputs: { ...tunneledDatabase, trusted_certificates: certificateFingerprint },
    env: databaseEnv,
  },
  'dry-run': {
    description: "a dry run that finds mistakes in a database's config (dry_run: true)",
    inputs: databaseWithMistakes,
    env: databaseEnv,
  },
  'table-selection': {
    description: 'a preview environment with three tables and a hashed column (schemas)',
    inputs: previewOfThreeTables,
    env: databaseEnv,
  },
  'table-unknown': {
    description: 'schemas names a table that the source does not have',
    inputs: previewOfUnknownTable,
    env: databaseEnv,
  },
  copy: {
    description: 'a preview that copies production and its table selection (copy_from)',
    sandbox: { connections: existingGroup },
    inputs: copyOfProduction,
    env: databaseEnv,
  },
  export: {
    description: 'the connections of a group become a manifest (export_to)',
    sandbox: { connections: existingGroup },
    inputs: { group_id: 'decent_dropsy', export_to: 'fivetran.yml' },
    env: {},
  },
  storm: {
    description: 'requests are rate limited, reset and lost; the connection is created once',
    sandbox: { faults: storm },
  },
  'published-limits': {
    description: "30 new connections under Fivetran's rate limits; a minute takes 5 seconds",
    sandbox: { limits: fasterBy(accountLimits.published, 12), latencyMs: 50 },
    inputs: { manifest: fileURLToPath(new URL('thirty-stores.yml', import.meta.url)) },
  },
};

/** The names that `--scenario` accepts. */
export const presetNames = [...new Set([...scenarioNames, ...Object.keys(SPECIAL)])];

/**
 * Looks up a preset. Unless it is special, it is a scenario with the documented request.
 * @param {string} name one of `presetNames`
 * @returns {Preset}
 */
export function presetNamed(name) {
  const { description, sandbox, inputs, env } = SPECIAL[name] ?? {};
  return {
    description: description ?? scenarioNamed(name).description,
    sandbox: sandbox ?? (scenarioNames.includes(name) ? { scenario: name } : {}),
    inputs: inputs ?? documentedRequest,
    env: env ?? documentedEnv,
  };
}

/**
 * The first input of a preset that the action does not declare.
 * @param {Preset} preset
 * @param {string[]} declared
 */
export const undeclaredInput = ({ inputs }, declared) =>
  Object.keys(inputs).find((name) => !declared.includes(name));
