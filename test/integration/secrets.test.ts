import { entriesOf, manifestOf } from '../harness/manifests.ts';
import { visible } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { plainInputs, type StepRun } from '../harness/step.ts';

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

/** The forms in which a secret may appear: whole and by line, each as it is, in JSON and in HTML. */
const variantsOf = (secret: string) =>
  [secret, ...secret.split('\n')]
    .map((form) => form.trim())
    .filter((form) => form.length >= 4)
    .flatMap((form) => [form, JSON.stringify(form).slice(1, -1), escaped(form)]);

const escaped = (text: string) =>
  text.replace(/[&<>`[\]|\\]/g, (char) => `&#${char.charCodeAt(0)};`);

const leaked = (run: StepRun, hidden: string[]) => {
  const seen = visible(run);
  return hidden.flatMap(variantsOf).filter((form) => seen.includes(form));
};

const cardOf = ({ outputs }: StepRun) => {
  const uri = outputs.connect_card_uri ?? '';
  return [uri, new URL(uri).searchParams.get('auth') ?? ''];
};

test.each(['failed-tests', 'hostile'])(
  '%s: no secret is in the log, debug lines, annotations, summary or outputs',
  async (scenario) => {
    const run = await runStep({ inputs, env }, { ...pair, scenario });
    expect(run.outputs.connection_id).toBe(run.connections[0]?.id);
    expect(leaked(run, secrets)).toEqual([]);
    expect(leaked(run, cardOf(run))).toEqual([]);
  },
);

test.each(['hostile-error', 'conflict'])(
  '%s: no secret is printed when Fivetran refuses the request',
  async (scenario) => {
    const run = await runStep({ inputs, env }, { ...pair, scenario });
    expect(run.exitCode).toBe(1);
    expect(leaked(run, secrets)).toEqual([]);
  },
);

describe('a successful step', () => {
  let run: StepRun;

  beforeAll(async () => {
    run = await runStep({ inputs, env }, pair);
  });

  test('sends the secrets to Fivetran unchanged', () => {
    expect(run.requests[0]?.body).toMatchObject({
      config: {
        api_key: env.SOURCE_KEY,
        private_key: env.SOURCE_PEM,
        host: `https://${env.SOURCE_HOST}/api`,
        password: literals.password,
      },
      auth: { client_access: { client_secret: env.REFRESH } },
    });
  });

  test('prints no secret in the log, debug lines, annotations, summary or outputs', () => {
    expect(leaked(run, secrets)).toEqual([]);
    expect(leaked(run, cardOf(run))).toEqual([]);
  });

  test('masks each secret and each of its lines before it prints anything else', () => {
    for (const form of secrets.flatMap((secret) => [secret, ...secret.split('\n')])) {
      if (form.length >= 4) expect(run.masks).toContain(form);
    }
    const lines = run.log.split('\n');
    const firstText = lines.findIndex((line) => !line.startsWith('::add-mask::'));
    const lastSecret = lines.findLastIndex((line) => line.includes('MIIabc'));
    expect(lastSecret).toBeLessThan(firstText);
  });

  test('masks the connect card, and sets it as an output', () => {
    for (const part of cardOf(run)) expect(run.masks).toContain(part);
  });
});

test('short values, booleans and numbers that are not secrets are not masked', async () => {
  const config = `schema: crm
password: 12345678
secret: true
token: abc
limit: 87654321
port: "\${PORT}"
enabled: "\${ENABLED}"
account: "\${ACCOUNT}"`;
  const env = { PORT: '443', ENABLED: 'true', ACCOUNT: '20260105' };
  const run = await runStep({ inputs: { config }, env });
  expect(run.masks).toEqual(expect.arrayContaining(['sandbox_key', 'sandbox_secret', '12345678']));
  for (const value of ['true', 'abc', '87654321', '443', '20260105']) {
    expect(run.masks).not.toContain(value);
  }
  expect(run.outputs.setup_state).toBe('connected');
});

test.each([
  ['s3', '{schema: "${NAME}", table: "${PART}"}', 'feature_x.part_y'],
  ['s3', '{schema: "${NAME}", table_group_name: "${PART}"}', 'feature_x.part_y'],
  ['postgres', 'schema_prefix: "${NAME}"', 'feature_x'],
])("a connection's own name is not a secret: %s, %s", async (service, config, schema) => {
  const run = await runStep({
    inputs: { config, service },
    env: { NAME: 'feature_x', PART: 'part_y' },
  });
  for (const value of ['feature_x', 'part_y']) expect(run.masks).not.toContain(value);
  expect(run.outputs.schema).toBe(schema);
  expect(run.summary).toContain(schema);
});

test('outputs that identify the connection are kept when a secret has the same value', async () => {
  const { group_id, service } = plainInputs;
  const config =
    'schema: "${A}"\npassword: "${A}"\ntoken: "${B}"\nclient_secret: "${C}"\nprivate_key: "${D}"';
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

test('entry names that hold a secret are redacted everywhere, and stay distinct', async () => {
  const env = { A: 'alpha-secret', B: 'beta-secret' };
  const config = (schema: string) => ({ schema, password: '${A}', token: '${B}' });
  const manifest = manifestOf({
    'crm alpha-secret': { config: config('a') },
    'crm beta-secret': { config: config('b') },
    'crm beta-secret, failing': { config: config('c'), group_id: 'no_such_group' },
  });
  const run = await runStep({ manifest, env });
  expect(visible(run)).not.toMatch(/alpha-secret|beta-secret/);
  expect(Object.keys(entriesOf(run))).toEqual(['crm ***', 'crm *** (2)', 'crm ***, failing']);
  for (const text of [run.log, run.summary]) expect(text).toContain('crm *** (2)');
});
