import { BLIND_LOOK_UP, type Break, on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep, type VirtualStepRun, type VirtualWorld } from '../harness/run-step.ts';
import { existing, openSandbox } from '../harness/sandboxes.ts';
import { readable } from '../project/markup.ts';
import type { Fault } from '../sandbox/faults.mjs';

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

test('an update creates a connection that does not exist', async () => {
  const run = await runStep({ inputs: { ...update, sync_frequency: 5 } });
  expect(run.sent).toEqual(['look up', 'create']);
  expect(run.outputs.result).toBe('created');
});

test.each([409, 400] as const)(
  'the loser of a race updates the connection (%i)',
  async (status) => {
    const s3 = { service: 's3', config: { schema: 'crm', bucket: 'orders' } };
    const run = await runStep(
      { inputs: { ...update, ...s3, sync_frequency: 5 } },
      {
        connections: [existing(s3)],
        conflictStatus: status,
        faults: [BLIND_LOOK_UP],
        listItems: 'without config',
      },
    );
    expect(run.sent).toEqual(['look up', 'create', 'look up', 'read', 'patch']);
    expect(bodies(run, 'patch')).toEqual([{ sync_frequency: 5 }]);
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

describe('the next run of the same step', () => {
  const inputs = {
    ...update,
    service: 'anything',
    config: {
      schema: 'crm',
      host: 'db.example.com',
      port: 5432,
      escape_char: '',
      files: [],
      archive_pattern: '',
      tables: ['b', 'a', 'b'],
      reports: [
        { name: 'second', fields: ['x', 'y'], filter: '' },
        { name: 'first', fields: ['z'], filter: '' },
      ],
      ssl: { mode: 'require', ca: '' },
    },
    sync_frequency: 60,
    schedule: { schedule_type: 'INTERVAL', interval: 60 },
    external_secrets_keys_config: { host: 'host-key' },
  };
  const secrets = {
    auth: { client_access: { client_id: 'x', client_secret: 'secret of auth' } },
    config: {
      ...inputs.config,
      password: 'secret of config',
      accounts: [{ name: 'one', api_key: 'secret of one' }],
    },
  };
  /** What responses can look like. */
  const forms: Record<string, VirtualWorld> = {
    'as sent': {},
    'without naming fields': { namingFields: 'none' },
    'with naming fields': { namingFields: 'all' },
    'with empty values': { emptyValues: 'answered' },
    'with numbers as text': { numbers: 'text' },
    'with lists in another order': { listOrder: 'reversed' },
    'with config only in the connection itself': { listItems: 'without config' },
    'with 8 asterisks': { asterisks: 8 },
  };

  /** Runs the step twice. */
  async function runTwice(more: object, world: VirtualWorld): Promise<VirtualStepRun> {
    const sandbox = await openSandbox({ services: 'any', ...world });
    const step = { inputs: { ...inputs, ...more } };
    const first = await runStep(step, { sandbox });
    expect(first.outputs.result).toBe('created');
    return runStep(step, { sandbox });
  }

  test.each(Object.entries(forms))(
    'changes nothing where responses are %s',
    async (_form, world) => {
      const run = await runTwice({}, world);
      expect(bodies(run, 'patch')).toEqual([]);
      expect(run.sent).toContain('test');
      expect(run.outputs).toMatchObject({ result: 'reused', setup_state: 'connected' });
    },
  );

  test.each(Object.entries(forms))('sends the secrets alone again, %s', async (_form, world) => {
    const run = await runTwice(secrets, world);
    const { password, accounts } = secrets.config;
    expect(bodies(run, 'patch')).toEqual([{ auth: secrets.auth, config: { password, accounts } }]);
    expect(run.outputs.result).toBe('updated');
  });

  test.each(Object.entries({ ...forms, 'without the schedule': { schedule: 'hidden' as const } }))(
    'sends nothing with update_secrets: false, %s',
    async (_form, world) => {
      const run = await runTwice({ ...secrets, update_secrets: false }, world);
      expect(bodies(run, 'patch')).toEqual([]);
      expect(run.outputs.result).toBe('reused');
      const [stored] = run.sandbox.state.connections.values();
      expect(stored?.sent.config.password).toBe('secret of config');
    },
  );

  test('sends a schedule again that Fivetran does not return', async () => {
    const run = await runTwice({}, { schedule: 'hidden' });
    expect(bodies(run, 'patch')).toEqual([{ schedule: inputs.schedule }]);
  });

  test.each<[string, object, object]>([
    ['one item more', { tables: ['b', 'a', 'b', 'a'] }, { tables: ['b', 'a', 'b', 'a'] }],
    [
      'an item repeated instead of another',
      { tables: ['b', 'a', 'a'] },
      { tables: ['b', 'a', 'a'] },
    ],
    ['a list that is now empty', { tables: [] }, { tables: [] }],
    ['a text that is now empty', { host: '' }, { host: '' }],
  ])('sees %s', async (_what, changed, patched) => {
    const sandbox = await openSandbox({ services: 'any', listOrder: 'reversed' });
    await runStep({ inputs }, { sandbox });
    const config = { ...inputs.config, ...changed };
    const run = await runStep({ inputs: { ...inputs, config } }, { sandbox });
    expect(bodies(run, 'patch')).toEqual([{ config: patched }]);
  });

  test('changes what differs beside secrets with update_secrets: false', async () => {
    const sandbox = await openSandbox({ services: 'any' });
    const step = { ...inputs, ...secrets, update_secrets: false };
    await runStep({ inputs: step }, { sandbox });
    const config = { ...secrets.config, host: 'new.example.com', password: 'a newer secret' };
    const run = await runStep({ inputs: { ...step, config } }, { sandbox });
    expect(bodies(run, 'patch')).toEqual([{ config: { host: 'new.example.com' } }]);
  });
});

describe('trust flags', () => {
  const trust = { trust_certificates: true, trust_fingerprints: false };

  test.each([
    ['come with the setup tests', {}, { ...trust, run_setup_tests: true }],
    ['are left out without them', { run_setup_tests: false }, { run_setup_tests: false }],
  ])('%s in a patch', async (_what, inputs, flags) => {
    const run = await runStep(
      { inputs: { ...update, sync_frequency: 5, ...trust, ...inputs } },
      { connections: [existing()] },
    );
    expect(bodies(run, 'patch')).toEqual([{ sync_frequency: 5, ...flags }]);
    expect(run.exitCode).toBe(0);
  });
});

test.each(['reuse', 'update'])(
  'what cannot be created is not created where it is missing (%s)',
  async (if_exists) => {
    for (const dry_run of [false, true]) {
      const inputs = { if_exists, run_setup_tests: false, wait_for_sync: true, dry_run };
      const run = await runStep({ inputs });
      expect(run.sent).not.toContain('create');
      expect(run.exitCode).toBe(1);
      expect(run.log).toMatch(/wait_for_sync cannot be created with run_setup_tests: false/);
    }
  },
);

test('a connection that is gone once its config is read is created', async () => {
  const run = await runStep(
    { inputs: { ...update, config: { schema: 'crm', api_key: 'key' } } },
    {
      connections: [existing()],
      listItems: 'without config',
      onLine: (line, { sandbox }) =>
        line.startsWith('GET /v1/connections: 200') && sandbox.state.connections.clear(),
    },
  );
  expect(run.sent).toEqual(['look up', 'read', 'create']);
  expect(run.outputs.result).toBe('created');
});

const inputs = { if_exists: 'update', sync_frequency: 5 };
const patched = { sync_frequency: 5 };

const runWith = (faults: Fault[], more = {}) =>
  runStep({ inputs: { ...inputs, ...more } }, { connections: [existing()], faults });

test.each<Break>([
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'cut' },
  { kind: 'invalid-json', when: 'after' },
  { kind: 'empty' },
  { kind: 'no-id' },
  { kind: 'status', status: 502, when: 'after' },
])('a patch whose answer is lost is repeated: %j', async (fault) => {
  const run = await runWith([on('patch', fault)]);
  expect(run.sent).toEqual(['look up', 'patch', 'patch']);
  expect(bodies(run, 'patch')).toEqual([patched, patched]);
  expect(run.outputs).toMatchObject({ result: 'updated', connection_id: 'crm_id' });
  expect(run.exitCode).toBe(0);
  expect(run.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 5 }]);
});

describe('a patch that is never answered', () => {
  const never = (when: 'before' | 'after') => on('patch', { kind: 'reset', when, nth: 'all' });

  test('but applied is recognized, and the setup tests run', async () => {
    const run = await runWith([never('after')]);
    expect(run.sent).toEqual(['look up', ...Array(4).fill('patch'), 'read', 'test']);
    expect(run.outputs).toMatchObject({ result: 'updated', setup_state: 'connected' });
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.outputs.setup_tests ?? '')).toHaveLength(3);
    expect(run.log).toMatch(
      /Could not update connection crm_id: .*taken effect anyway; reading connection crm_id[\s\S]*The update of connection crm_id was applied/,
    );
  });

  test('and not applied fails and names what still differs', async () => {
    const run = await runWith([never('before')]);
    expect(run.sent).toEqual(['look up', ...Array(4).fill('patch'), 'read']);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(
      /Could not update connection crm_id.*sync_frequency\. The update may still take effect/,
    );
    expect(failureOf(run)).not.toMatch(/unknown whether|was updated/);
    expect(run.outputs.result).toBe('');
  });

  test('and cannot be read either is unknown', async () => {
    const unreadable = on('read', { kind: 'status', status: 403, nth: 'all' });
    const run = await runWith([never('after'), unreadable]);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/Could not update .* Could not read connection crm_id: .*403/);
    expect(failureOf(run)).toMatch(/unknown whether the update of connection crm_id took effect/);
    expect(run.outputs.result).toBe('');
  });

  test('with a secret, which cannot be read back, is unknown', async () => {
    const run = await runWith([never('after')], {
      config: { schema: 'crm', api_key: 'new key 1' },
    });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/unknown whether the update of connection crm_id took effect/);
    expect(failureOf(run)).toMatch(/match the spec; the others cannot be verified/);
    expect(run.outputs.result).toBe('');
  });

  test('and whose connection is gone afterwards says so', async () => {
    const run = await runStep(
      { inputs },
      {
        connections: [existing()],
        faults: [never('before')],
        onWait: ({ ms, sandbox }) => ms >= 3500 && sandbox.state.connections.clear(),
      },
    );
    expect(run.sent.at(-1)).toBe('read');
    expect(failureOf(run)).toMatch(/crm_id no longer exists/);
  });
});

describe.each<[string, Break]>([
  ['401', { kind: 'status', status: 401 }],
  ["a proxy's 403", { kind: 'html', status: 403 }],
  ['409', { kind: 'status', status: 409 }],
  ["a 404 without Fivetran's code", { kind: 'html', status: 404 }],
])('a patch that is unanswered and then refused with %s', (_what, refusal) => {
  test('was applied, when the connection shows it', async () => {
    const lost = on('patch', { kind: 'reset', when: 'after' });
    const run = await runWith([lost, on('patch', { ...refusal, nth: 2 })]);
    expect(run.sent).toEqual(['look up', 'patch', 'patch', 'read', 'test']);
    expect(run.outputs.result).toBe('updated');
    expect(run.exitCode).toBe(0);
  });

  test('was not applied, when the connection shows that', async () => {
    const lost = on('patch', { kind: 'reset' });
    const run = await runWith([lost, on('patch', { ...refusal, nth: 2 })]);
    expect(run.sent).toEqual(['look up', 'patch', 'patch', 'read']);
    expect(failureOf(run)).toMatch(/Could not update connection crm_id.*sync_frequency/);
    expect(run.outputs.result).toBe('');
    expect(run.exitCode).toBe(1);
  });
});

test('a patch answered with another connection is ignored', async () => {
  const body = { code: 'Success', data: { id: 'another_id', sync_frequency: 5 } };
  const run = await runWith([on('patch', { kind: 'status', status: 200, body, nth: 'all' })]);
  expect(run.sent).toEqual(['look up', ...Array(4).fill('patch'), 'read']);
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
});
