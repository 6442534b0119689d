import { requestFields } from '../../src/inputs/fields/fields.ts';
import { runStep } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import { plainInputs } from '../harness/step.ts';

type Row = [field: string, input: string, value: unknown];

const rows: Row[] = [
  ['group_id', 'quaint_harbor', 'quaint_harbor'],
  ['service', 'google_ads', 'google_ads'],
  ['config', 'schema: ads\nport: 5432', { schema: 'ads', port: 5432 }],
  ['auth', '{"refresh_token":"abc-def","n":1}', { refresh_token: 'abc-def', n: 1 }],
  ['run_setup_tests', 'true', true],
  ['trust_certificates', 'true', true],
  ['trust_fingerprints', 'false', false],
  ['paused', 'true', true],
  ['pause_after_trial', 'false', false],
  ['sync_frequency', '1440', 1440],
  ['daily_sync_time', '14:00', '14:00'],
  ['schedule_type', 'auto', 'auto'],
  [
    'schedule',
    'schedule_type: TIME_OF_DAY\ntime_of_day: "14:00"\ndays_of_week: [MONDAY]',
    { schedule_type: 'TIME_OF_DAY', time_of_day: '14:00', days_of_week: ['MONDAY'] },
  ],
  ['data_delay_sensitivity', 'CUSTOM', 'CUSTOM'],
  ['data_delay_threshold', '60', 60],
  ['networking_method', 'SshTunnel', 'SshTunnel'],
  ['private_link_id', '12345', '12345'],
  ['proxy_agent_id', 'true', 'true'],
  ['hybrid_deployment_agent_id', 'agent one', 'agent one'],
  ['external_secrets_manager_id', '007', '007'],
  ['external_secrets_keys_config', 'password: crm_password', { password: 'crm_password' }],
  ['destination_schema_names', 'SOURCE_NAMING', 'SOURCE_NAMING'],
  ['destination_configuration', 'virtual_warehouse: LOAD_WH', { virtual_warehouse: 'LOAD_WH' }],
  [
    'connect_card_config',
    'redirect_uri: https://x.example/done\nhide_setup_guide: true\nall_fields: false',
    { redirect_uri: 'https://x.example/done', hide_setup_guide: true, all_fields: false },
  ],
];

test('a step that sets every field sends one request with exactly these fields', async () => {
  expect(rows.map(([field]) => field).sort()).toEqual(Object.keys(requestFields).sort());
  const run = await runStep({ inputs: Object.fromEntries(rows) });
  expect(run.sent).toEqual(['create']);
  const values = Object.fromEntries(rows.map(([field, , value]) => [field, value]));
  expect(run.requests[0]?.body).toStrictEqual(values);
  expect(run.exitCode).toBe(0);
});

test.each<[string, string, unknown]>([
  ['run_setup_tests', 'false', false],
  ['sync_frequency', ' 5\n', 5],
  ['data_delay_threshold', '0', 0],
  ['private_link_id', '  link one\n', 'link one'],
])('%s: %j alone is sent as %j', async (field, input, value) => {
  const run = await runStep({ inputs: { [field]: input } });
  expect(run.sent).toEqual(['create']);
  expect(run.requests[0]?.body).toStrictEqual({ ...plainInputs, [field]: value });
  expect(run.exitCode).toBe(0);
});

test('empty and blank inputs are not sent', async () => {
  const { group_id, service } = plainInputs;
  const optional = rows
    .map(([field]) => field)
    .filter((field) => !(field in { group_id, service }));
  const inputs = Object.fromEntries(optional.map((field, at) => [field, at % 2 ? '' : ' \n ']));
  const run = await runStep({ inputs });
  expect(run.requests.map(({ body }) => body)).toStrictEqual([{ group_id, service }]);
  expect(run.exitCode).toBe(0);
});

const flags = [
  'run_setup_tests',
  'trust_certificates',
  'trust_fingerprints',
  'paused',
  'pause_after_trial',
];

test.each([
  [['true', 'True', 'TRUE', 'false', 'False']],
  [['FALSE', 'false', 'False', 'True', 'TRUE']],
])('%j are read as booleans', async (texts) => {
  const run = await runStep({
    inputs: Object.fromEntries(flags.map((flag, at) => [flag, texts[at] ?? ''])),
  });
  const values = flags.map((flag, at) => [flag, texts[at]?.toLowerCase() === 'true']);
  expect(run.requests[0]?.body).toStrictEqual({ ...plainInputs, ...Object.fromEntries(values) });
  expect(run.exitCode).toBe(0);
});

const basic = (key: string, secret: string) =>
  `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;

test('a request with a body has the headers that the API reference names', async () => {
  const { requests } = await runStep();
  expect(requests[0]?.headers).toMatchObject({
    accept: 'application/json;version=2',
    'content-type': 'application/json',
    authorization: basic('sandbox_key', 'sandbox_secret'),
  });
});

test('a look-up has no body and no content type', async () => {
  const { requests } = await runStep({}, { scenario: 'conflict' });
  const [, lookUp] = requests;
  expect(lookUp).toMatchObject({ method: 'GET', path: '/v1/connections', body: undefined });
  expect(lookUp?.headers).toMatchObject({
    accept: 'application/json;version=2',
    authorization: basic('sandbox_key', 'sandbox_secret'),
  });
  expect(lookUp?.headers).not.toHaveProperty('content-type');
});

const pair = { apiKey: 'key:of*mine', apiSecret: 'päss word$1' };

test('the API key and secret are sent as basic authentication, in UTF-8', async () => {
  const { requests } = await runStep({
    inputs: { api_key: pair.apiKey, api_secret: pair.apiSecret },
  });
  expect(requests[0]?.headers.authorization).toBe(basic(pair.apiKey, pair.apiSecret));
});

test('api_url may end with a slash', async () => {
  const sandbox = await openSandbox();
  await runStep({ inputs: { api_url: `${sandbox.url}/` } }, { sandbox });
  expect(sandbox.requests.map(({ path }) => path)).toEqual(['/v1/connections']);
});
