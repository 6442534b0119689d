import { linesOf, presentIn, read } from './reading.ts';

const value = {
  schema: 'crm',
  port: 5432,
  ratio: 0.5,
  use_tls: false,
  proxy: null,
  hosts: ['a', 'b'],
  nested: { deep: [{ x: 1 }] },
};
const yaml = `
schema: crm
port: 5432
ratio: 0.5
use_tls: false
proxy:
hosts:
  - a
  - b
nested:
  deep:
    - x: 1
`;

const requestOf = async (inputs: Record<string, string>, env: Record<string, string> = {}) =>
  presentIn(await read(inputs, env)).request;

test.each([
  ['YAML and JSON', yaml, JSON.stringify(value)],
  ['indented JSON and YAML', JSON.stringify(value, null, 2), yaml],
])('%s keep the types of their values', async (_kinds, config, auth) => {
  expect(await requestOf({ config, auth })).toStrictEqual({
    group_id: 'decent_dropsy',
    service: 'postgres',
    config: value,
    auth: value,
  });
});

const values: Record<string, string> = {
  QUOTES: `it's "quoted"`,
  YAML: 'x: [1]\n- y # z: &a *a',
  DOLLARS: '$$ ${QUOTES} $1 $&',
  LINES: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
  BACKSLASHES: 'C:\\new\\table',
  LETTERS: 'пароль 密码 🔑',
  NUMBER: '007',
  BOOLEAN: 'true',
  SPACES: '  both sides  ',
};

test.each(Object.entries(values))('${%s} is inserted verbatim: %j', async (name, given) => {
  const config = `schema: crm\nx: \${${name}}`;
  const auth = JSON.stringify({ x: `\${${name}}` });
  const request = await requestOf({ config, auth }, values);
  expect([request.config?.x, request.auth?.x]).toEqual([given, given]);
});

test('references, defaults and dollar signs can be combined', async () => {
  const config = `schema: crm_\${NUMBER}
hosts: ["\${HOST}.example.com", "\${UNSET:-localhost}", "\${EMPTY:-none}"]
empty: "\${EMPTY:-}"
nothing: "\${UNSET:-}"
price: $$5 or $5
literal: $\${NUMBER}
"\${NUMBER}": key`;
  const env = { NUMBER: '42', HOST: 'db', EMPTY: '' };
  expect((await requestOf({ config }, env)).config).toStrictEqual({
    schema: 'crm_42',
    hosts: ['db.example.com', 'localhost', 'none'],
    empty: '',
    nothing: '',
    price: '$$5 or $5',
    literal: '${NUMBER}',
    '${NUMBER}': 'key',
  });
});

test('references are replaced in mappings and in no other input', async () => {
  const env = {
    TOKEN: 'the-token',
    SITE: 'https://x.example',
    WAREHOUSE: 'LOAD',
    CRON: '0 1 * * *',
  };
  const inputs = {
    auth: 'client_access: {client_secret: "${TOKEN}"}',
    destination_configuration: 'virtual_warehouse: ${WAREHOUSE}',
    connect_card_config: 'redirect_uri: ${SITE}/done',
    external_secrets_keys_config: 'password: ${WAREHOUSE}/password',
    additional_fields: 'plan: {cron: "${CRON}"}',
    schedule: 'cron: "${CRON}"',
    private_link_id: '${TOKEN}',
  };
  expect(await requestOf(inputs, env)).toStrictEqual({
    group_id: 'decent_dropsy',
    service: 'postgres',
    config: { schema_prefix: 'crm' },
    auth: { client_access: { client_secret: 'the-token' } },
    destination_configuration: { virtual_warehouse: 'LOAD' },
    connect_card_config: { redirect_uri: 'https://x.example/done' },
    external_secrets_keys_config: { password: 'LOAD/password' },
    private_link_id: '${TOKEN}',
    plan: { cron: '0 1 * * *' },
    schedule: { cron: '0 1 * * *' },
  });
});

test('an empty mapping is not sent', async () => {
  expect(await requestOf({ auth: '# nothing\n', destination_configuration: 'null' })).toStrictEqual(
    {
      group_id: 'decent_dropsy',
      service: 'postgres',
      config: { schema_prefix: 'crm' },
    },
  );
});

test('fields named like built-in object properties are plain data', async () => {
  const config =
    '{"schema": "crm", "__proto__": {"x": "${X}"}, "constructor": 1, "toString": "${X}"}';
  const request = await requestOf({ config, additional_fields: '{"__proto__": 5}' }, { X: 'x' });
  expect(JSON.stringify(request.config)).toBe(
    '{"schema":"crm","__proto__":{"x":"x"},"constructor":1,"toString":"x"}',
  );
  expect(JSON.stringify(request)).toContain('"__proto__":5');
});

describe('additional_fields', () => {
  test('accepts fields that the action does not know', async () => {
    const additional_fields = 'new_plan: {type: CRON}\nnew_flag: true\nlist: [1]';
    expect(await requestOf({ additional_fields })).toMatchObject({
      new_plan: { type: 'CRON' },
      new_flag: true,
      list: [1],
    });
  });

  test.each(['paused', 'schedule', 'config', 'service', 'schemas', 'if_exists'])(
    'refuses %s, which is an input',
    async (field) => {
      const additional_fields = `{"${field}": true, "other": 1}`;
      expect(linesOf(await read({ additional_fields }))).toEqual([
        `additional_fields.${field}: the action supports ${field} itself. Set ${field} directly, not in additional_fields.`,
      ]);
    },
  );
});
