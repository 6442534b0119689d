import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { existing } from '../harness/sandboxes.ts';
import { idOf } from '../sandbox/api/connection/ids.mjs';
import { syncWith } from './sync-step.ts';

test('a sync is started, and waited for until it succeeds', async () => {
  const run = await syncWith({ syncSeconds: 12 });
  expect(run.sent).toEqual(['create', 'read', 'sync', 'read', 'read']);
  expect(run.clock.sleeps).toEqual([5000, 7500]);
  expect(run.exitCode).toBe(0);
  expect(run.log).toMatch(/^Started a sync of connection \S+; waiting up to 60 minutes\.$/m);
  expect(run.log).toMatch(/was created and is connected.*The sync succeeded after 1[23] s/);
  expect(run.summary).toContain('The sync succeeded');
  expect(run.outputs).toMatchObject({ result: 'created', sync_state: 'scheduled' });
  const { succeeded_at } = JSON.parse(run.outputs.connection ?? '');
  expect(succeeded_at).toMatch(/^2026-01-05T12:00:12/);
});

test.each([
  ['reuse', 'reused'],
  ['update', 'updated'],
])('a connection that has synced before is synced again (%s)', async (if_exists, result) => {
  const earlier = {
    succeeded_at: '2026-01-01T00:00:00.000000Z',
    failed_at: '2026-01-02T00:00:00.000000Z',
  };
  const run = await syncWith(
    { connections: [existing(earlier)], syncSeconds: 8 },
    { if_exists, sync_frequency: 5 },
  );
  expect(bodies(run, 'sync')).toHaveLength(1);
  expect(run.clock.sleeps).toEqual([5000, 7500]);
  expect(run.exitCode).toBe(0);
  expect(run.log).toMatch(/The sync succeeded after 1[23] s/);
  expect(run.outputs.result).toBe(result);
});

test('a sync that fails fails the step', async () => {
  const run = await syncWith({ scenario: 'sync-fails', syncSeconds: 8 });
  expect(run.clock.sleeps).toEqual([5000, 7500]);
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/The sync failed after 1[23] s.*Reconnect the source/);
  expect(run.outputs).toMatchObject({ result: 'created', update_state: 'delayed' });
  expect(run.ids).toHaveLength(1);
});

test('a sync that does not end in time fails the step, and continues', async () => {
  const run = await syncWith({ scenario: 'sync-never-ends' }, { sync_timeout_minutes: 3 });
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/did not end within 3 minutes.*sync_timeout_minutes/);
  expect(failureOf(run)).toMatch(/continues in Fivetran/);
  expect(failureOf(run)).not.toMatch(/sync (succeeded|failed)/);
  expect(run.clock.now()).toBe(180_000);
  expect(run.outputs.sync_state).toBe('syncing');
});

test('the time limit can be a fraction of a minute and ends with a last read', async () => {
  const inputs = { sync_timeout_minutes: 0.2 };
  const late = await syncWith({ scenario: 'sync-never-ends' }, inputs);
  expect(late.clock.sleeps).toEqual([5000, 7000]);
  expect(failureOf(late)).toMatch(/did not end within 0.2 minutes/);
  const inTime = await syncWith({ syncSeconds: 11 }, inputs);
  expect(inTime.clock.sleeps).toEqual([5000, 7000]);
  expect(inTime.exitCode).toBe(0);
});

test('the polling interval grows from 5 s to 30 s', async () => {
  const { sleeps } = (await syncWith({ syncSeconds: 600 })).clock;
  expect(sleeps[0]).toBe(5000);
  expect(Math.max(...sleeps)).toBe(30_000);
  expect(sleeps).toEqual(sleeps.toSorted((a, b) => a - b));
  expect(sleeps.slice(-10)).toEqual(Array(10).fill(30_000));
  expect(sleeps.filter((ms) => ms > 5000 && ms < 30_000).length).toBeGreaterThan(1);
});

test('the log reports the sync at least every 30 s', async () => {
  const run = await syncWith({ scenario: 'sync-never-ends' }, { sync_timeout_minutes: 5 });
  const said = run.lines.filter(({ text }) => !text.startsWith('::'));
  const times = [0, ...said.map(({ at }) => at), 300];
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
  const waits = said.filter(({ text }) => text.startsWith('Waiting for the sync'));
  expect(waits.length).toBeGreaterThanOrEqual(9);
  expect(waits.slice(0, 2).map(({ text }) => text)).toEqual([
    expect.stringMatching(/20 s so far, now syncing/),
    expect.stringMatching(/40 s so far, now syncing/),
  ]);
});

test('a state that Fivetran does not return is not logged', async () => {
  const body = { code: 'Success', data: { id: idOf(1) } };
  const faults = [on('read', { kind: 'status', status: 200, body, nth: 'all' })];
  const run = await syncWith({ faults }, { sync_timeout_minutes: 0.5 });
  expect(run.log).toMatch(/ 20 s so far\.$/m);
});

test('nothing is logged after the end', async () => {
  const run = await syncWith({ syncSeconds: 4 });
  const count = run.lines.length;
  run.clock.advance(120_000);
  expect(run.lines).toHaveLength(count);
});

describe('a connection that cannot sync is reported before a sync is started', () => {
  test('paused', async () => {
    const run = await syncWith(
      { connections: [existing({ paused: true })] },
      { if_exists: 'reuse' },
    );
    expect(run.sent).toEqual(['look up', 'test', 'read']);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
    expect(failureOf(run)).toMatch(/crm_id cannot sync: it is paused.*No sync/);
  });

  test('incomplete', async () => {
    const run = await syncWith({ scenario: 'incomplete' });
    expect(run.sent).not.toContain('sync');
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/cannot sync: its setup is incomplete/);
  });

  test.each(['failed-tests', 'broken'])('%s', async (scenario) => {
    const run = await syncWith({ scenario });
    expect(run.sent).toEqual(['create']);
    expect(run.exitCode).toBe(1);
  });

  test('to be created paused: an input error', async () => {
    const run = await syncWith({}, { paused: true });
    expect(run.sent).toEqual([]);
    expect(run.exitCode).toBe(1);
    expect(run.annotations[0]?.message).toMatch(/wait_for_sync.*paused|paused.*wait_for_sync/);
  });
});

describe('a request whose answer is lost', () => {
  test('the start of the sync is repeated, and a refusal because it runs counts as success', async () => {
    const again = [on('sync', { kind: 'reset', when: 'after' })];
    const refused = [...again, on('sync', { kind: 'status', status: 409, nth: 2 })];
    for (const faults of [again, refused]) {
      const run = await syncWith({ syncSeconds: 4, faults });
      expect(run.sent).toEqual(['create', 'read', 'sync', 'sync', 'read', 'read']);
      expect(run.exitCode).toBe(0);
    }
  });

  test('a poll is repeated', async () => {
    const run = await syncWith({ syncSeconds: 4, faults: [on('read', { kind: 'cut', nth: 2 })] });
    expect(run.sent).toEqual(['create', 'read', 'sync', 'read', 'read']);
    expect(run.exitCode).toBe(0);
  });

  test('a period of unanswered polls does not end the wait', async () => {
    const faults = [on('read', { kind: 'reset', nth: [2, 3, 4, 5, 6, 7, 8, 9] })];
    const run = await syncWith({ syncSeconds: 4, faults });
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain('The sync succeeded');
  });

  test('a poll answered with another connection is ignored', async () => {
    const data = { id: 'another_id', succeeded_at: '2026-01-05T12:00:05Z' };
    const body = { code: 'Success', data };
    const faults = [on('read', { kind: 'status', status: 200, body, nth: [2, 3, 4, 5] })];
    const run = await syncWith({ syncSeconds: 40, faults });
    expect(run.exitCode).toBe(0);
    expect(run.outputs.connection_id).toBe(run.ids[0]);
    expect(run.clock.now()).toBeGreaterThanOrEqual(40_000);
  });
});

test('a start that is refused fails the step, and the connection stays', async () => {
  const run = await syncWith({ faults: [on('sync', { kind: 'status', status: 403 })] });
  expect(run.sent).toEqual(['create', 'read', 'sync']);
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(new RegExp(`${run.ids[0]} was created.*start a sync.*403`));
});

test('a connection that is deleted during the sync fails the step', async () => {
  const run = await syncWith({
    syncSeconds: 60,
    onWait: ({ sandbox }) => sandbox.state.connections.clear(),
  });
  expect(run.clock.sleeps).toEqual([5000]);
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/no longer exists.*deleted in the meantime/);
});

test('a cancelled job stops waiting and says what exists', async () => {
  const run = await syncWith({ syncSeconds: 60, onWait: ({ cancel }) => cancel() });
  expect(run.sent).toEqual(['create', 'read', 'sync']);
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(new RegExp(`${run.ids[0]} was created.*cancelled`));
  expect(failureOf(run)).toMatch(/continues in Fivetran/);
});
