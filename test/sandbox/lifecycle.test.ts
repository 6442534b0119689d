import { callerOf } from './caller.mjs';
import { certificate, hostKey } from './fixtures.mjs';
import { type SandboxOptions, startSandbox } from './sandbox.mjs';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

async function open(options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options);
  opened.push(sandbox);
  return { sandbox, call: callerOf(sandbox) };
}

const PATH = '/v1/connections';
const BODY = { group_id: 'decent_dropsy', service: '15five', config: { schema: 'a' } };

describe('list', () => {
  test('pages through a group', async () => {
    const connections = ['a', 'b', 'c', 'd', 'e'].map((schema) => ({ schema }));
    const { call } = await open({ connections });
    const names: string[] = [];
    let cursor = '';
    do {
      const { data } = await call('GET', `${PATH}?group_id=decent_dropsy&limit=2${cursor}`);
      expect(data.items.length).toBeLessThanOrEqual(2);
      names.push(...data.items.map((item: { schema: string }) => item.schema));
      cursor = data.next_cursor ? `&cursor=${data.next_cursor}` : '';
    } while (cursor !== '');
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('filters by the whole name', async () => {
    const { call } = await open({ connections: [{ schema: 'a' }, { schema: 'a.b' }] });
    const items = async (query: string) => (await call('GET', `${PATH}?${query}`)).data.items;
    expect(await items('schema=a')).toHaveLength(1);
    expect(await items('schema=b')).toHaveLength(0);
    expect(await items('group_id=quaint_harbor&schema=a')).toHaveLength(0);
  });
});

describe('patch and delete', () => {
  test.each([
    ['group_id', { group_id: 'quaint_harbor' }],
    ['service', { service: 'github' }],
    ['destination_schema_names', { destination_schema_names: 'SOURCE_NAMING' }],
    ['connect_card_config', { connect_card_config: { redirect_uri: 'https://example.com' } }],
    ['config.schema', { config: { schema: 'b' } }],
    ['config.schema_prefix', { config: { schema_prefix: 'b' } }],
    ['config.table', { config: { table: 'b' } }],
    ['config.table_group_name', { config: { table_group_name: 'b' } }],
    ['run_setup_tests', { run_setup_tests: true }],
    ['trust_fingerprints', { trust_fingerprints: true, trust_certificates: true }],
    ['sync_frequency', { sync_frequency: 2 }],
    ['config.api_key', { config: { api_key: 5 } }],
  ])('refuses %s', async (name, body) => {
    const { sandbox, call } = await open();
    const { id } = sandbox.seed({ schema: 'a' });
    const reply = await call('PATCH', `${PATH}/${id}`, body);
    expect(reply).toMatchObject({ status: 400, message: expect.stringContaining(name) });
  });

  test('changes what may be changed and runs the tests', async () => {
    const { sandbox, call } = await open();
    const { id } = sandbox.seed({ config: { schema: 'a', api_key: 'old' } });
    const body = { paused: true, config: { api_key: 'new' } };
    const { data } = await call('PATCH', `${PATH}/${id}`, body);
    expect(data).toMatchObject({ paused: true, status: { sync_state: 'paused' } });
    expect(data.setup_tests).not.toHaveLength(0);
    expect(sandbox.state.connections.get(String(id))?.sent.config).toEqual({
      schema: 'a',
      api_key: 'new',
    });
    const quiet = await call('PATCH', `${PATH}/${id}`, { paused: false, run_setup_tests: false });
    expect(quiet.data).not.toHaveProperty('setup_tests');
    expect((await call('PATCH', `${PATH}/${id}`, {})).data).not.toHaveProperty('setup_tests');
  });

  test('deletes once', async () => {
    const { sandbox, call } = await open();
    const { id } = sandbox.seed();
    expect(await call('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 200, code: 'Success' });
    expect(await call('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 404 });
    expect(sandbox.connections).toHaveLength(0);
    expect(sandbox.state.deleted).toEqual([id]);
  });
});

describe('trust', () => {
  const kinds = [
    ['host-key-unknown', 'fingerprints', 'trust_fingerprints', 'public_key', hostKey],
    ['certificate-unknown', 'certificates', 'trust_certificates', 'encoded_cert', certificate],
  ] as const;

  test.each(kinds)('%s: an approved pair makes the tests pass', async (...kind) => {
    const [scenario, endpoint, , content, shown] = kind;
    const { call } = await open({ scenario });
    const { data } = await call('POST', PATH, BODY);
    const details = [data.setup_tests[0].details].flat();
    expect(data).toMatchObject({ status: { setup_state: 'incomplete' } });
    expect(details).toEqual([shown]);
    const pair = { hash: details[0].hash, [content]: details[0][content] };
    const approve = (body: object) => call('POST', `${PATH}/${data.id}/${endpoint}`, body);
    for (const bad of [
      {},
      { hash: pair.hash },
      { ...pair, hash: 'x' },
      { ...pair, [content]: 1 },
    ]) {
      expect(await approve(bad)).toMatchObject({ status: 400 });
    }
    expect((await approve(pair)).status).toBe(201);
    const again = await call('POST', `${PATH}/${data.id}/test`, {});
    expect(again.data.status.setup_state).toBe('connected');
    expect(again.data.setup_tests[0]).toMatchObject({ status: 'PASSED' });
  });

  test.each(kinds)('%s: the flag trusts for one run only', async (...kind) => {
    const [scenario, , flag] = kind;
    const { call } = await open({ scenario });
    const { data } = await call('POST', PATH, { ...BODY, [flag]: true });
    expect(data).toMatchObject({ status: { setup_state: 'connected' } });
    expect(data).not.toHaveProperty(flag);
    const again = await call('POST', `${PATH}/${data.id}/test`, {});
    expect(again.data.status.setup_state).toBe('broken');
    expect(await call('POST', `${PATH}/${data.id}/test`, { [flag]: 'true' })).toMatchObject({
      status: 400,
    });
    expect(await call('POST', `${PATH}/${data.id}/test`)).toMatchObject({ status: 400 });
  });

  test('shows several host keys as a list', async () => {
    const hostKeys = [hostKey, { ...hostKey, hash: 'another' }];
    const { call } = await open({ scenario: 'host-key-unknown', hostKeys });
    expect((await call('POST', PATH, BODY)).data.setup_tests[0].details).toEqual(hostKeys);
  });
});

describe('sync', () => {
  test('goes on until its time is over', async () => {
    const { sandbox, call } = await open({ syncSeconds: 3600 });
    const { id } = sandbox.seed();
    expect((await call('POST', `${PATH}/${id}/sync`, { force: true })).status).toBe(200);
    expect((await call('GET', `${PATH}/${id}`)).data).toMatchObject({
      succeeded_at: null,
      status: { sync_state: 'syncing' },
    });
    sandbox.state.syncSeconds = 0;
    expect((await call('GET', `${PATH}/${id}`)).data).toMatchObject({
      succeeded_at: expect.any(String),
      failed_at: null,
      status: { sync_state: 'scheduled' },
    });
  });

  test('fails, or never ends, in these scenarios', async () => {
    const { sandbox, call } = await open({ syncSeconds: 0 });
    const failing = sandbox.seed({ scenario: 'sync-fails' });
    const endless = sandbox.seed({ scenario: 'sync-never-ends' });
    for (const { id } of [failing, endless]) await call('POST', `${PATH}/${id}/sync`, {});
    const [first, second] = sandbox.connections;
    expect(first).toMatchObject({ failed_at: expect.any(String), succeeded_at: null });
    expect(second).toMatchObject({ failed_at: null, status: { sync_state: 'syncing' } });
  });

  test('is refused for a paused connection', async () => {
    const { sandbox, call } = await open();
    const { id } = sandbox.seed({ paused: true });
    expect(await call('POST', `${PATH}/${id}/sync`, {})).toMatchObject({ status: 409 });
    expect(await call('POST', `${PATH}/${id}/sync`, { now: true })).toMatchObject({ status: 400 });
  });
});

describe('reference data', () => {
  test('answers groups and metadata', async () => {
    const { call } = await open();
    expect((await call('GET', '/v1/groups/decent_dropsy')).data.name).toBe('Primary_Snowflake');
    const { data } = await call('GET', '/v1/metadata/connector-types/postgres');
    expect(data.config.properties).toMatchObject({
      port: { type: 'integer' },
      password: { format: 'password' },
      public_key: { readonly: true },
      schema_prefix: { immutable: true },
      has_heartbeat_table: { fieldStatus: 'PRIVATE_PREVIEW' },
    });
    expect(data.config.required).toContain('host');
  });
});
