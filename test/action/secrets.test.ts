import { plainInputs, type Ran, runStep, visible } from './step.ts';

const pair = { apiKey: 'KEYxq7#%1', apiSecret: 'SECRETzw9"8\\7' };
const env = {
  RUNNER_DEBUG: '1',
  SOURCE_KEY: 'from-env-"quoted"-\\back',
  SOURCE_PEM: '-----BEGIN KEY-----\nMIIabc"def+/\n  indented 100%\n-----END KEY-----\n',
  SOURCE_HOST: 'db-from-env.internal',
  REFRESH: 'refresh$&$1`{}',
};
const literals = { password: 'literal:pass word', token: 'literal-token-<1>' };

const inputs = {
  config: `schema: crm
api_key: \${SOURCE_KEY}
private_key: \${SOURCE_PEM}
host: https://\${SOURCE_HOST}/api
password: "${literals.password}"
list: [{token: "${literals.token}"}]`,
  auth: 'client_access: {client_secret: "${REFRESH}"}',
  connect_card_config: 'redirect_uri: https://x.example',
};

const secrets = [
  ...Object.values(pair),
  Buffer.from(`${pair.apiKey}:${pair.apiSecret}`).toString('base64'),
  ...Object.entries(env).flatMap(([name, value]) => (name === 'RUNNER_DEBUG' ? [] : [value])),
  ...Object.values(literals),
];

/** All forms in which a secret could stand somewhere: whole, as lines, each also as JSON has it. */
const variantsOf = (secret: string) =>
  [secret, ...secret.split('\n')]
    .map((form) => form.trim())
    .filter((form) => form.length >= 4)
    .flatMap((form) => [form, JSON.stringify(form).slice(1, -1), escaped(form)]);

const escaped = (text: string) =>
  text.replace(/[&<>`[\]|\\]/g, (char) => `&#${char.charCodeAt(0)};`);

const leaked = (ran: Ran, hidden: string[]) => {
  const seen = visible(ran);
  return hidden.flatMap(variantsOf).filter((form) => seen.includes(form));
};

const cardOf = ({ outputs }: Ran) => {
  const uri = outputs.connect_card_uri ?? '';
  return [uri, new URL(uri).searchParams.get('auth') ?? ''];
};

test.concurrent.each(['failed-tests', 'hostile'])(
  '%s: no secret in log, debug log, annotations, summary or outputs',
  async (scenario) => {
    const ran = await runStep({ inputs, env }, { ...pair, scenario });
    expect(ran.outputs.connection_id).toBe(ran.connections[0]?.id);
    expect(leaked(ran, secrets)).toEqual([]);
    expect(leaked(ran, cardOf(ran))).toEqual([]);
  },
);

test.concurrent.each(['hostile-error', 'conflict'])(
  '%s: nor when Fivetran refuses',
  async (scenario) => {
    const ran = await runStep({ inputs, env }, { ...pair, scenario });
    expect(ran.exitCode).toBe(1);
    expect(leaked(ran, secrets)).toEqual([]);
  },
);

describe('a step that goes well', () => {
  let ran: Ran;

  beforeAll(async () => {
    ran = await runStep({ inputs, env }, pair);
  });

  test('sends the secrets to Fivetran as they are', () => {
    expect(ran.requests[0]?.body).toMatchObject({
      config: {
        api_key: env.SOURCE_KEY,
        private_key: env.SOURCE_PEM,
        host: `https://${env.SOURCE_HOST}/api`,
        password: literals.password,
      },
      auth: { client_access: { client_secret: env.REFRESH } },
    });
  });

  test('has none in log, debug log, annotations, summary or outputs', () => {
    expect(leaked(ran, secrets)).toEqual([]);
    expect(leaked(ran, cardOf(ran))).toEqual([]);
  });

  test('masks them and all their lines before anything else is printed', () => {
    for (const form of secrets.flatMap((secret) => [secret, ...secret.split('\n')])) {
      if (form.length >= 4) expect(ran.masks).toContain(form);
    }
    const lines = ran.log.split('\n');
    const firstText = lines.findIndex((line) => !line.startsWith('::add-mask::'));
    const lastSecret = lines.findLastIndex((line) => line.includes('MIIabc'));
    expect(lastSecret).toBeLessThan(firstText);
  });

  test('masks the connect card, which is an output all the same', () => {
    for (const part of cardOf(ran)) expect(ran.masks).toContain(part);
  });
});

test('short values, numbers and booleans are not masked', async () => {
  const config =
    'schema: crm\npassword: 12345678\nsecret: true\ntoken: abc\nport: "${PORT}"\nuse: "${USE}"';
  const ran = await runStep({ inputs: { config }, env: { PORT: '443', USE: 'true' } });
  expect(ran.masks).toEqual(expect.arrayContaining(['sandbox_key', 'sandbox_secret']));
  for (const value of ['12345678', 'true', 'abc', '443']) expect(ran.masks).not.toContain(value);
  expect(ran.outputs.setup_state).toBe('connected');
});

test.concurrent.each([
  ['{schema: "${NAME}", table: "${PART}"}', 'feature_x.part_y'],
  ['{schema: "${NAME}", table_group_name: "${PART}"}', 'feature_x.part_y'],
  ['schema_prefix: "${NAME}"', 'feature_x'],
])('what names the connection is no secret: %s', async (config, schema) => {
  const inputs = { config, service: 's3' };
  const ran = await runStep({ inputs, env: { NAME: 'feature_x', PART: 'part_y' } });
  for (const value of ['feature_x', 'part_y']) expect(ran.masks).not.toContain(value);
  expect(ran.outputs.schema).toBe(schema);
  expect(ran.summary).toContain(schema);
});

test('outputs that name the connection stay, even when a secret has the same value', async () => {
  const { group_id, service } = plainInputs;
  const config = 'schema: "${A}"\npassword: "${A}"\nb: "${B}"\nc: "${C}"\nd: "${D}"';
  const env = { A: 'feature_x', B: group_id, C: service, D: 'open_mosaic' };
  const { outputs, connections, masks } = await runStep({ inputs: { config }, env });
  expect(masks).toEqual(expect.arrayContaining(Object.values(env)));
  expect(connections[0]?.id).toBe('open_mosaic');
  expect(outputs).toMatchObject({
    connection_id: 'open_mosaic',
    schema: 'feature_x',
    group_id,
    service,
  });
  expect(outputs.dashboard_url).toContain('open_mosaic');
  expect(JSON.parse(outputs.connection ?? '')).toMatchObject({ schema: 'feature_x', group_id });
});
