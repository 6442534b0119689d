import type { SandboxOptions } from '../sandbox.mjs';
import { closeAll, open, PATH, serverClock } from './open.ts';

afterEach(closeAll);

/** A connection with a scenario, on a clock that the test moves. */
async function openOne(scenario: string, seed: Record<string, unknown> = {}) {
  const clock = serverClock();
  const options: SandboxOptions = { now: clock.now, syncSeconds: 10, rescheduleSeconds: 60 };
  const { sandbox, call } = await open(options);
  const id = String(sandbox.seed({ scenario, ...seed }).id);
  return {
    ...clock,
    sandbox,
    id,
    call,
    read: async () => (await call('GET', `${PATH}/${id}`)).data,
    start: (body = {}) => call('POST', `${PATH}/${id}/sync`, body),
  };
}

const state = (sync_state: string, more = {}) => ({
  succeeded_at: null,
  failed_at: null,
  status: expect.objectContaining({ sync_state, ...more }),
});

test('a sync runs for its duration and then succeeds', async () => {
  const one = await openOne('connected');
  expect((await one.start()).status).toBe(200);
  one.advance(9);
  expect(await one.read()).toMatchObject(state('syncing', { is_historical_sync: true }));
  one.advance(1);
  expect(await one.read()).toMatchObject({
    succeeded_at: '2026-01-05T12:00:10.000001Z',
    failed_at: null,
    status: {
      sync_state: 'scheduled',
      is_historical_sync: false,
      schema_status: 'ready',
    },
  });
});

test('starting a sync twice keeps the first one unless it is forced', async () => {
  const one = await openOne('connected');
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
  const one = await openOne('connected', { paused: true });
  expect(await one.start()).toMatchObject({ status: 200 });
  expect(await one.read()).toMatchObject(state('paused'));
  await one.call('PATCH', `${PATH}/${one.id}`, { paused: false });
  expect(await one.read()).toMatchObject(state('scheduled'));
});

test('sync-fails ends with failed_at', async () => {
  const one = await openOne('sync-fails');
  await one.start();
  one.advance(10);
  expect(await one.read()).toMatchObject({ failed_at: expect.any(String), succeeded_at: null });
});

test('sync-never-ends keeps syncing', async () => {
  const one = await openOne('sync-never-ends');
  await one.start();
  one.advance(100_000);
  expect(await one.read()).toMatchObject(state('syncing'));
});

test('sync-cancelled goes back to scheduled without a result', async () => {
  const one = await openOne('sync-cancelled');
  await one.start();
  one.advance(10);
  expect(await one.read()).toMatchObject(state('scheduled'));
});

test('sync-breaks leaves a broken connection with a task and no result', async () => {
  const one = await openOne('sync-breaks');
  await one.start();
  one.advance(10);
  expect(await one.read()).toMatchObject(
    state('scheduled', {
      setup_state: 'broken',
      tasks: [{ code: 'reconnect', message: 'Reconnect the source' }],
    }),
  );
});

test('broken-until-sync is repaired by the first successful sync', async () => {
  const one = await openOne('broken-until-sync', { setup_state: 'broken' });
  const test = async () => (await one.call('POST', `${PATH}/${one.id}/test`, {})).data;
  expect(await test()).toMatchObject({ status: { setup_state: 'broken' } });
  await one.start();
  one.advance(10);
  expect((await one.read()).status.setup_state).toBe('connected');
  expect(await test()).toMatchObject({ status: { setup_state: 'connected' } });
});

test('sync-already-running is syncing before anyone asks', async () => {
  const one = await openOne('sync-already-running');
  expect(await one.read()).toMatchObject(state('syncing'));
  await one.start();
  one.advance(10);
  expect((await one.read()).succeeded_at).not.toBeNull();
  expect((await one.read()).status.sync_state).toBe('scheduled');
});

describe('sync-rescheduled', () => {
  const rescheduled = state('rescheduled', { rescheduled_for: '2026-01-05T12:01:10.000456Z' });

  test('waits, then starts again and succeeds', async () => {
    const one = await openOne('sync-rescheduled');
    await one.start();
    one.advance(10);
    expect(await one.read()).toMatchObject(rescheduled);
    one.advance(60);
    expect(await one.read()).toMatchObject(state('syncing', { rescheduled_for: null }));
    one.advance(10);
    expect((await one.read()).succeeded_at).toBe('2026-01-05T12:01:20.000001Z');
  });

  test('with a manual schedule waits until it is started', async () => {
    const one = await openOne('sync-rescheduled', { schedule_type: 'manual' });
    await one.start();
    one.advance(11);
    await one.start();
    expect(await one.read()).toMatchObject(rescheduled);
    one.advance(100_000);
    expect(await one.read()).toMatchObject(rescheduled);
    await one.start();
    one.advance(10);
    expect((await one.read()).succeeded_at).not.toBeNull();
  });
});

test('stale-pause shows an unpaused connection as paused for two reads', async () => {
  const one = await openOne('stale-pause', { paused: true });
  await one.call('PATCH', `${PATH}/${one.id}`, { paused: false });
  const states = [];
  for (let read = 0; read < 3; read += 1) states.push((await one.read()).status.sync_state);
  expect(states).toEqual(['paused', 'paused', 'scheduled']);
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
