import { answeringCreate } from '../harness/faults.ts';
import { entriesOf, manifestOf } from '../harness/manifests.ts';
import { secretsIn, visible } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { plainInputs, type StepRun } from '../harness/step.ts';
import { connectCardOf } from '../sandbox/api/connection/view.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';

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

/** Secrets that text cleaning would make unrecognizable, and a part of each. */
const echoed: [what: string, secret: string, part: RegExp][] = [
  ['a tab', 'before\tbehind-tab', /behind-tab/g],
  ['some spaces', 'before   behind-space', /behind-space/g],
  ['a tag', 'before<b>behind-tag', /behind-tag/g],
  ['a script', 'before<script>x</script>behind-script', /behind-script/g],
  ['an old workflow command', 'before##[behind-command', /behind-command/g],
  ['a control character', 'before\u0007behind-bell', /behind-bell/g],
  ['several lines', 'before-break\nbehind-break', /behind-break|before-break/g],
  ['quotes and backslashes', 'before"\\behind-quote', /behind-quote/g],
];
const given = echoed.map(([, secret]) => secret);

const refusing = (status: number, body: unknown) => ({
  faults: [{ kind: 'status' as const, status, body }],
});
const stepWith = (...values: string[]) => ({
  inputs: { config: values.map((_, at) => `key_${at}: \${SECRET_${at}}`).join('\n') },
  env: Object.fromEntries(values.map((value, at) => [`SECRET_${at}`, value])),
});

describe('a refusal that echoes secrets', () => {
  let run: StepRun;

  beforeAll(async () => {
    const body = { code: 'InvalidInput', message: `Not valid: ${given.join(' and ')}` };
    run = await runStep(stepWith(...given), refusing(400, body));
    expect(visible(run)).toContain('InvalidInput');
  });

  test.each(echoed)('does not print one with %s in it', (_what, _secret, part) => {
    expect(secretsIn(run, part)).toEqual([]);
  });
});

describe.each([
  ['first', given.slice(0, 4)],
  ['second', given.slice(4)],
])('setup tests that echo secrets, the %s half', (_half, values) => {
  let run: StepRun;

  beforeAll(async () => {
    const setup_tests = values.map((secret) => ({
      title: `Key ${secret}`,
      status: `BAD ${secret}`,
      message: { key: secret },
      details: [secret, { [secret]: secret }],
    }));
    const data = { setup_tests, odd: { [values.join()]: values }, status: { tasks: setup_tests } };
    run = await runStep(stepWith(...values), answeringCreate(data));
    expect(run.outputs.failed_test_messages).toContain('***');
  });

  test.each(echoed.filter(([, secret]) => values.includes(secret)))(
    'does not print a secret with %s in it',
    (_what, _secret, part) => {
      expect(secretsIn(run, part)).toEqual([]);
    },
  );
});

/** Repeated often enough that any truncation cuts a secret. */
const secret = 'the beginning, of a secret, and its end';
const often = `${secret}; `.repeat(300);
const beginning = /the beg\w*|of a sec\w*/g;

test.each([
  ['a refusal', 400, { code: 'InvalidInput', message: often }],
  ['the code of a refusal', 400, { code: often, message: 'No' }],
  ['a page of a proxy', 403, `<html><body>${often}</body></html>`],
  ['a refusal that is not JSON', 400, often],
])('no part of a secret is printed where %s is truncated', async (_what, status, body) => {
  const run = await runStep(stepWith(secret), refusing(status, body));
  expect(visible(run)).toContain(`Fivetran answered ${status}`);
  expect(secretsIn(run, beginning)).toEqual([]);
});

test('no part of a secret is printed where a setup test is truncated', async () => {
  const test = { title: often, status: 'FAILED', message: often, details: often };
  const setup_tests = [test, { ...test, status: often, details: { often } }];
  const run = await runStep(stepWith(secret), answeringCreate({ setup_tests }));
  expect(run.exitCode).toBe(1);
  expect(secretsIn(run, beginning)).toEqual([]);
});

test('a numeric secret that comes back as a JSON number is hidden', async () => {
  const pin = 47112211;
  const test = { title: 'Login', status: 'FAILED', message: pin, details: { pin, list: [pin] } };
  const run = await runStep(
    stepWith(String(pin)),
    answeringCreate({ odd: pin, deep: { [pin]: [pin] }, setup_tests: [test] }),
  );
  expect(run.outputs.connection).toContain('"odd":"***"');
  expect(secretsIn(run, /47112211/g)).toEqual([]);
});

test.each([10, 15, 25])(
  'no part of a secret is printed of a response cut after %i of its characters',
  async (kept) => {
    const body = `{"code":"Success","data":{"id":"x","note":"${secret.slice(0, kept)}`;
    const run = await runStep(stepWith(secret), refusing(500, body));
    expect(visible(run)).toContain('Fivetran answered 500');
    expect(secretsIn(run, beginning)).toEqual([]);
  },
);

const token = 'eyJhbGciOiJIUzI1NiJ9.cardtoken-payload.cardtoken-signature';
const uri = `https://fivetran.com/connect-card/setup?auth=${token}`;
const answer = JSON.stringify({
  code: 'Success',
  data: { connect_card: { token, uri }, id: 'open_mosaic', group_id: 'decent_dropsy' },
});

/** An answer to the create that cannot be used. */
const unreadable = (body: string, status = 201): SandboxOptions => ({
  faults: [{ method: 'POST', kind: 'status', when: 'after', status, body }],
});
/** Without a name there is nothing to look up, so the answer is all that is known. */
const unnamed = { config: '', connect_card_config: 'redirect_uri: https://x.example' };

test.each([
  ['in the token', answer.slice(0, answer.indexOf('payload'))],
  ['in the uri', answer.slice(0, answer.lastIndexOf('payload') + 3)],
  ['before its end', answer.slice(0, -1)],
  ['in a short token', '{"data":{"connect_card":{"token":"cardtoken-1'],
  ['in spaced JSON', `{ "connect_card" : { "token"\n :\n "${token}`],
  ['in JSON with escaped slashes', answer.slice(0, -9).replaceAll('/', '\\/')],
  ['in JSON within JSON', JSON.stringify({ message: answer }).slice(0, -1)],
  ['where it has no id', answer.replace('"id":"open_mosaic",', '')],
])('an answer that is cut %s does not reveal the connect card', async (_where, body) => {
  const run = await runStep({ inputs: unnamed, env: { RUNNER_DEBUG: '1' } }, unreadable(body));
  expect(run.exitCode).toBe(1);
  expect(visible(run)).toContain('may exist');
  expect(secretsIn(run, /cardtoken|eyJhbGci/g)).toEqual([]);
});

test('half of a real answer does not reveal the connect card', async () => {
  const faults = [{ method: 'POST', path: '/v1/connections', kind: 'cut-json' as const }];
  const { connect_card_config } = unnamed;
  const run = await runStep({ inputs: { connect_card_config } }, { faults });
  expect(run.outputs.connection_id).toBe(run.connections[0]?.id);
  const card = connectCardOf(Object({ id: run.outputs.connection_id }));
  for (const part of card.token.split('.')) expect(visible(run)).not.toContain(part);
});

test('the connect card is redacted in setup tests, tasks and unknown fields', async () => {
  const setup_tests = [{ title: `at ${uri}`, status: 'FAILED', message: token, details: { uri } }];
  const status = { setup_state: 'incomplete', tasks: [{ code: 'x', message: uri }] };
  const data = { connect_card: { token, uri }, setup_tests, status, another: { [token]: uri } };
  const run = await runStep({}, answeringCreate(data));
  expect(run.outputs.connect_card_uri).toBe(uri);
  expect(run.masks).toEqual(expect.arrayContaining([token, uri]));
  expect(secretsIn(run, /cardtoken|eyJhbGci/g)).toEqual([]);
});

describe('the secrets of a manifest', () => {
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
      const last = lines.findLastIndex((line) =>
        /^::add-mask::.*secret-of-the-last-one/.test(line),
      );
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
});
