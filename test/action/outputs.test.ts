import { answering, type Ran, runStep } from './step.ts';

const parsed = (json: string | undefined) => JSON.parse(json ?? 'null');

const inputs = {
  config: 'schema: crm\napi_key: key-of-the-source',
  auth: 'refresh_token: token-of-the-source',
  connect_card_config: 'redirect_uri: https://x.example/done',
  sync_frequency: '60',
  destination_configuration: 'virtual_warehouse: LOAD',
};

describe('a connection', () => {
  let ran: Ran;

  beforeAll(async () => {
    ran = await runStep({ inputs });
  });

  test('has every output', () => {
    const [connection] = ran.connections;
    const id = String(connection?.id);
    expect(ran.outputs).toMatchObject({
      connection_id: id,
      result: 'created',
      setup_state: 'connected',
      failed_tests: '[]',
      failed_test_messages: '',
      sync_state: 'scheduled',
      update_state: 'on_schedule',
      schema: 'crm',
      service: '15five',
      group_id: 'decent_dropsy',
      created_at: connection?.created_at,
      paused: 'false',
      connect_card_uri: expect.stringMatching(
        /^https:\/\/fivetran\.com\/connect-card\/setup\?auth=ey/,
      ),
      dashboard_url: `https://fivetran.com/dashboard/connectors/${id}/status`,
    });
  });

  test('has all its tests as an output, in their order', () => {
    expect(parsed(ran.outputs.setup_tests)).toEqual([
      { title: 'Connecting to the source', status: 'PASSED', message: '' },
      { title: 'Validating credentials', status: 'PASSED', message: '' },
      { title: 'Checking permissions', status: 'PASSED', message: '' },
    ]);
  });

  test('keeps the types of the answer in the output that has all of it', () => {
    expect(parsed(ran.outputs.connection)).toMatchObject({
      id: ran.connections[0]?.id,
      paused: false,
      sync_frequency: 60,
      succeeded_at: null,
      destination_configuration: { virtual_warehouse: 'LOAD' },
      connect_card_config: { redirect_uri: 'https://x.example/done' },
      status: { setup_state: 'connected', is_historical_sync: true, tasks: [] },
      setup_tests: parsed(ran.outputs.setup_tests),
    });
  });
});

test('failed tests have their details, and are told in a line each', async () => {
  const { outputs } = await runStep({}, { scenario: 'failed-tests' });
  const failed = {
    title: 'Validating credentials',
    status: 'FAILED',
    message: 'The source answered 401: the API key was revoked on 2026-01-05',
    details: { http_status: 401, endpoint: 'https://my.15five.com/api/public/user/' },
  };
  expect(parsed(outputs.failed_tests)).toEqual([failed]);
  expect(parsed(outputs.setup_tests)).toHaveLength(3);
  expect(outputs.failed_test_messages).toBe(`${failed.title}: ${failed.message}`);
});

test('a message of several lines is told in one, and stays as it is in JSON', async () => {
  const message = 'first\nsecond\r\n::error::third';
  const setup_tests = ['A\nB', 'C'].map((title) => ({ title, status: 'FAILED', message }));
  const { outputs } = await runStep({}, answering({ setup_tests }));
  expect(outputs.failed_test_messages).toBe(
    'A B: first second ::error::third\nC: first second ::error::third',
  );
  expect(parsed(outputs.failed_tests)).toEqual(setup_tests);
});

test('config, auth and the connect card are not handed on', async () => {
  const hidden = { config: { a: 1 }, auth: { b: 2 }, connect_card: { token: 't', uri: 'u' } };
  const { outputs } = await runStep({}, answering({ ...hidden, connect_card_config: {} }));
  expect(parsed(outputs.connection)).toEqual({ id: 'open_mosaic', connect_card_config: {} });
});

test('an answer with odd types and unknown fields is handed on as it is', async () => {
  const odd = { sync_frequency: '360', quantum: { entangled: [null, 7] }, paused: null, schema: 7 };
  const tests = [{ title: 12, status: 'PASSED', message: { text: 'x' }, severity: 'mild' }, null];
  const whole = { ...odd, setup_tests: tests, status: null };
  const ran = await runStep({}, answering(whole));
  expect(ran.exitCode).toBe(0);
  expect(parsed(ran.outputs.connection)).toEqual({ id: 'open_mosaic', ...whole });
  expect(ran.outputs).toMatchObject({ schema: '7', setup_state: '', sync_state: '', paused: '' });
  expect(parsed(ran.outputs.setup_tests)).toEqual([
    { title: 'Untitled test', status: 'PASSED', message: '{"text":"x"}' },
  ]);
});

test('an answer with nothing but an id is enough', async () => {
  const ran = await runStep({}, answering({}));
  expect(ran.exitCode).toBe(0);
  expect(ran.outputs).toMatchObject({
    connection_id: 'open_mosaic',
    result: 'created',
    setup_tests: '[]',
    connection: '{"id":"open_mosaic"}',
  });
});

test('without a connection there is no id', async () => {
  const { outputs, exitCode } = await runStep({ inputs: { group_id: 'no_such_group' } });
  expect(exitCode).toBe(1);
  expect([outputs.connection_id ?? '', outputs.result ?? '']).toEqual(['', '']);
});
