import { plainBody, type Ran, runStep } from './step.ts';

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

test.concurrent.each([
  ['YAML and JSON', yaml, JSON.stringify(value)],
  ['indented JSON and YAML', JSON.stringify(value, null, 2), yaml],
])('%s are sent with the types of their values', async (_kinds, config, auth) => {
  const { requests } = await runStep({ inputs: { config, auth } });
  expect(requests.map(({ body }) => body)).toStrictEqual([
    { ...plainBody, config: value, auth: value },
  ]);
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

describe('values that come in through ${NAME}', () => {
  let body: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    const names = Object.keys(values);
    const config = names.map((name) => `${name}: \${${name}}`).join('\n');
    const auth = JSON.stringify(Object.fromEntries(names.map((name) => [name, `\${${name}}`])));
    const { requests } = await runStep({ inputs: { config, auth }, env: values });
    body = Object(requests[0]?.body);
  });

  test.each(Object.entries(values))('%s arrive as they are: %j', (name, given) => {
    expect(body.config?.[name]).toBe(given);
    expect(body.auth?.[name]).toBe(given);
  });
});

test('references, defaults and dollar signs go together', async () => {
  const config = `schema: crm_\${NUMBER}
hosts: ["\${HOST}.example.com", "\${UNSET:-localhost}", "\${EMPTY:-none}"]
empty: "\${EMPTY}"
nothing: "\${UNSET:-}"
price: $$5 or $5
literal: $\${NUMBER}
"\${NUMBER}": key`;
  const env = { NUMBER: '42', HOST: 'db', EMPTY: '' };
  const { requests, exitCode }: Ran = await runStep({ inputs: { config }, env });
  expect(Object(requests[0]?.body).config).toStrictEqual({
    schema: 'crm_42',
    hosts: ['db.example.com', 'localhost', 'none'],
    empty: '',
    nothing: '',
    price: '$5 or $5',
    literal: '${NUMBER}',
    '${NUMBER}': 'key',
  });
  expect(exitCode).toBe(0);
});

test('every mapping takes references, and no other input does', async () => {
  const env = { TOKEN: 'the-token', SITE: 'https://x.example', WAREHOUSE: 'LOAD' };
  const inputs = {
    auth: 'client_access: {client_secret: "${TOKEN}"}',
    destination_configuration: 'virtual_warehouse: ${WAREHOUSE}',
    connect_card_config: 'redirect_uri: ${SITE}/done',
    private_link_id: '${TOKEN}',
  };
  const { requests } = await runStep({ inputs, env });
  expect(requests[0]?.body).toStrictEqual({
    ...plainBody,
    auth: { client_access: { client_secret: 'the-token' } },
    destination_configuration: { virtual_warehouse: 'LOAD' },
    connect_card_config: { redirect_uri: 'https://x.example/done' },
    private_link_id: '${TOKEN}',
  });
});
