import { entriesIn, linesOf, presentIn, read, readManifest } from '../reading.ts';

const problemsOf = async (config: string, env: Record<string, string> = {}) => [
  ...linesOf(await read({ config: `schema: crm\n${config}` }, env)),
];

describe.each(['config', 'auth'])('%s', (input) => {
  const problems = async (value: string, env: Record<string, string> = {}) =>
    linesOf(await read({ config: 'schema: crm', [input]: `schema: crm\n${value}` }, env));

  test.each([
    ['password: #a', 'password'],
    ['password:', 'password'],
    ['password: ""', 'password'],
    ['client: {client_secret: null}', 'client.client_secret'],
    ['access_tokens: [x, ""]', 'access_tokens[1]'],
    ['secrets_list: [{key: a, value: }]', 'secrets_list[0].value'],
    ['private_key: ${X:-}${Y}', 'private_key'],
  ])('refuses a secret that is empty: %s', async (value, path) => {
    const [line = '', ...more] = await problems(value);
    expect(line).toContain(`${input}.${path}: `);
    expect(line).toMatch(/must not be empty|variable Y is not set/);
    expect(more).toEqual([]);
  });

  test.each(['password: ${X:-}', 'tokens: ["${X:-}"]', 'user: ""', 'host: null', 'api_keys: []'])(
    'accepts what may be empty: %s',
    async (value) => {
      expect(await problems(value)).toEqual([]);
    },
  );

  test.each([
    ['password: "******"', {}],
    ['host: "***"', {}],
    ['deep: [{x: "********"}]', {}],
    ['password: ${PW}', { PW: '******' }],
  ])('refuses asterisks that a response of Fivetran shows: %s', async (value, env) => {
    expect(await problems(value, env)).toEqual([
      expect.stringMatching(new RegExp(`^${input}\\.\\S+: must not be asterisks`)),
    ]);
  });

  test.each(['password: "**"', 'pattern: "*.csv"', 'password: "****a"', 'password: "* * *"'])(
    'accepts other asterisks: %s',
    async (value) => {
      expect(await problems(value)).toEqual([]);
    },
  );
});

test.each([
  'schema: #77-hotfix',
  'schema: "${EMPTY:-}"',
  'schema: " "',
  'schema: a\nschema_prefix:',
  'schema: a\ntable: ',
  'schema: a\ntable: b\ntable_group_name: ""',
])('a naming field that is empty is refused, also to delete: %s', async (config) => {
  for (const inputs of [
    {},
    { if_exists: 'update' },
    { state: 'absent' },
    { state: 'absent', connection_id: 'x' },
  ]) {
    expect(linesOf(await read({ ...inputs, config }))).toEqual([
      expect.stringMatching(/^config\.\w+: must not be empty, because it names the connection/),
    ]);
  }
});

test.each(['schema: true', 'schema: [crm]', 'schema: {a: 1}', 'schema: crm\ntable: false'])(
  'a naming field that is no text is refused: %s',
  async (config) => {
    expect(linesOf(await read({ config }))).toEqual([
      expect.stringMatching(
        /^config\.\w+: must be text, because it names the connection, got a (boolean|list|mapping)\./,
      ),
    ]);
    expect(linesOf(await read({ config: 'schema: 2026' }))).toEqual([]);
  },
);

test.each([
  ['config', 'schema: shop${SUFFIX}', 'config.schema'],
  ['config', 'schema: crm\npassword: ${SUFFIX}', 'config.password'],
  ['auth', 'a: {b: ["${SUFFIX}"]}', 'auth.a.b[0]'],
  ['additional_fields', 'x: ${SUFFIX}', 'additional_fields.x'],
  ['schemas', 'public: {tables: {"t${SUFFIX}": }}', 'schemas.public.tables.t${SUFFIX}'],
])('an empty variable in %s is refused: %s', async (input, text, path) => {
  const inputs = { [input]: text, schema_change_handling: 'ALLOW_ALL' };
  for (const state of ['present', 'absent']) {
    expect(linesOf(await read({ ...inputs, state }, { SUFFIX: '' }))).toEqual([
      expect.stringContaining(`${path}: environment variable SUFFIX is empty.`),
    ]);
  }
});

test('an empty naming field of the defaults is one problem, where it stands', async () => {
  const manifest = `defaults: {service: s, group_id: g, config: {schema: }}
connections:
  one: {config: {host: a}}
  two: {config: {host: b}}
  three: {config: {schema: c}}
  four: {config: {schema: ""}}
`;
  expect(linesOf(await readManifest(manifest))).toEqual([
    expect.stringMatching(/^manifest\.yml:1: defaults\.config\.schema: must not be empty/),
    expect.stringMatching(/^manifest\.yml:6: connections\.four\.config\.schema: must not be empty/),
  ]);
});

describe('what came through ${NAME}', () => {
  const env = {
    PORT: '5432',
    TLS: 'true',
    ID: '0042',
    WORD: 'db',
    PW: '123456',
    RATIO: '-0.5',
    ALL: 'Infinity',
  };

  test.each([
    ['port: ${PORT}', ['config', 'port'], true],
    ['tls: ${TLS}', ['config', 'tls'], true],
    ['ratio: "${RATIO}"', ['config', 'ratio'], true],
    ['port: ${UNSET:-5433}', ['config', 'port'], true],
    ['hosts: [{port: "${PORT}"}]', ['config', 'hosts', 0, 'port'], true],
    ['account: ${ID}', ['config', 'account'], false],
    ['host: ${WORD}', ['config', 'host'], false],
    ['limit: ${ALL}', ['config', 'limit'], false],
    ['host: ${PORT}${PORT}', ['config', 'host'], false],
    ['host: "a ${PORT}"', ['config', 'host'], false],
    ['password: ${PW}', ['config', 'password'], false],
    ['secrets_list: [{key: a, value: "${PW}"}]', ['config', 'secrets_list', 0, 'value'], false],
  ])('of %s is known, and whether its type is', async (config, path, untyped) => {
    const spec = presentIn(await read({ config: `schema: crm\n${config}` }, env));
    expect(spec.variables).toEqual([{ path, untyped }]);
  });

  test.each(['port: 5432', 'host: ${UNSET:-db}', 'host: $${PORT}'])(
    'is nothing of %s',
    async (config) => {
      const spec = presentIn(await read({ config: `schema: crm\n${config}` }, env));
      expect(spec.variables).toEqual([]);
    },
  );

  test('has its path in the request, in other fields too', async () => {
    const inputs = {
      auth: 'client_id: ${PORT}',
      additional_fields: 'x: {y: "${PORT}"}',
      external_secrets_keys_config: 'password: ${PORT}',
      schema_change_handling: 'ALLOW_ALL',
      schemas: '{a: {enabled: "${TLS}"}}',
    };
    expect(presentIn(await read(inputs, env)).variables).toEqual([
      { path: ['auth', 'client_id'], untyped: true },
      { path: ['external_secrets_keys_config', 'password'], untyped: false },
      { path: ['x', 'y'], untyped: false },
    ]);
  });

  test('is merged as the fields are', async () => {
    const manifest = {
      defaults: {
        group_id: 'g',
        service: 's',
        config: { port: '${PORT}', host: '${WORD}', tls: '${TLS}' },
        auth: { client_id: '${PORT}' },
        networking_method: '${NET:-Directly}',
        private_link_id: '${WORD}',
      },
      connections: {
        a: {
          config: { schema: 'a', port: 1, tls: null, ratio: '${RATIO}' },
          auth: { x: 1 },
          private_link_id: 'x',
        },
      },
    };
    const inputs = { config: 'id: ${ID}\nhost: x' };
    const [entry] = entriesIn(await readManifest(manifest, inputs, env));
    expect(entry?.spec).toMatchObject({
      variables: [
        { path: ['config', 'id'], untyped: false },
        { path: ['config', 'host'], untyped: false },
        { path: ['auth', 'client_id'], untyped: true },
        { path: ['config', 'ratio'], untyped: true },
      ],
    });
  });
});

test('fields that the action declares take their type from a variable', async () => {
  const manifest = {
    connections: {
      a: {
        group_id: 'g',
        service: 's',
        paused: '${YES}',
        sync_frequency: '${FREQUENCY}',
        connect_card_config: { redirect_uri: 'https://x.example', all_fields: '${YES}' },
        schedule: { schedule_type: 'INTERVAL', interval: '${FREQUENCY}' },
        schema_change_handling: 'ALLOW_ALL',
        schemas: { a: { tables: { b: { columns: { c: { hashed: '${YES}' } } } } } },
      },
    },
  };
  const env = { YES: 'true', FREQUENCY: '60' };
  const [entry] = entriesIn(await readManifest(manifest, {}, env));
  expect(entry?.spec).toMatchObject({
    request: {
      paused: true,
      sync_frequency: 60,
      connect_card_config: { all_fields: true },
      schedule: { interval: 60 },
    },
    selection: { schemas: { a: { tables: { b: { columns: { c: { hashed: true } } } } } } },
  });
  expect(linesOf(await readManifest(manifest, {}, { YES: 'maybe', FREQUENCY: '1.5' }))).toEqual([
    expect.stringMatching(/paused: must be true or false, got the value of \$\{YES\}\.$/),
    expect.stringMatching(/sync_frequency: must be 1, .* got the value of \$\{FREQUENCY\}\.$/),
    expect.stringMatching(/all_fields: must be true or false, got the value of \$\{YES\}\.$/),
    expect.stringMatching(/schedule\.interval: must be a whole number.* \$\{FREQUENCY\}\.$/),
    expect.stringMatching(/hashed: must be true or false, got the value of \$\{YES\}\.$/),
  ]);
});

test('an unknown field of schedule suggests the nearest', async () => {
  expect(linesOf(await read({ schedule: 'crom: 0 6 * * *' }))).toEqual([
    'schedule.crom: unknown field. Did you mean cron?',
  ]);
  expect(await problemsOf('anything: 1')).toEqual([]);
});
