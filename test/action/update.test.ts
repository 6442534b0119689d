import { closeAll } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { converging } from './converging.ts';
import { act, bodies, existing } from './scene.ts';

afterEach(closeAll);

const update = { if_exists: 'update' } as const;
const patch = { method: 'PATCH', path: '/v1/connections/{id}' };

/** All that may be patched, on a connection of service s3. */
const patchable = {
  auth: { client_access: { client_id: 'x' } },
  paused: false,
  pause_after_trial: true,
  sync_frequency: 1440,
  daily_sync_time: '14:00',
  schedule_type: 'auto',
  data_delay_sensitivity: 'CUSTOM',
  data_delay_threshold: 30,
  networking_method: 'Directly',
  private_link_id: 'link',
  proxy_agent_id: 'proxy',
  hybrid_deployment_agent_id: 'agent',
  external_secrets_manager_id: 'manager',
  destination_configuration: { virtual_warehouse: 'SMALL' },
} as const;
const forTests = { run_setup_tests: true, trust_certificates: true, trust_fingerprints: false };
const createOnly = {
  destination_schema_names: 'SOURCE_NAMING' as const,
  connect_card_config: { redirect_uri: 'https://example.com/done' },
};
/** Each way to name a connection, in fields that may be sent on create only. */
const namings = [
  { schema: 'crm' },
  { schema: 'crm', table: 'orders' },
  { schema: 'crm', table_group_name: 'shop' },
  { schema_prefix: 'crm' },
];
const there = (config: object, more: object = {}) => [existing({ service: 's3', config, ...more })];

test('a connection that is there is patched, tests included', async () => {
  const config = { schema: 'crm', api_key: 'a newer key' };
  const step = await act({
    connections: [existing({ config: { schema: 'crm', api_key: 'an older key' } })],
    inputs: { ...update, config, sync_frequency: 5 },
  });
  expect(step.sent).toEqual(['look up', 'patch']);
  expect(step.requests[1]?.path).toBe('/v1/connections/crm_id');
  expect(step.requests[1]?.body).toEqual({ config: { api_key: 'a newer key' }, sync_frequency: 5 });
  expect(step.exitCode).toBe(0);
  expect(step.outputs).toMatchObject({ connection_id: 'crm_id', result: 'updated', schema: 'crm' });
  expect(JSON.parse(step.outputs.setup_tests ?? '')).toHaveLength(3);
  expect(step.sandbox.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 5 }]);
  expect(step.sandbox.state.connections.get('crm_id')?.sent.config.api_key).toBe('a newer key');
  expect(step.summary).toContain('crm_id was updated and is connected: 3 setup tests passed');
  expect(step.masks).toContain('a newer key');
});

test.each(namings)('all that may be patched is, and nothing else: %j', async (naming) => {
  const config = { ...naming, bucket: 'orders', prefix: '' };
  const inputs = { ...update, service: 's3', config, ...patchable, ...forTests, ...createOnly };
  const sent = { config: { bucket: 'orders', prefix: '' }, ...patchable, ...forTests };
  const run = await converging({ spec: inputs, connections: there(naming) });
  expect(run.sent).toEqual(['look up', 'patch']);
  expect(run.requests[1]?.body).toEqual(sent);
  expect(run.outputs.result).toBe('updated');
  if (naming !== namings[1]) return;
  const step = await act({ inputs, connections: there(naming) });
  expect(step.sent).toEqual(['look up', 'patch']);
  expect(step.requests[1]?.body).toEqual(sent);
});

test('each field that may be patched is patched on its own', async () => {
  for (const [field, value] of Object.entries(patchable)) {
    const spec = { ...update, [field]: value };
    const run = await converging({ spec, connections: [existing()] });
    expect(run.sent).toEqual(['look up', 'patch']);
    expect(bodies(run.requests, 'patch')).toEqual([{ [field]: value }]);
  }
});

describe('with nothing left to patch only the tests are run', () => {
  test.each([
    ...namings.map((config) => ({ config })),
    { config: namings[0], destination_schema_names: 'SOURCE_NAMING' as const },
    { config: namings[0], connect_card_config: createOnly.connect_card_config },
    { config: namings[1], ...createOnly },
    { config: namings[3], ...createOnly },
  ])('%j', async (wished) => {
    const spec = { ...update, service: 's3', ...wished };
    const { config = {} } = wished;
    const run = await converging({ spec, connections: there(config) });
    expect(run.sent).toEqual(['look up', 'test']);
    expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
    expect(run.verdict.grade).toBe('passed');
  });

  test('and they trust what the inputs say', async () => {
    const inputs = { ...update, config: { schema: 'crm' }, ...forTests };
    const { sent, requests } = await act({ connections: [existing()], inputs });
    expect(sent).toEqual(['look up', 'test']);
    expect(requests[1]?.body).toEqual({ trust_certificates: true, trust_fingerprints: false });
  });

  test('unless they are not to be run', async () => {
    const spec = { ...update, run_setup_tests: false };
    const { sent, outputs } = await converging({ spec, connections: [existing()] });
    expect(sent).toEqual(['look up']);
    expect(outputs.result).toBe('reused');
  });
});

test('without setup tests the patch says so, and nothing follows it', async () => {
  const spec = { ...update, paused: true, run_setup_tests: false };
  const run = await converging({ spec, connections: [existing()] });
  expect(run.sent).toEqual(['look up', 'patch']);
  expect(run.requests[1]?.body).toEqual({ paused: true, run_setup_tests: false });
  expect(run.outputs).toMatchObject({ result: 'updated', paused: 'true', setup_tests: '[]' });
});

test('one that is absent is created', async () => {
  const run = await converging({ spec: { ...update, sync_frequency: 5 } });
  expect(run.sent).toEqual(['look up', 'create']);
  expect(run.outputs.result).toBe('created');
});

test.each([409, 400] as const)('who is slower updates it as existing (%i)', async (status) => {
  const empty = { code: 'Success', data: { items: [] } };
  const step = await act({
    connections: [existing()],
    conflictStatus: status,
    faults: [{ method: 'GET', kind: 'status', status: 200, body: empty }],
    inputs: { ...update, sync_frequency: 5 },
  });
  expect(step.sent).toEqual(['look up', 'create', 'look up', 'patch']);
  expect(step.outputs).toMatchObject({ result: 'updated', connection_id: 'crm_id' });
  expect(step.sandbox.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 5 }]);
  expect(step.log).not.toMatch(/error|fail/i);
});

test('a test that fails now fails the step, and what is there stays', async () => {
  const step = await act({
    connections: [existing({ scenario: 'failed-tests' })],
    inputs: { ...update, on_failed_tests: 'delete' },
  });
  expect(step.sent).toEqual(['look up', 'patch']);
  expect(step.exitCode).toBe(1);
  expect(step.outputs).toMatchObject({ result: 'updated', setup_state: 'broken' });
  expect(step.ids).toEqual(['crm_id']);
});

test('a patch that is refused fails the step at once, with the id', async () => {
  const step = await act({
    connections: [existing()],
    faults: [{ ...patch, kind: 'status', status: 403 }],
    inputs: update,
  });
  expect(step.sent).toEqual(['look up', 'patch']);
  expect(step.exitCode).toBe(1);
  expect(step.outputs.connection_id).toBe('crm_id');
  expect(step.annotations.map(({ message }) => message)).toEqual([
    expect.stringMatching(/Could not update connection crm_id: Fivetran answered 403/),
  ]);
});

test.each<Partial<Fault> & Pick<Fault, 'kind'>>([
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'cut' },
  { kind: 'invalid-json', when: 'after' },
  { kind: 'empty' },
  { kind: 'no-id' },
  { kind: 'status', status: 502, when: 'after' },
])('a lost answer of the patch is asked for again: %j', async (fault) => {
  const spec = { ...update, sync_frequency: 5 } as const;
  const faults = [{ ...patch, ...fault }];
  const run = await converging({ spec, connections: [existing()], faults });
  expect(run.sent).toEqual(['look up', 'patch', 'patch']);
  expect(bodies(run.requests, 'patch')).toEqual([{ sync_frequency: 5 }, { sync_frequency: 5 }]);
  expect(run.outputs).toMatchObject({ result: 'updated', connection_id: 'crm_id' });
  expect(run.verdict.grade).toBe('passed');
  expect(run.sandbox.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 5 }]);
});

test('a patch that is never answered fails, and nothing is called updated', async () => {
  const spec = { ...update, sync_frequency: 5 } as const;
  const faults: Fault[] = [{ ...patch, kind: 'reset', nth: 'all' }];
  const run = await converging({ spec, connections: [existing()], faults });
  expect(run.sent).toEqual(['look up', 'patch', 'patch', 'patch', 'patch']);
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toContain('Could not update connection crm_id');
  expect(run.outputs.result).not.toBe('updated');
  expect(run.log).not.toMatch(/was updated/);
});
