import { answeringCreate } from '../harness/faults.ts';
import { runStep } from '../harness/run-step.ts';
import type { StepRun } from '../harness/step.ts';

const parsed = (json: string | undefined) => JSON.parse(json ?? 'null');

const inputs = {
  config: 'schema: crm\napi_key: key-of-the-source',
  auth: 'refresh_token: token-of-the-source',
  connect_card_config: 'redirect_uri: https://x.example/done',
  sync_frequency: '60',
  destination_configuration: 'virtual_warehouse: LOAD',
};

describe('a created connection', () => {
  let run: StepRun;

  beforeAll(async () => {
    run = await runStep({ inputs });
  });

  test('sets every output', () => {
    const [connection] = run.connections;
    const id = String(connection?.id);
    expect(run.outputs).toMatchObject({
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
      dashboard_url: `https://fivetran.com/dashboard/connections/${id}/status`,
    });
  });

  test('lists all its setup tests in order', () => {
    expect(parsed(run.outputs.setup_tests)).toEqual([
      { title: 'Connecting to the source', status: 'PASSED', message: '' },
      { title: 'Validating credentials', status: 'PASSED', message: '' },
      { title: 'Checking permissions', status: 'PASSED', message: '' },
    ]);
  });

  test('has the whole answer with its types in the output connection', () => {
    expect(parsed(run.outputs.connection)).toMatchObject({
      id: run.connections[0]?.id,
      paused: false,
      sync_frequency: 60,
      succeeded_at: null,
      destination_configuration: { virtual_warehouse: 'LOAD' },
      connect_card_config: { redirect_uri: 'https://x.example/done' },
      status: { setup_state: 'connected', is_historical_sync: true, tasks: [] },
      setup_tests: parsed(run.outputs.setup_tests),
    });
  });
});

test('the output connection keeps unexpected types and unknown fields', async () => {
  const odd = { sync_frequency: '360', quantum: { entangled: [null, 7] }, paused: null, schema: 7 };
  const tests = [{ title: 12, status: 'PASSED', message: { text: 'x' }, severity: 'mild' }, null];
  const whole = { ...odd, setup_tests: tests, status: null };
  const run = await runStep({}, answeringCreate(whole));
  expect(run.exitCode).toBe(0);
  expect(parsed(run.outputs.connection)).toEqual({ id: 'open_mosaic', ...whole });
  expect(run.outputs).toMatchObject({ schema: '7', setup_state: '', sync_state: '', paused: '' });
  expect(parsed(run.outputs.setup_tests)).toEqual([
    { title: 'Untitled test', status: 'PASSED', message: '{"text":"x"}' },
  ]);
});

test('an answer with only an id is enough', async () => {
  const run = await runStep({}, answeringCreate({}));
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({
    connection_id: 'open_mosaic',
    result: 'created',
    setup_tests: '[]',
    connection: '{"id":"open_mosaic"}',
  });
});

test('a step without a connection has no id and no result', async () => {
  const { outputs, exitCode } = await runStep({ inputs: { group_id: 'no_such_group' } });
  expect(exitCode).toBe(1);
  expect([outputs.connection_id ?? '', outputs.result ?? '']).toEqual(['', '']);
});
