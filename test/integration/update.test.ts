import { BLIND_LOOK_UP, on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { readable } from '../project/markup.ts';

const update = { if_exists: 'update' };

/** Every field that can be patched, with a value that a new connection does not have. */
const patchable = {
  auth: { client_access: { client_id: 'x' } },
  paused: true,
  pause_after_trial: true,
  sync_frequency: 1440,
  daily_sync_time: '14:00',
  schedule_type: 'manual',
  data_delay_sensitivity: 'CUSTOM',
  data_delay_threshold: 30,
  networking_method: 'SshTunnel',
  private_link_id: 'link',
  proxy_agent_id: 'proxy',
  hybrid_deployment_agent_id: 'agent',
  external_secrets_manager_id: 'manager',
  external_secrets_keys_config: { password: 'billing-password' },
  destination_configuration: { virtual_warehouse: 'SMALL' },
};
const forTests = { run_setup_tests: true, trust_certificates: true, trust_fingerprints: false };
const createOnly = {
  destination_schema_names: 'SOURCE_NAMING',
  connect_card_config: { redirect_uri: 'https://example.com/done' },
};
/** Each way to name a connection, with create-only fields. */
const namings = [
  { schema: 'crm' },
  { schema: 'crm', table: 'orders' },
  { schema: 'crm', table_group_name: 'shop' },
  { schema_prefix: 'crm' },
];
const storedS3 = (config: object, more: object = {}) => [
  existing({ service: 's3', config, ...more }),
];

test('an existing connection is patched, setup tests included', async () => {
  const run = await runStep(
    { inputs: { ...update, config: { schema: 'crm', api_key: 'a newer key' }, sync_frequency: 5 } },
    { connections: [existing({ config: { schema: 'crm', api_key: 'an older key' } })] },
  );
  expect(run.sent).toEqual(['look up', 'patch']);
  expect(run.requests[1]?.path).toBe('/v1/connections/crm_id');
  expect(run.requests[1]?.body).toEqual({ config: { api_key: 'a newer key' }, sync_frequency: 5 });
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: 'updated', schema: 'crm' });
  expect(JSON.parse(run.outputs.setup_tests ?? '')).toHaveLength(3);
  expect(run.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 5 }]);
  expect(run.sandbox.state.connections.get('crm_id')?.sent.config.api_key).toBe('a newer key');
  expect(run.log).toContain('Connection crm_id was updated and is connected');
  for (const text of [run.log, readable(run.summary)])
    expect(text).toMatch(/crm_id[\s\S]*3 (setup tests )?passed/);
  expect(run.masks).toContain('a newer key');
});

describe('what is sent', () => {
  test.each(namings)('is every field that can be patched and nothing else: %j', async (naming) => {
    const config = { ...naming, bucket: 'orders', prefix: 'archive/' };
    const inputs = { ...update, service: 's3', config, ...patchable, ...forTests, ...createOnly };
    const run = await runStep({ inputs }, { connections: storedS3(naming) });
    expect(run.sent).toEqual(['look up', 'patch']);
    expect(run.requests[1]?.body).toEqual({
      config: { bucket: 'orders', prefix: 'archive/' },
      ...patchable,
      ...forTests,
    });
    expect(run.outputs.result).toBe('updated');
  });

  test.each(Object.entries(patchable))(
    'is %s alone when nothing else differs',
    async (field, value) => {
      // Fields that require a value of another field are set together with it.
      const beside = {
        daily_sync_time: { sync_frequency: 1440 },
        data_delay_threshold: { data_delay_sensitivity: 'CUSTOM' },
      }[field];
      const run = await runStep(
        { inputs: { ...update, ...beside, [field]: value } },
        { connections: [existing(beside)] },
      );
      expect(run.sent).toEqual(['look up', 'patch']);
      expect(bodies(run, 'patch')).toEqual([{ [field]: value }]);
    },
  );

  test('leaves out fields that equal the answer, also as text or as part of more', async () => {
    const stored = {
      sync_frequency: 60,
      config: {
        schema: 'crm',
        port: '5432',
        tables: ['a', 'b'],
        ssl: { mode: 'require', ca: 'path' },
        host: 'old.example.com',
      },
    };
    const config = {
      schema: 'crm',
      port: 5432,
      tables: ['a', 'b'],
      ssl: { mode: 'require' },
      host: 'new.example.com',
    };
    const run = await runStep(
      { inputs: { ...update, service: 'anything', sync_frequency: 60, config } },
      { services: 'any', connections: [existing({ service: 'anything', ...stored })] },
    );
    expect(bodies(run, 'patch')).toEqual([{ config: { host: 'new.example.com' } }]);
    expect(run.log).toMatch(/updating config\.host\b/);
  });

  test('contains no list of which only the order differs', async () => {
    const run = await runStep(
      { inputs: { ...update, service: 'anything', config: { schema: 'crm', tables: ['b', 'a'] } } },
      {
        services: 'any',
        connections: [
          existing({ service: 'anything', config: { schema: 'crm', tables: ['a', 'b'] } }),
        ],
      },
    );
    expect(bodies(run, 'patch')).toEqual([]);
    expect(run.outputs.result).toBe('reused');
  });

  test('contains only the additional fields that differ', async () => {
    const additional_fields = { lookback_days: 14, retention: { days: 30 } };
    const world = { services: 'any' as const };
    const seed = { service: 'anything', lookback_days: 14, retention: { days: 7 } };
    const run = await runStep(
      { inputs: { ...update, service: 'anything', additional_fields } },
      { ...world, connections: [existing(seed)] },
    );
    expect(bodies(run, 'patch')).toEqual([{ retention: { days: 30 } }]);
  });

  test('always contains the secrets, which answers never contain', async () => {
    const config = { schema: 'crm', host: 'db.example.com', password: 'the same as before' };
    const run = await runStep(
      { inputs: { ...update, service: 'postgres', config: { ...config, schema_prefix: 'crm' } } },
      {
        connections: [
          existing({ service: 'postgres', config: { ...config, schema_prefix: 'crm' } }),
        ],
      },
    );
    expect(bodies(run, 'patch')).toEqual([{ config: { password: 'the same as before' } }]);
  });

  test('is daily_sync_time alone when nothing else is set', async () => {
    const run = await runStep(
      { inputs: { ...update, daily_sync_time: '03:00' } },
      { connections: [existing({ sync_frequency: 1440, daily_sync_time: '14:00' })] },
    );
    expect(run.exitCode).toBe(0);
    expect(bodies(run, 'patch')).toEqual([{ daily_sync_time: '03:00' }]);
  });
});

describe('with nothing to change, only the setup tests run', () => {
  test.each([
    ...namings.map((config) => ({ config })),
    { config: namings[0], destination_schema_names: 'SOURCE_NAMING' },
    { config: namings[0], connect_card_config: createOnly.connect_card_config },
    { config: namings[1], ...createOnly },
    { config: namings[3], ...createOnly },
    { config: namings[0], sync_frequency: 360, paused: false, schedule_type: 'auto' },
  ])('%j', async (wanted) => {
    const { config = {} } = wanted;
    const inputs = { ...update, service: 's3', ...wanted };
    const run = await runStep({ inputs }, { connections: storedS3(config) });
    expect(run.sent).toEqual(['look up', 'test']);
    expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
    expect(run.exitCode).toBe(0);
    expect(run.log).toMatch(/crm_id already exists and is up to date/);
  });

  test('and the trust inputs apply to them', async () => {
    const run = await runStep(
      { inputs: { ...update, ...forTests } },
      { connections: [existing()] },
    );
    expect(run.sent).toEqual(['look up', 'test']);
    expect(run.requests[1]?.body).toEqual({ trust_certificates: true, trust_fingerprints: false });
  });

  test('unless run_setup_tests is false', async () => {
    const inputs = { ...update, run_setup_tests: false };
    const run = await runStep({ inputs }, { connections: [existing()] });
    expect(run.sent).toEqual(['look up']);
    expect(run.outputs.result).toBe('reused');
  });

  test('on every further run with the same inputs', async () => {
    const inputs = {
      ...update,
      service: 's3',
      config: { schema: 'crm', bucket: 'orders' },
      sync_frequency: 60,
    };
    const first = await runStep({ inputs }, { connections: storedS3({ schema: 'crm' }) });
    expect(first.outputs.result).toBe('updated');
    const [stored = {}] = first.connections;
    const second = await runStep({ inputs }, { connections: [{ ...stored, id: 'crm_id' }] });
    expect(second.sent).toEqual(['look up', 'test']);
    expect(second.outputs.result).toBe('reused');
  });
});

test('a create-only field that differs warns, and is not sent', async () => {
  const run = await runStep(
    { inputs: { ...update, destination_schema_names: 'SOURCE_NAMING' } },
    { connections: [existing({ destination_schema_names: 'FIVETRAN_NAMING' })] },
  );
  expect(run.sent).toEqual(['look up', 'test']);
  expect(run.exitCode).toBe(0);
  for (const text of [run.log, readable(run.summary)]) {
    expect(text).toMatch(/destination_schema_names stays FIVETRAN_NAMING.*SOURCE_NAMING/);
  }
});

test('without setup tests, the patch disables them and is the only request', async () => {
  const inputs = { ...update, paused: true, run_setup_tests: false };
  const run = await runStep({ inputs }, { connections: [existing()] });
  expect(run.sent).toEqual(['look up', 'patch']);
  expect(run.requests[1]?.body).toEqual({ paused: true, run_setup_tests: false });
  expect(run.outputs).toMatchObject({ result: 'updated', paused: 'true', setup_tests: '[]' });
});

test('a connection that does not exist is created', async () => {
  const run = await runStep({ inputs: { ...update, sync_frequency: 5 } });
  expect(run.sent).toEqual(['look up', 'create']);
  expect(run.outputs.result).toBe('created');
});

test.each([409, 400] as const)(
  'the loser of a race updates the connection (%i)',
  async (status) => {
    const run = await runStep(
      { inputs: { ...update, sync_frequency: 5 } },
      { connections: [existing()], conflictStatus: status, faults: [BLIND_LOOK_UP] },
    );
    expect(run.sent).toEqual(['look up', 'create', 'look up', 'patch']);
    expect(run.outputs).toMatchObject({ result: 'updated', connection_id: 'crm_id' });
    expect(run.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 5 }]);
    expect(run.ids).toEqual(['crm_id']);
  },
);

test('a patch that is refused fails the step at once, with the id', async () => {
  const run = await runStep(
    { inputs: { ...update, sync_frequency: 5 } },
    { connections: [existing()], faults: [on('patch', { kind: 'status', status: 403 })] },
  );
  expect(run.sent).toEqual(['look up', 'patch']);
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
  expect(annotated(run, 'error')).toHaveLength(1);
  expect(failureOf(run)).toMatch(/Could not update connection crm_id: Fivetran answered 403/);
  expect(failureOf(run)).not.toMatch(/unknown/);
});
