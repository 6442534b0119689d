import { presentIn, read, readManifest } from './reading.ts';

const noticesOf = async (config: string, more: Record<string, string> = {}) =>
  (await read({ config: `schema: crm\n${config}`, ...more }, { PW: 'x', N: '12' })).settings
    ?.notices;

test.each([
  'password: ${PW}',
  'password: ${UNSET:-x}',
  'password: "a-${PW}"',
  'password: "${UNSET:-}"',
  'user: admin',
  'role_arn: arn:aws:iam::1:role/x',
  'external_id: x',
  'app_id: "123"',
  'business_id: "1"',
  'short_code: x',
  'audience: https://x.example',
  'api_username: x',
  'api_user_identifier: x',
  'secrets: {db_user: x, external_id: y}',
  'use_password: true',
  'token: true',
  'secrets: {external_id: [x]}',
])('nothing is said of %s', async (config) => {
  expect(await noticesOf(config)).toEqual([]);
});

test('a secret in plain text is one notice, which does not quote it', async () => {
  const [notice = '', ...more] =
    (await noticesOf('password: x$hunter2\napi_key: 4711\npin: ${N}', {
      auth: 'client_access: {client_secret: $hunter3-}',
    })) ?? [];
  expect(more).toEqual([]);
  expect(notice).toContain('config.password, config.api_key, and auth.client_access.client_secret');
  expect(notice).toContain(
    "Keep them in GitHub secrets, pass them through the step's env, and write ${NAME}",
  );
  expect(notice).not.toMatch(/hunter|4711|pin/);
});

test.each(['$PW', '$(PW)', '$Env:PW', '%PW%'])(
  'a secret that looks like the variable %s is a notice of its own words',
  async (value) => {
    expect(await noticesOf(`password: ${JSON.stringify(value)}\nhost: $PW`)).toEqual([
      'Sent as written, although it looks like a variable: config.password. Only ${NAME} is replaced.',
    ]);
  },
);

test('a manifest has one notice for all entries', async () => {
  const connections = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [
      `c${at}`,
      { config: { schema: `s${at}`, password: 'x', ...(at < 5 && { token: '$TOKEN' }) } },
    ]),
  );
  const defaults = { group_id: 'g', service: 's', auth: { access_token: 'y' } };
  const notices = (await readManifest({ defaults, connections })).settings?.notices ?? [];
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain('c3.config.token, and connections.c4.config.token.');
  expect(notices[0]).toContain('defaults.auth.access_token');
  expect(notices[0]).toContain('and 8 more');
});

test('the response of GET …/schemas can be pasted, with one notice for what is ignored', async () => {
  const schemas = {
    public: {
      name_in_destination: 'crm_public',
      enabled: true,
      tables: {
        users: {
          sync_mode: 'SOFT_DELETE',
          name_in_destination: 'users',
          enabled: true,
          enabled_patch_settings: { allowed: false, reason_code: 'SYSTEM_TABLE', reason: 'x' },
          supports_columns_config: true,
          supports_history_mode: false,
          columns: {
            id: {
              name_in_destination: 'id',
              enabled: true,
              hashed: false,
              is_primary_key: true,
              enabled_patch_settings: { allowed: false },
            },
          },
        },
        orders: { name_in_destination: 'orders', enabled: false, columns: {} },
      },
    },
    audit: {
      name_in_destination: 'crm_audit',
      enabled: false,
      tables: { events: { name_in_destination: 'events', enabled: true, columns: {} } },
    },
    empty: { name_in_destination: 'crm_empty', enabled: true, tables: {} },
  };
  const inputs = { schema_change_handling: 'ALLOW_ALL', schemas: JSON.stringify(schemas) };
  const reading = await read(inputs);
  expect(presentIn(reading).selection?.schemas).toEqual({
    public: {
      enabled: true,
      tables: {
        users: {
          enabled: true,
          sync_mode: 'SOFT_DELETE',
          columns: { id: { enabled: true, hashed: false, is_primary_key: true } },
        },
        orders: { enabled: false },
      },
    },
    audit: { enabled: false },
    empty: { enabled: true },
  });
  expect(reading.settings?.notices).toEqual([
    expect.stringMatching(
      /^Read-only fields in schemas are ignored: name_in_destination, .*supports_history_mode\.$/,
    ),
  ]);
});

test('a whole response in schemas is one problem', async () => {
  const response = { schema_change_handling: 'ALLOW_ALL', schemas: { public: { tables: {} } } };
  const inputs = { schema_change_handling: 'ALLOW_ALL', schemas: JSON.stringify(response) };
  expect((await read(inputs)).error).toMatch(
    /^schemas: holds Fivetran's whole response\. Set schemas to the mapping under its schemas, and/,
  );
  expect((await read({ ...inputs, schemas: 'schemas: {tables: {a: }}' })).error).toBe('');
});
