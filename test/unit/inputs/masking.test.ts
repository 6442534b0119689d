import { createMasks, type Masks } from '../../../src/inputs/masks.ts';
import { read, readManifest } from './reading.ts';

const masksOf = async (config: string, env: Record<string, string> = {}, inputs = {}) =>
  (await read({ config, ...inputs }, env)).masks.filter((mask) => !/the-api|^dGhl/.test(mask));

test.each([
  [
    'what came through ${NAME}',
    'schema: crm\nhost: ${A}\ndeep: [{x: "y ${B}"}]',
    ['value-of-a', 'value-of-b'],
  ],
  ['a literal under the name of a secret', 'schema: crm\nhost: db\npassword: literal', ['literal']],
  ['a default under the name of a secret', 'schema: crm\ntoken: ${UNSET:-literal}', ['literal']],
  ['no other default', 'schema: crm\nhost: ${UNSET:-db.example.com}', []],
  ['a number under the name of a secret', 'schema: crm\npin: 471100', ['471100']],
  ['no number elsewhere', 'schema: crm\nport: ${PORT}\naccount: ${ACCOUNT}', []],
  ['a number that came under the name of a secret', 'schema: crm\npin: ${ACCOUNT}', ['123456789']],
  ['no part of the name', 'schema_prefix: billing_pr_${NUMBER}\nhost: ${WORD}', []],
  [
    'a part of the name under the name of a secret',
    'schema_prefix: billing\npassword: ${WORD}',
    ['billing'],
  ],
  [
    'the values of pairs and not the labels',
    'schema: crm\nsecrets_list: [{key: host-label, value: one-secret}]',
    ['one-secret'],
  ],
])('masks %s', async (_what, config, masks) => {
  const env = {
    A: 'value-of-a',
    B: 'value-of-b',
    PORT: '5432',
    ACCOUNT: '123456789',
    NUMBER: 'pr_12',
    WORD: 'billing',
  };
  expect(await masksOf(config, env)).toEqual(masks);
});

test.each([
  ...['decent_dropsy', 'postgres', 'fivetran', 'Fivetran', 'dashboard'],
  ...['Crm Shop', 'crm_shop', 'half_moon'],
])('does not mask %s, which is part of outputs and links', async (user) => {
  const inputs = { state: 'absent', connection_id: 'half_moon' };
  const config = 'schema_prefix: Crm Shop\nuser: ${DB_USER}';
  expect(await masksOf(config, { DB_USER: user }, inputs)).toEqual([]);
});

test('values in any connection name of a manifest are not masked', async () => {
  const manifest = {
    defaults: { group_id: 'decent_dropsy', service: 'postgres' },
    connections: {
      one: {
        config: { schema_prefix: 'billing_${NUMBER}', user: '${USER}', password: '${PASSWORD}' },
      },
      two: { config: { schema_prefix: 'ledger', region: '${REGION}', host: '${HOST}' } },
    },
  };
  const env = {
    NUMBER: '1234',
    USER: 'ledger',
    PASSWORD: 'pw-of-one',
    REGION: 'billing_',
    HOST: 'db.internal',
  };
  const { masks } = await readManifest(manifest, {}, env);
  expect(masks.filter((mask) => !/the-api|^dGhl/.test(mask))).toEqual(['pw-of-one', 'db.internal']);
});

test('masks neither a warehouse nor the place of a secret in an external manager', async () => {
  const inputs = {
    destination_configuration: 'virtual_warehouse: ${WAREHOUSE}',
    external_secrets_keys_config: 'password: prod/db',
  };
  expect(await masksOf('schema: crm', { WAREHOUSE: 'LOAD' }, inputs)).toEqual([]);
});

test('masks github_token', async () => {
  const { masks } = await read({ github_token: 'ghs_of_this_job' });
  expect(masks).toContain('ghs_of_this_job');
});

test('masks secrets even when the inputs are refused', async () => {
  const config =
    'schema: crm\nhost: ${HOST}\npassword: literal-one\nother: ${UNSET}\nuser: ${DB_USER}';
  const env = { HOST: 'db.internal', DB_USER: 'crm' };
  expect(await masksOf(config, env, { sync_frequency: '7', auth: 'token: [literal-two]' })).toEqual(
    ['literal-one', 'literal-two', 'db.internal'],
  );
});

test('does not mask an unresolved reference, which its error names', async () => {
  expect(await masksOf('schema: crm\ntoken: "${UNSET}"\npassword: literal')).toEqual(['literal']);
});

test('masks a literal that contains an escaped reference', async () => {
  expect(await masksOf('schema: crm\npassword: "pa$${ss"\nother: ${UNSET}')).toEqual(['pa${ss']);
});

function maskedOf(collect: (masks: Masks) => void): string[] {
  const masked: string[] = [];
  const masks = createMasks();
  collect(masks);
  expect(masked).toEqual([]);
  masks.apply((secret) => masked.push(secret));
  return masked;
}

test.each(['hunter2', 'p w', 'true story', '12 monkeys', '1.2.3', '-----BEGIN\nKEY'])(
  'a suspected secret such as %j is masked',
  (value) => {
    expect(maskedOf((masks) => masks.maybeSecret(value))).toEqual([value]);
  },
);

test.each(['1234', '-5', '+49', '3.10', '1,5', '', ' '])(
  'a suspected number or blank such as %j is not masked',
  (value) => {
    expect(maskedOf((masks) => masks.maybeSecret(value))).toEqual([]);
  },
);

test.each([
  'billing_pr_1234',
  'pr_12',
  'BILLING',
  'decent_dropsy',
  'postgres',
  'fivetran',
  'dashboard',
  'connections',
])('%s is part of the public identity, and is not masked', (value) => {
  const masked = maskedOf((masks) => {
    masks.maybeSecret(value);
    for (const text of ['Billing_PR_1234', 'decent_dropsy', 'postgres']) masks.addPublicText(text);
  });
  expect(masked).toEqual([]);
});

test('a value under a key that names a secret is always masked', () => {
  const values = ['1234', 'billing', 'fivetran'];
  const masked = maskedOf((masks) => {
    masks.addPublicText('billing');
    for (const value of values) {
      masks.maybeSecret(value);
      masks.secret(value);
    }
  });
  expect(masked).toEqual(values);
});

test('public lines of a multi-line value are not masked', () => {
  const masked = maskedOf((masks) => {
    masks.addPublicText('billing');
    masks.maybeSecret(' billing\nhunter2\n 5432\nhunter3');
    masks.maybeSecret('hunter4\nhunter5\n');
  });
  expect(masked).toEqual(['hunter2', 'hunter3', 'hunter4\nhunter5\n']);
});

const env = { CRM_PASSWORD: 'crm "pass\\word', ADS_TOKEN: 'ads-token-from-env' };
const defaults = { group_id: 'decent_dropsy', service: 'anything' };

test('an invalid manifest masks its secrets and prints none', async () => {
  const wrong = {
    defaults,
    connections: {
      crm: {
        config: {
          schema: 'crm',
          password: '${CRM_PASSWORD}',
          account_token: ['literal-in-the-file'],
        },
        sync_frequency: 7,
      },
      ads: { auth: '${ADS_TOKEN}', api_secret: 'literal-misplaced' },
      // Meant for an entry's config, but not indented enough.
      password: 'literal-not-indented',
    },
  };
  const { error, masks } = await readManifest(wrong, {}, env);
  expect(error).toMatch(/connections\.crm\.sync_frequency: must be .*, got 7\./);
  expect(error).toContain('connections.password: must be a mapping of fields, got a string.');
  expect(error).toContain(
    'connections.ads.auth: must be a mapping of names to values, got the value of ${ADS_TOKEN}.',
  );
  for (const secret of [
    env.CRM_PASSWORD,
    env.ADS_TOKEN,
    'literal-in-the-file',
    'literal-misplaced',
  ]) {
    expect(masks).toContain(secret);
    expect(error).not.toContain(secret);
  }
  expect(error).not.toContain('literal-not-indented');
});
