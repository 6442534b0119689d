import { certificate, hostKey } from '../fixtures.mjs';
import { BODY, closeAll, open, PATH } from './open.ts';

afterEach(closeAll);

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

  test.each([
    ['schema=a', 1],
    ['schema=b', 0],
    ['schema=a.b', 1],
    ['schema=A', 0],
    ['group_id=quaint_harbor&schema=a', 0],
    ['group_id=no_such_group', 0],
  ])('with %s finds only exact names', async (query, count) => {
    const { call } = await open({ connections: [{ schema: 'a' }, { schema: 'a.b' }] });
    expect((await call('GET', `${PATH}?${query}`)).data.items).toHaveLength(count);
  });
});

describe('patch', () => {
  test.each([
    ['15five', 'group_id', { group_id: 'quaint_harbor' }],
    ['15five', 'service', { service: 'github' }],
    ['15five', 'destination_schema_names', { destination_schema_names: 'SOURCE_NAMING' }],
    ['15five', 'connect_card_config', { connect_card_config: { redirect_uri: 'https://a.b' } }],
    ['15five', 'config.schema', { config: { schema: 'a' } }],
    ['postgres', 'config.schema_prefix', { config: { schema_prefix: 'a' } }],
    ['google_sheets', 'config.table', { config: { table: 'a' } }],
    ['s3', 'config.table_group_name', { config: { table_group_name: 'a' } }],
    ['google_ads', 'config.timeframe_months', { config: { timeframe_months: 'SIX' } }],
    ['brand_new', 'config.schema', { config: { schema: 'a' } }],
    ['15five', 'run_setup_tests', { run_setup_tests: true }],
    ['15five', 'trust_fingerprints', { trust_fingerprints: true, trust_certificates: true }],
    ['15five', 'trust_fingerprints', { paused: true, trust_fingerprints: true }],
    ['15five', 'sync_frequency', { sync_frequency: 2 }],
    ['15five', 'config.api_key', { config: { api_key: 5 } }],
  ])('of a %s connection refuses %s', async (service, name, body) => {
    const { sandbox, call } = await open({ services: 'any' });
    const { id } = sandbox.seed({ service, schema: 'a' });
    const reply = await call('PATCH', `${PATH}/${id}`, body);
    expect(reply).toMatchObject({ status: 400, message: expect.stringContaining(name) });
  });

  test('changes settings and runs the setup tests', async () => {
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

  test('changes the schema of db2luw, where it is an ordinary setting', async () => {
    const { sandbox, call } = await open();
    const { id } = sandbox.seed({ service: 'db2luw', config: { schema_prefix: 'p', schema: 'A' } });
    const { data } = await call('PATCH', `${PATH}/${id}`, { config: { schema: 'B' } });
    expect(data).toMatchObject({ schema: 'p', config: { schema: 'B' } });
  });

  test('changes daily_sync_time alone on a connection with a daily schedule', async () => {
    const { sandbox, call } = await open();
    const { id } = sandbox.seed({ sync_frequency: 1440, daily_sync_time: '03:00' });
    const { data } = await call('PATCH', `${PATH}/${id}`, { daily_sync_time: '14:00' });
    expect(data.daily_sync_time).toBe('14:00');
    const hourly = sandbox.seed({ sync_frequency: 60 });
    const reply = await call('PATCH', `${PATH}/${hourly.id}`, { daily_sync_time: '14:00' });
    expect(reply.data).not.toHaveProperty('daily_sync_time');
  });

  test('stops a running sync', async () => {
    const { sandbox, call } = await open({ syncSeconds: 3600 });
    const { id } = sandbox.seed();
    await call('POST', `${PATH}/${id}/sync`, {});
    expect(sandbox.connections[0]).toMatchObject({ status: { sync_state: 'syncing' } });
    const { data } = await call('PATCH', `${PATH}/${id}`, { sync_frequency: 60 });
    expect(data).toMatchObject({ succeeded_at: null, status: { sync_state: 'scheduled' } });
  });
});

test('a connection can be deleted once', async () => {
  const { sandbox, call } = await open();
  const { id } = sandbox.seed();
  expect(await call('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 200, code: 'Success' });
  expect(await call('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 404 });
  expect(sandbox.connections).toHaveLength(0);
  expect(sandbox.state.deleted).toEqual([id]);
});

describe('trust', () => {
  const kinds = [
    ['host-key-unknown', 'fingerprints', 'trust_fingerprints', 'public_key', hostKey],
    ['certificate-unknown', 'certificates', 'trust_certificates', 'encoded_cert', certificate],
  ] as const;

  test.each(kinds)('%s: the tests pass once the pair is approved', async (...kind) => {
    const [scenario, endpoint, , content, presented] = kind;
    const { call } = await open({ scenario });
    const { data } = await call('POST', PATH, BODY);
    const details = [data.setup_tests[0].details].flat();
    expect(data).toMatchObject({ status: { setup_state: 'incomplete' } });
    expect(details).toEqual([presented]);
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
    expect((await approve(pair)).status).toBeLessThan(300);
    const again = await call('POST', `${PATH}/${data.id}/test`, {});
    expect(again.data.status.setup_state).toBe('connected');
    expect(again.data.setup_tests[0]).toMatchObject({ status: 'PASSED' });
  });

  test('the approval of a host key can be answered without an envelope, or without a body', async () => {
    const { sandbox, call } = await open({
      scenario: 'host-key-unknown',
      fingerprintAnswer: 'bare',
    });
    const { hash, public_key } = hostKey;
    const { id } = sandbox.seed();
    const approve = () => call('POST', `${PATH}/${id}/fingerprints`, { hash, public_key });
    const first = await approve();
    expect([first.status, JSON.parse(first.text)]).toEqual([
      201,
      expect.objectContaining({ hash, public_key, validated_by: expect.any(String) }),
    ]);
    expect(await approve()).toMatchObject({ status: 200, text: '' });
  });

  test.each(kinds)('%s: the flag applies to one run only', async (...kind) => {
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

  test('several host keys are reported as an array', async () => {
    const hostKeys = [hostKey, { ...hostKey, hash: 'another' }];
    const { call } = await open({ scenario: 'host-key-unknown', hostKeys });
    expect((await call('POST', PATH, BODY)).data.setup_tests[0].details).toEqual(hostKeys);
  });
});

describe('reference data', () => {
  test('includes groups', async () => {
    const { call } = await open();
    expect((await call('GET', '/v1/groups/decent_dropsy')).data.name).toBe('Primary_Snowflake');
  });

  test('includes metadata with secret, read-only, immutable and preview fields', async () => {
    const { call } = await open();
    const { data } = await call('GET', '/v1/metadata/connector-types/postgres');
    expect(data.config.properties).toMatchObject({
      port: { type: 'integer' },
      password: { format: 'password' },
      public_key: { readonly: true },
      schema_prefix: { immutable: true },
      update_method: { enum: ['QUERY_BASED', 'WAL_PGOUTPUT'] },
      has_heartbeat_table: { fieldStatus: 'PRIVATE_PREVIEW' },
    });
    expect(data.supported_features).toContainEqual({ id: 'API_CONFIGURABLE' });
  });

  test('lists only naming fields as required', async () => {
    const { call } = await open();
    const naming = ['schema', 'schema_prefix', 'table', 'table_group_name'];
    for (const service of ['postgres', 'db2luw', '15five', 'google_sheets', 's3']) {
      const { data } = await call('GET', `/v1/metadata/connector-types/${service}`);
      expect(data.config.required).not.toHaveLength(0);
      expect(naming).toEqual(expect.arrayContaining(data.config.required));
    }
  });
});
