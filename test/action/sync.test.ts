import { closeAll } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { converging, type Setting } from './converging.ts';
import { act, bodies, existing } from './scene.ts';

afterEach(closeAll);

const syncing = ({ spec, ...more }: Setting = {}) =>
  converging({ spec: { wait_for_sync: true, ...spec }, ...more });

/** When the sandbox is asked how the sync goes on, in seconds from the begin. */
const pollTimes = (sleeps: readonly number[]) =>
  sleeps.map((_, index) => sleeps.slice(0, index + 1).reduce((sum, ms) => sum + ms, 0) / 1000);

const start = { method: 'POST', path: '/v1/connections/{id}/sync' };
const read = { method: 'GET', path: '/v1/connections/{id}' };

test('a sync is started, and waited for until it has succeeded', async () => {
  const run = await syncing({ syncSeconds: 12 });
  expect(run.sent).toEqual(['create', 'read', 'sync', 'read', 'read']);
  expect(run.sleeps).toEqual([5000, 7500]);
  expect(run.verdict.grade).toBe('passed');
  expect(run.verdict.sentence).toMatch(
    /was created and is connected.*The sync succeeded after 1[23] s/,
  );
  expect(run.summary).toContain('The sync succeeded');
  expect(run.outputs).toMatchObject({ result: 'created', sync_state: 'scheduled' });
});

test.each([
  ['reuse', 'reused'],
  ['update', 'updated'],
] as const)(
  'a connection that was synced before is synced anew (%s)',
  async (if_exists, result) => {
    const run = await syncing({
      spec: { if_exists, sync_frequency: 5 },
      connections: [existing()],
      syncSeconds: 8,
      given: ({ state }) => {
        for (const stored of state.connections.values()) {
          stored.succeeded_at = '2026-01-01T00:00:00.000000Z';
          stored.failed_at = '2026-01-02T00:00:00.000000Z';
        }
      },
    });
    expect(bodies(run.requests, 'sync')).toHaveLength(1);
    expect(run.sleeps).toEqual([5000, 7500]);
    expect(run.verdict).toMatchObject({
      grade: 'passed',
      sentence: expect.stringMatching(/The sync succeeded after 1[23] s/),
    });
    expect(run.outputs.result).toBe(result);
  },
);

test('a sync that fails fails the step', async () => {
  const run = await syncing({ scenario: 'sync-fails', syncSeconds: 8 });
  expect(run.sleeps).toEqual([5000, 7500]);
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toMatch(/The sync failed after 1[23] s/);
  expect(run.outputs).toMatchObject({ result: 'created', update_state: 'delayed' });
  expect(run.ids).toHaveLength(1);
});

test('one that does not end in time fails the step, and goes on', async () => {
  const run = await syncing({ scenario: 'sync-never-ends', spec: { sync_timeout_minutes: 3 } });
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toMatch(/did not end within 3 min.*sync_timeout_minutes/);
  expect(run.verdict.sentence).not.toMatch(/succeeded|failed/);
  expect(pollTimes(run.sleeps).at(-1)).toBe(180);
  expect(run.outputs.sync_state).toBe('syncing');
});

test('the time to wait may be a part of a minute, and ends with a last look', async () => {
  const spec = { sync_timeout_minutes: 0.2 };
  const late = await syncing({ scenario: 'sync-never-ends', spec });
  expect(late.sleeps).toEqual([5000, 7000]);
  expect(late.verdict.sentence).toMatch(/did not end within 0.2 min/);
  const inTime = await syncing({ syncSeconds: 11, spec });
  expect(inTime.sleeps).toEqual([5000, 7000]);
  expect(inTime.verdict.grade).toBe('passed');
});

test('the looks grow rarer, from every 5 s to every 30 s', async () => {
  const { sleeps } = await syncing({ syncSeconds: 600 });
  expect(sleeps[0]).toBe(5000);
  expect(Math.max(...sleeps)).toBe(30_000);
  expect(sleeps).toEqual(sleeps.toSorted((a, b) => a - b));
  expect(sleeps.slice(-10)).toEqual(Array(10).fill(30_000));
  expect(sleeps.filter((ms) => ms > 5000 && ms < 30_000).length).toBeGreaterThan(1);
});

test('at least every 30 s a line says what is known', async () => {
  const run = await syncing({ scenario: 'sync-never-ends', spec: { sync_timeout_minutes: 5 } });
  const times = [0, ...run.lines.map(({ at }) => at), 300];
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
  const waits = run.lines.filter(({ text }) => text.startsWith('Waiting for the sync'));
  expect(waits.length).toBeGreaterThanOrEqual(9);
  for (const { at, text } of waits) {
    expect(text).toContain(`${at} s so far`);
    expect(text).toMatch(/syncing, on_schedule/);
  }
});

test('no line comes after the end', async () => {
  const run = await syncing({ syncSeconds: 4 });
  const count = run.lines.length;
  run.advance(120_000);
  expect(run.lines).toHaveLength(count);
});

describe('a connection that can’t sync is told before anything is started', () => {
  test('paused', async () => {
    const connections = [existing({ paused: true })];
    const inputs = { if_exists: 'reuse', wait_for_sync: true };
    const step = await act({ connections, inputs });
    expect(step.sent).toEqual(['look up', 'test', 'read']);
    expect(step.exitCode).toBe(1);
    expect(step.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
    expect(step.annotations.at(-1)?.message).toMatch(/crm_id can't sync, it is paused.*No sync/);
  });

  test('incomplete', async () => {
    const step = await act({ scenario: 'incomplete', inputs: { wait_for_sync: true } });
    expect(step.sent).not.toContain('sync');
    expect(step.exitCode).toBe(1);
    expect(step.annotations.at(-1)?.message).toMatch(/can't sync, it is incomplete/);
  });

  test.each(['failed-tests', 'broken'])('%s', async (scenario) => {
    const step = await act({ scenario, inputs: { wait_for_sync: true } });
    expect(step.sent).toEqual(['create']);
    expect(step.exitCode).toBe(1);
  });

  test('to be created as paused: an input error', async () => {
    const step = await act({ inputs: { wait_for_sync: true, paused: true } });
    expect(step.sent).toEqual([]);
    expect(step.exitCode).toBe(1);
    expect(step.annotations[0]?.message).toMatch(/wait_for_sync.*paused/);
  });
});

describe('a lost answer', () => {
  test('of the start: it is asked for again, and one that is refused as done is done', async () => {
    const again: Fault[] = [{ ...start, kind: 'reset', when: 'after' }];
    const refused: Fault[] = [...again, { ...start, kind: 'status', status: 409, nth: 2 }];
    for (const faults of [again, refused]) {
      const run = await syncing({ syncSeconds: 4, faults });
      expect(run.sent).toEqual(['create', 'read', 'sync', 'sync', 'read']);
      expect(run.verdict.grade).toBe('passed');
    }
  });

  test('of a look: it is asked for again', async () => {
    const run = await syncing({ syncSeconds: 4, faults: [{ ...read, kind: 'cut', nth: 2 }] });
    expect(run.sent).toEqual(['create', 'read', 'sync', 'read', 'read']);
    expect(run.verdict.grade).toBe('passed');
  });
});

test('a connection that is deleted meanwhile fails the step', async () => {
  const waited: Setting['waited'] = (_ms, { state }) => state.connections.clear();
  const run = await syncing({ syncSeconds: 60, waited });
  expect(run.sleeps).toEqual([5000]);
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toMatch(/is gone/);
});

test('a job that is cancelled stops waiting, and says what is there', async () => {
  const waited: Setting['waited'] = (_ms, _sandbox, cancel) => cancel();
  const run = await syncing({ syncSeconds: 60, waited });
  expect(run.sent).toEqual(['create', 'read', 'sync']);
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toMatch(new RegExp(`${run.ids[0]} was created.*cancelled`));
});
