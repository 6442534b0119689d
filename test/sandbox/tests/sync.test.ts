import { closeAll, open, PATH, serverClock } from './open.ts';

afterEach(closeAll);

/** A connection on a clock that the test moves. */
async function openOne(seed: Record<string, unknown> = {}) {
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
  const one = await openOne();
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
  const one = await openOne({ paused: true });
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
