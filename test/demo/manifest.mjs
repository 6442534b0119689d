/** @typedef {import('./presets.mjs').Preset} Preset */

/**
 * The scenarios of the example manifest's connections, by schema name. The others succeed.
 * @type {Record<string, string>}
 */
const SCENARIOS = {
  hr_pr_42: 'warning',
  ads_pr_42: 'incomplete',
  billing_pr_42: 'failed-tests',
  ledger_pr_42: 'host-key-unknown',
  code_pr_42: 'incomplete-once',
  builds_pr_42: 'job-failed',
  events_pr_42: 'rate-limited',
  invoices_pr_42: 'forbidden',
};

/**
 * A run of the action with a manifest.
 * @param {string} manifest its path
 * @param {string} scenario the scenario of connections that the example manifest does not have
 * @returns {Preset}
 */
export function manifestPreset(manifest, scenario) {
  return {
    description: 'all connections of a manifest',
    sandbox: { scenario, scenarioFor: ({ config }) => SCENARIOS[nameIn(config)], latencyMs: 150 },
    inputs: { manifest },
    env: {
      PR_NUMBER: '42',
      FIFTEEN_FIVE_API_KEY: 'demo-key-of-the-source-1',
      BILLING_PASSWORD: 'demo-password-of-billing',
      LEDGER_PASSWORD: 'demo-password-of-ledger',
      GITHUB_PAT: 'demo-personal-access-token',
      BUILDKITE_TOKEN: 'demo-token-of-buildkite',
      AWS_KEY_ID: 'demo-key-of-the-bucket',
      AWS_SECRET: 'demo-secret-of-the-bucket',
      OAUTH_CLIENT_SECRET: 'demo-client-secret',
      OAUTH_REFRESH_TOKEN: 'demo-refresh-token',
    },
  };
}

/** @param {unknown} config */
function nameIn(config) {
  const { schema, schema_prefix: prefix } = /** @type {Record<string, unknown>} */ (config ?? {});
  return String(prefix ?? schema);
}
