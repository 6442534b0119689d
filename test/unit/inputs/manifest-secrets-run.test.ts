import { entriesOf, manifestOf } from '../../harness/manifests.ts';
import { visible } from '../../harness/reading.ts';
import { runStep } from '../../harness/run-step.ts';

const env = {
  CRM_PASSWORD: 'crm "pass\\word',
  ADS_TOKEN: 'ads-token-from-env',
  ADS_KEY: '-----BEGIN KEY-----\nline-of-the-ads-key\n-----END KEY-----',
  HOST: 'host-from-env.example.com',
  LAST: 'secret-of-the-last-one',
};

/** The secrets, in every form in which they could be printed. */
const secrets = [
  'crm "pass\\word',
  'crm \\"pass\\\\word',
  'ads-token-from-env',
  'line-of-the-ads-key',
  'host-from-env.example.com',
  'secret-of-the-last-one',
  'literal-in-the-file',
  'literal-in-the-defaults',
];

const manifest = manifestOf({
  crm: { config: { schema: 'crm', password: '${CRM_PASSWORD}', host: '${HOST}' } },
  ads: {
    config: { schema: 'ads', private_key: '${ADS_KEY}' },
    auth: { client_access: { token: '${ADS_TOKEN}' } },
  },
  mail: { config: { schema: 'mail', nested: [{ api_key: 'literal-in-the-file' }] } },
  last: { config: { schema: 'last', other: 'x${LAST}x' } },
});
const withAuth = {
  ...manifest,
  defaults: { ...manifest.defaults, auth: { refresh_token: 'literal-in-the-defaults' } },
};

test.each(['connected', 'hostile', 'hostile-error'])(
  'the secrets of all entries are masked before anything else is printed: %s',
  async (scenario) => {
    const run = await runStep({ manifest: withAuth, env }, { scenario });
    expect(Object.keys(entriesOf(run))).toHaveLength(4);
    expect(run.masks).toEqual(expect.arrayContaining(secrets));
    const shown = visible(run);
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    const lines = run.log.split('\n');
    const last = lines.findLastIndex((line) => /^::add-mask::.*secret-of-the-last-one/.test(line));
    expect(last).toBeGreaterThan(0);
    expect(lines.slice(0, last).filter((line) => !line.startsWith('::add-mask::'))).toEqual([]);
  },
);

test('the connect cards of all entries are masked and not set as outputs', async () => {
  const card = { connect_card_config: { redirect_uri: 'https://example.com/done' } };
  const run = await runStep(
    { manifest: manifestOf({ crm: card, ads: card }) },
    { scenario: 'incomplete' },
  );
  const cards = run.masks.filter((mask) => mask.startsWith('https://fivetran.com/connect-card'));
  expect(cards).toHaveLength(2);
  expect(visible(run)).not.toContain('connect-card/setup?auth=');
});
