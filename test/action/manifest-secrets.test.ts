import { cleanUp, endedOf, failureOf, manifestOf, runManifest } from './manifest-step.ts';
import { visible } from './step.ts';

afterEach(cleanUp);

const env = {
  CRM_PASSWORD: 'crm "pass\\word',
  ADS_TOKEN: 'ads-token-from-env',
  ADS_KEY: '-----BEGIN KEY-----\nline-of-the-ads-key\n-----END KEY-----',
  HOST: 'host-from-env.example.com',
  LAST: 'secret-of-the-last-one',
};

/** What may be seen of none of these, in the forms that they may be printed in. */
const secrets = [
  'crm "pass\\word',
  'crm \\"pass\\\\word',
  'ads-token-from-env',
  'line-of-the-ads-key',
  'host-from-env.example.com',
  'secret-of-the-last-one',
  'literal-in-the-file',
  'literal-in-the-defaults',
  'literal-misplaced',
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
const withDefaults = {
  ...manifest,
  defaults: { ...manifest.defaults, auth: { refresh_token: 'literal-in-the-defaults' } },
};

test.each(['connected', 'hostile', 'hostile-error'])(
  'the secrets of all entries are masked before anything else is printed: %s',
  async (scenario) => {
    const ran = await runManifest(withDefaults, { env }, { scenario });
    expect(Object.keys(endedOf(ran))).toHaveLength(4);
    const masked = secrets.filter((secret) => secret !== 'literal-misplaced');
    expect(ran.masks).toEqual(expect.arrayContaining(masked));
    const shown = visible(ran);
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    const last = ran.log.lastIndexOf('::add-mask::');
    expect(ran.log.slice(0, last).split('\n').filter(Boolean)).toEqual(
      expect.not.arrayContaining([expect.not.stringMatching(/^::add-mask::/)]),
    );
  },
);

test('what makes the names of connections is no secret', async () => {
  const named = manifestOf({ crm: { config: { schema: 'crm_pr_${NUMBER}' } } });
  const ran = await runManifest(named, { env: { NUMBER: '4242' } });
  expect(ran.masks).not.toContain('4242');
  expect(ran.connections).toMatchObject([{ schema: 'crm_pr_4242' }]);
});

test('a connect card of any entry is masked, and in no output', async () => {
  const card = { connect_card_config: { redirect_uri: 'https://example.com/done' } };
  const ran = await runManifest(
    manifestOf({ crm: card, ads: card }),
    {},
    { scenario: 'incomplete' },
  );
  const cards = ran.masks.filter((mask) => mask.startsWith('https://fivetran.com/connect-card'));
  expect(cards).toHaveLength(2);
  expect(visible(ran)).not.toContain('connect-card/setup?auth=');
});

test('a manifest with mistakes shows no secret', async () => {
  const { connections, defaults } = manifestOf({
    crm: {
      config: {
        schema: 'crm',
        password: '${CRM_PASSWORD}',
        account_token: ['literal-in-the-file'],
      },
      sync_frequency: 7,
    },
    ads: { auth: '${ADS_TOKEN}', api_secret: 'literal-in-the-file' },
  });
  // Meant for the config of an entry, and not indented enough.
  const wrong = { defaults, connections: { ...connections, password: 'literal-misplaced' } };
  const ran = await runManifest(wrong, { env });
  expect(failureOf(ran)).toMatch(/connections\.crm\.sync_frequency/);
  expect(failureOf(ran)).toMatch(/connections\.password: got/);
  const shown = visible(ran);
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  expect(ran.requests).toEqual([]);
});
