import { certificate, hostKey } from '../fixtures.mjs';
import { BODY, closeAll, open, PATH, serverClock } from './open.ts';

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

/** A connection on a clock that the test moves. */
async function openSyncing(seed: Record<string, unknown> = {}) {
  const clock = serverClock();
  const { sandbox, call } = await open({ now: clock.now, syncSeconds: 10 });
  const id = String(sandbox.seed(seed).id);
  return {
    ...clock,
    id,
    call,
    read: async () => (await call('GET', `${PATH}/${id}`)).data,
    start: (body = {}) => call('POST', `${PATH}/${id}/sync`, body),
  };
}

test('starting a sync twice keeps the first one unless it is forced', async () => {
  const one = await openSyncing();
  await one.start();
  one.advance(6);
  await one.start();
  one.advance(4);
  expect((await one.read()).succeeded_at).not.toBeNull();
  await one.start();
  one.advance(6);
  await one.start({ force: true });
  one.advance(4);
  expect((await one.read()).status.sync_state).toBe('syncing');
});

test('a paused connection does not sync', async () => {
  const one = await openSyncing({ paused: true });
  expect(await one.start()).toMatchObject({ status: 200 });
  expect(await one.read()).toMatchObject({ status: { sync_state: 'paused' } });
  await one.call('PATCH', `${PATH}/${one.id}`, { paused: false });
  expect(await one.read()).toMatchObject({ status: { sync_state: 'scheduled' } });
});

describe('the initial sync', () => {
  const body = { group_id: 'decent_dropsy', service: 'postgres', config: { schema_prefix: 'p' } };

  test('starts by itself once a connection is connected and not paused', async () => {
    const { sandbox, call } = await open({ initialSync: 'automatic' });
    const { data } = await call('POST', PATH, { ...body, paused: true });
    expect(data.status.sync_state).toBe('paused');
    const patch = { paused: false, run_setup_tests: false };
    const { status } = (await call('PATCH', `${PATH}/${data.id}`, patch)).data;
    expect(status.sync_state).toBe('syncing');
    const [sync] = sandbox.state.connections.get(data.id)?.syncs ?? [];
    expect(sync?.selection['public.users']?.columns).toContain('email');
  });

  test.each([
    ['its setup is incomplete', 'failed-tests', {}],
    ['its schedule is manual', 'connected', { schedule_type: 'manual' }],
  ])('does not start when %s', async (_why, scenario, more) => {
    const { call } = await open({ initialSync: 'automatic', scenario });
    const { data } = await call('POST', PATH, { ...body, ...more });
    expect(data.status.sync_state).toBe('scheduled');
  });
});

test('incomplete becomes connected once the end user completes the connect card', async () => {
  const { sandbox, call } = await open({ scenario: 'incomplete' });
  const { data } = await call('POST', PATH, BODY);
  sandbox.finishConnectCard(data.id);
  expect(sandbox.connections[0]).toMatchObject({ status: { setup_state: 'connected' } });
  const again = await call('POST', `${PATH}/${data.id}/test`, {});
  expect(again.data.status.setup_state).toBe('connected');
});

test('hostile and hostile-error echo the secrets', async () => {
  for (const scenario of ['hostile', 'hostile-error']) {
    const { call } = await open({ scenario });
    const config = { schema: 'a', api_key: 'key-of-the-source' };
    const { text } = await call('POST', PATH, { ...BODY, config });
    expect(text).toContain('key-of-the-source');
    expect(text).toContain('sandbox_secret');
    expect(text).toContain('\\n::error title=forged::');
  }
});
