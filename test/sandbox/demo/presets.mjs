import { certificateFingerprint, hostKeyFingerprint } from '../fixtures.mjs';
import { scenarioNamed, scenarioNames } from '../scenarios.mjs';
import { documentedEnv, documentedRequest } from './documented-request.mjs';

/**
 * A run of the action that shows one thing.
 * @typedef {object} Preset
 * @property {string} description
 * @property {import('../sandbox.mjs').SandboxOptions} sandbox
 * @property {Record<string, string>} inputs
 * @property {Record<string, string>} env
 */

const { trust_certificates, trust_fingerprints, ...withoutTrust } = documentedRequest;

const database = {
  ...withoutTrust,
  service: 'postgres',
  config: `schema_prefix: billing
host: db.example.com
port: 5432
user: fivetran
password: \${DATABASE_PASSWORD}
database: billing
tunnel_host: bastion.example.com
tunnel_port: 22
tunnel_user: fivetran`,
  networking_method: 'SshTunnel',
};

const databaseEnv = { DATABASE_PASSWORD: 'demo-password-of-the-database' };

const existing = {
  service: '15five',
  config: { schema: '15five', api_key: 'an older key' },
  sync_frequency: 360,
};

const mistakes = `schema_prefix: billing
hots: db.example.com
port: five
user: fivetran
database: billing
update_method: BINLOG
public_key: ssh-rsa AAAA
has_heartbeat_table: true`;

/** Presets for which a scenario alone is not enough. @type {Record<string, Partial<Preset>>} */
const SPECIAL = {
  'host-key-unknown': { inputs: database, env: databaseEnv },
  'certificate-unknown': { inputs: database, env: databaseEnv },
  'sync-fails': { inputs: { ...documentedRequest, wait_for_sync: 'true' } },
  'sync-never-ends': {
    inputs: { ...documentedRequest, wait_for_sync: 'true', sync_timeout_minutes: '1' },
  },
  reuse: {
    description: 'if_exists: reuse, and the connection is there',
    sandbox: { connections: [existing] },
    inputs: { ...documentedRequest, if_exists: 'reuse' },
  },
  update: {
    description: 'if_exists: update, and the connection is there with other settings',
    sandbox: { connections: [existing] },
    inputs: { ...documentedRequest, if_exists: 'update' },
  },
  removal: {
    description: 'state: absent, and the connection is there',
    sandbox: { connections: [existing] },
    inputs: { group_id: 'decent_dropsy', config: 'schema: 15five', state: 'absent' },
  },
  'pinned-trust': {
    description: 'an unknown SSH host key, and trusted_fingerprints holds it',
    sandbox: { scenario: 'host-key-unknown' },
    inputs: { ...database, trusted_fingerprints: hostKeyFingerprint },
    env: databaseEnv,
  },
  'pinned-certificate': {
    description: 'an unknown TLS certificate, and trusted_certificates holds it',
    sandbox: { scenario: 'certificate-unknown' },
    inputs: { ...database, trusted_certificates: certificateFingerprint },
    env: databaseEnv,
  },
  'dry-run': {
    description: 'dry_run: true, with mistakes in the config of a database',
    inputs: { ...database, config: mistakes, dry_run: 'true' },
  },
  sync: {
    description: 'wait_for_sync: true, and the first sync takes eight seconds',
    sandbox: { syncSeconds: 8 },
    inputs: { ...documentedRequest, wait_for_sync: 'true' },
  },
  storm: {
    description: 'refused, reset and lost answers on the way to a connection',
    sandbox: {
      faults: [
        { method: 'POST', path: '/v1/connections', kind: 'rate-limit', headers: retryAfter(1) },
        { method: 'POST', path: '/v1/connections', nth: 2, kind: 'reset', when: 'after' },
        { method: 'GET', path: '/v1/connections', nth: 1, kind: 'status', status: 503 },
        { method: 'GET', path: '/v1/connections', nth: 2, kind: 'cut' },
        { method: 'POST', path: '/v1/connections/{id}/test', kind: 'html', status: 502 },
        {
          method: 'POST',
          path: '/v1/connections/{id}/test',
          nth: 2,
          kind: 'rate-limit',
          headers: retryAfter(2),
        },
      ],
    },
  },
};

/** @param {number} seconds */
function retryAfter(seconds) {
  return { 'Retry-After': String(seconds) };
}

/** The names that `--scenario` takes, scenarios first. */
export const presetNames = [...new Set([...scenarioNames, ...Object.keys(SPECIAL)])];

/**
 * The preset of that name: a scenario with the documented request, unless it needs another.
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
