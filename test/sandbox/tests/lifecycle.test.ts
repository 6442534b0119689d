import { certificate, hostKey } from '../fixtures.mjs';
import { BODY, closeAll, open, PATH } from './open.ts';

afterEach(closeAll);

describe('list', () => {
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

  test('stops a running sync', async () => {
    const { sandbox, call } = await open({ syncSeconds: 3600 });
    const { id } = sandbox.seed();
    await call('POST', `${PATH}/${id}/sync`, {});
    expect(sandbox.connections[0]).toMatchObject({ status: { sync_state: 'syncing' } });
    const { data } = await call('PATCH', `${PATH}/${id}`, { sync_frequency: 60 });
    expect(data).toMatchObject({ succeeded_at: null, status: { sync_state: 'scheduled' } });
  });
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
});
