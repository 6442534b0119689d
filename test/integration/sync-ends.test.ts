import { type EndpointName, on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep, type VirtualStepRun, type VirtualWorld } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import type { Sandbox } from '../sandbox/sandbox.mjs';
import { syncWith } from './sync-step.ts';

describe('an end that is not of the sync that the step started', () => {
  const scheduled = { syncSeconds: 10, scenario: 'sync-already-running' };
  const manually = (endsAt: number) => ({
    prepare: ({ state }: Sandbox) => {
      for (const stored of state.connections.values()) {
        stored.sync = { startedAt: state.now() + endsAt };
      }
    },
  });

  test.each([
    ['while the start waits for the rate limit', 0],
    ['at the moment of the start', 5000],
  ])('does not count %s', async (_when, begin) => {
    // A foreign sync of 15 s; the start is repeated after 20 s.
    const limited = on('sync', { kind: 'rate-limit', headers: { 'Retry-After': '20' } });
    const run = await syncWith(
      {
        connections: [existing({ succeeded_at: '2026-01-01T00:00:00.000000Z' })],
        syncSeconds: 15,
        faults: [limited],
        onLine(line, { sandbox }) {
          if (line === 'POST /v1/connections/crm_id/sync: fault rate-limit') {
            manually(begin).prepare(sandbox);
          }
        },
      },
      { if_exists: 'reuse' },
    );
    expect(run.exitCode).toBe(0);
    expect(run.sent.slice(0, 6)).toEqual(['look up', 'test', 'read', 'sync', 'sync', 'read']);
    // Started at 20 s, so its end is at 35 s.
    expect(run.clock.now()).toBeGreaterThanOrEqual(35_000);
    expect(JSON.parse(run.outputs.connection ?? '').succeeded_at).toMatch(/T12:00:3\d/);
  });

  test.each([
    ['11:59:40', [], 40_000],
    ['12:00:05', [on('sync', { kind: 'rate-limit', headers: { 'Retry-After': '20' } })], 60_000],
  ])('does not count where only later reads have one (%s)', async (time, faults, endsAt) => {
    const run = await syncWith(
      {
        ...{ connections: [existing()], syncSeconds: 40, faults },
        onWait({ sandbox: { requests, state } }) {
          if (!requests.some(({ path, status }) => path.endsWith('/sync') && status === 200))
            return;
          for (const stored of state.connections.values()) {
            stored.succeeded_at ??= `2026-01-05T${time}.000000Z`;
          }
        },
      },
      { if_exists: 'reuse' },
    );
    expect(run.exitCode).toBe(0);
    expect(run.clock.now()).toBeGreaterThanOrEqual(endsAt);
  });

  test('a second foreign sync is waited for too', async () => {
    let more = 1;
    const run = await syncWith({
      ...scheduled,
      onWait({ sandbox: { state } }) {
        for (const stored of state.connections.values()) {
          const hasEnded = stored.sync && state.now() >= stored.sync.startedAt + 10_000;
          if (!hasEnded || more-- <= 0) continue;
          stored.succeeded_at = '2026-01-05T12:00:10.000000Z';
          stored.sync = { startedAt: state.now() };
        }
      },
    });
    expect(run.exitCode).toBe(0);
    expect(run.log.match(/already syncing; waiting/g)).toHaveLength(2);
    expect(run.sent.filter((request) => request === 'sync')).toHaveLength(1);
  });

  test.each(['succeeded_at', 'failed_at'] as const)(
    'shows in %s, although another sync runs until the next read',
    async (field) => {
      let isOther = false;
      const run = await syncWith({
        ...scheduled,
        onWait({ ms, sandbox: { state } }) {
          isOther = ms === 5000;
          for (const stored of isOther ? state.connections.values() : []) {
            stored[field] = '2026-01-05T12:00:05.000000Z';
          }
        },
        onLine(line, { sandbox: { state } }) {
          if (!isOther || !/^GET .*: 200/.test(line)) return;
          for (const stored of state.connections.values()) stored.sync = undefined;
        },
      });
      expect(run.exitCode).toBe(0);
      expect(run.log.match(/already syncing; waiting/g)).toHaveLength(1);
      expect(run.sent.slice(0, 5)).toEqual(['create', 'read', 'read', 'read', 'sync']);
      expect(run.clock.sleeps.slice(0, 2)).toEqual([5000, 5000]);
    },
  );

  test('may have no result', async () => {
    const run = await syncWith({
      ...scheduled,
      onWait({ ms, sandbox: { state } }) {
        if (ms > 5000) return;
        for (const stored of state.connections.values()) stored.sync = undefined;
      },
    });
    expect(run.exitCode).toBe(0);
    expect(run.sent.slice(0, 4)).toEqual(['create', 'read', 'read', 'sync']);
  });

  test('our own counts, although it ended before the start was refused as made', async () => {
    const lost = on('sync', { kind: 'hang', when: 'after' });
    const made = on('sync', { kind: 'status', status: 409, nth: 2 });
    const run = await syncWith({ syncSeconds: 3, faults: [lost, made] });
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain('The sync succeeded');
  });

  test('our own counts, although it ended before the start was answered', async () => {
    const lost = on('sync', { kind: 'hang', when: 'after' });
    const run = await syncWith({ syncSeconds: 3, faults: [lost] });
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain('The sync succeeded');
  });
});

describe('every end of the wait says whether the sync continues', () => {
  const continues = /continues in Fivetran/;

  test('a sync of Fivetran itself that does not end: none was started', async () => {
    const world = { scenario: 'sync-already-running', syncSeconds: 400 };
    const run = await syncWith(world, { sync_timeout_minutes: 1 });
    expect(failureOf(run)).toMatch(/started no sync.*already running did not end within 1 minute/);
  });

  test('a refusal to show the connection', async () => {
    const refused = on('read', { kind: 'status', status: 403, nth: [2, 3, 4] });
    const run = await syncWith({ syncSeconds: 60, faults: [refused] });
    expect(failureOf(run)).toMatch(continues);
  });

  test.each([
    ['reset', 60],
    ['hang', 0.1],
  ] as const)('a start that is never answered (%s) may have started it', async (kind, minutes) => {
    const faults = [on('sync', { kind, nth: 'all' })];
    const run = await syncWith({ faults }, { sync_timeout_minutes: minutes });
    expect(failureOf(run)).toMatch(/The sync of connection \S+ may have started\./);
  });

  test.each<[number, string, RegExp]>([
    [403, 'Forbidden', /start a sync.*403/],
    [404, 'NotFound_Connection', /no longer exists/],
  ])('a refusal to start that comes too late (%i) is the reason', async (status, code, reason) => {
    const clock = virtualClock();
    const run = await syncWith({
      faults: [on('sync', { kind: 'status', status, body: { code } })],
      clock,
      onLine: (line) => /^POST .*\/sync:/.test(line) && clock.advance(3_600_000),
    });
    expect(failureOf(run)).toMatch(reason);
    expect(failureOf(run)).not.toMatch(/No sync could be started|continues|may have started/);
  });

  test('a defect is not taken for the time limit', async () => {
    const onWait = () => {
      throw new TypeError('a defect');
    };
    const world = { scenario: 'sync-already-running', onWait };
    const run = await syncWith(world, { sync_timeout_minutes: 0.05 });
    expect(failureOf(run)).toContain('a defect');
  });

  test.each([403, 404])('a start that is refused (%i) has started none', async (status) => {
    const run = await syncWith({ faults: [on('sync', { kind: 'status', status })] });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).not.toMatch(/may have started|continues/);
  });

  test('a rate limit at the start ends with the time limit, and has started none', async () => {
    const limited = on('sync', { kind: 'rate-limit', headers: { 'Retry-After': '300' } });
    const run = await syncWith({ faults: [limited] }, { sync_timeout_minutes: 2 });
    expect(run.exitCode).toBe(1);
    expect(run.clock.now()).toBeLessThanOrEqual(120_000);
    expect(run.sent.filter((request) => request === 'sync')).toHaveLength(1);
    expect(failureOf(run)).toMatch(/No sync could be started within 2 minutes \(sync_timeout/);
    expect(run.log).toMatch(/^Could not start a sync .*the time limit/m);
    expect(failureOf(run)).not.toMatch(/may have started|continues/);
  });

  test('a cancelled sync says so, and not that it failed', async () => {
    const run = await syncWith({ scenario: 'sync-cancelled', syncSeconds: 20 });
    expect(run.printed).toMatch(/sync was cancelled/);
    expect(run.printed).not.toMatch(/sync failed/);
  });
});

test.each([
  ['reset', 60],
  ['hang', 8],
  ['rate-limit', 60],
] as const)(
  'polls that end as %s for more than half an hour do not end the wait',
  async (kind, count) => {
    const nth = Array.from({ length: count }, (_, at) => at + 2);
    const run = await syncWith({ syncSeconds: 4, faults: [on('read', { kind, nth })] });
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain('The sync succeeded');
  },
);

test('a sync whose start was limited may go unread at first', async () => {
  const limited = on('sync', { kind: 'rate-limit', headers: { 'Retry-After': '20' } });
  const unread = on('read', { kind: 'reset', nth: [2, 3, 4, 5, 6] });
  const run = await syncWith({ syncSeconds: 4, faults: [limited, unread] });
  expect(run.exitCode).toBe(0);
});

test('a restart of a rescheduled sync that is never answered fails the step', async () => {
  const never = on('sync', { kind: 'reset', nth: [2, 3, 4, 5] });
  const run = await syncWith(
    { scenario: 'sync-rescheduled', syncSeconds: 10, rescheduleSeconds: 300, faults: [never] },
    { schedule_type: 'manual' },
  );
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/start a sync/);
});

const syncsOf = ({ sandbox, ids: [id = ''] }: VirtualStepRun) =>
  sandbox.state.connections.get(id)?.syncs ?? [];

test('no sync is started after an error', async () => {
  const faults = [on('test', { kind: 'status', status: 403 })];
  const run = await syncWith({ connections: [existing()], faults }, { if_exists: 'reuse' });
  expect(run.sent).toEqual(['look up', 'test']);
  expect(run.exitCode).toBe(1);
});

describe("a sync of Fivetran's own that is already running", () => {
  test('is waited for before the step starts its own', async () => {
    const run = await syncWith({ scenario: 'sync-already-running', syncSeconds: 30 });
    expect(run.exitCode).toBe(0);
    expect(run.log).toMatch(/already syncing; waiting/);
    expect(run.sent.indexOf('sync')).toBeGreaterThan(3);
    expect(run.sent.filter((request) => request === 'sync')).toHaveLength(1);
    expect(syncsOf(run)).toHaveLength(2);
    expect(run.clock.now()).toBeGreaterThanOrEqual(60_000);
  });

  test('counts against the time limit', async () => {
    const run = await syncWith(
      { scenario: 'sync-already-running', syncSeconds: 400 },
      { sync_timeout_minutes: 5 },
    );
    expect(run.sent).not.toContain('sync');
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/did not end within 5 minutes/);
    expect(run.clock.now()).toBe(300_000);
  });
});

test('the reads before a sync end with the time limit', async () => {
  const limited = on('read', { kind: 'rate-limit', headers: { 'Retry-After': '300' } });
  const run = await syncWith({ faults: [limited] }, { sync_timeout_minutes: 1 });
  expect(run.sent).not.toContain('sync');
  expect(run.exitCode).toBe(1);
  expect(run.clock.now()).toBe(60_000);
});

test('the time of a sync counts from the beginning of the wait, not of the step', async () => {
  const limited = on('create', { kind: 'rate-limit', headers: { 'Retry-After': '60' } });
  const run = await syncWith({ faults: [limited], syncSeconds: 30 }, { sync_timeout_minutes: 1 });
  expect(run.clock.sleeps[0]).toBe(60_000);
  expect(run.log).toMatch(/20 s so far/);
  expect(run.log).toMatch(/The sync succeeded after 4\d s/);
});

describe('a sync whose start goes unanswered', () => {
  const unanswered = on('sync', { kind: 'reset', when: 'after' });
  const refused = (status: number) => on('sync', { kind: 'status', status, nth: 2 });

  test('counts as started when Fivetran then says that it was', async () => {
    const run = await syncWith({ faults: [unanswered, refused(409)], syncSeconds: 12 });
    expect(run.sent.filter((request) => request === 'sync')).toHaveLength(2);
    expect(run.exitCode).toBe(0);
  });

  test.each([400, 403, 404])('fails the step when it is then refused with %i', async (status) => {
    const run = await syncWith({ faults: [unanswered, refused(status)], syncSeconds: 12 });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(new RegExp(`start a sync .*${status}.*may have been processed`));
  });
});

describe('a sync that Fivetran reschedules', () => {
  const scenario = 'sync-rescheduled';

  test('is waited for when it is due within the time limit', async () => {
    const run = await syncWith({ scenario, syncSeconds: 10, rescheduleSeconds: 240 });
    expect(run.exitCode).toBe(0);
    expect(run.sent.filter((request) => request === 'sync')).toHaveLength(1);
    expect(syncsOf(run)).toHaveLength(2);
    expect(run.clock.now()).toBeGreaterThanOrEqual(260_000);
  });

  test('beyond the time limit ends the wait early, and names the time', async () => {
    const run = await syncWith(
      { scenario, syncSeconds: 10, rescheduleSeconds: 3 * 3600 },
      { sync_timeout_minutes: 90 },
    );
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/rescheduled.*2026-01-05T15:00:10/);
    expect(failureOf(run)).toMatch(/continues in Fivetran/);
    expect(run.clock.now()).toBeLessThan(60_000);
  });

  test('is judged by the server clock, not the runner clock', async () => {
    for (const clockSkewMs of [-6 * 3_600_000, 6 * 3_600_000]) {
      const world = { scenario, syncSeconds: 10, clockSkewMs };
      const soon = await syncWith({ ...world, rescheduleSeconds: 240 });
      expect(soon.exitCode).toBe(0);
      const late = await syncWith(
        { ...world, rescheduleSeconds: 3 * 3600 },
        { sync_timeout_minutes: 90 },
      );
      expect(late.exitCode).toBe(1);
      expect(late.clock.now()).toBeLessThan(60_000);
    }
  });

  test('is started by hand a minute after it is due when the schedule is manual', async () => {
    const run = await syncWith(
      { scenario, syncSeconds: 10, rescheduleSeconds: 300 },
      { schedule_type: 'manual' },
    );
    expect(run.exitCode).toBe(0);
    expect(run.sent.filter((request) => request === 'sync')).toHaveLength(2);
    expect(run.log).toMatch(/starting it again/);
    const second = syncsOf(run)[1]?.started_at ?? '';
    // Due 310 s after the beginning, which is 12:00:00.
    expect(second >= '2026-01-05T12:06:10').toBe(true);
    expect(second <= '2026-01-05T12:06:45').toBe(true);
  });

  test('ends the wait early when a manual start would be beyond the time limit', async () => {
    const run = await syncWith(
      { scenario, syncSeconds: 10, rescheduleSeconds: 270 },
      { schedule_type: 'manual', sync_timeout_minutes: 5 },
    );
    expect(run.exitCode).toBe(1);
    expect(run.sent.filter((request) => request === 'sync')).toHaveLength(1);
    expect(failureOf(run)).toMatch(/rescheduled.*2026-01-05T12:04:40/);
    expect(run.clock.now()).toBeLessThan(60_000);
  });
});

describe('a sync that ends without a result', () => {
  test('fails the step as cancelled after three polls', async () => {
    const run = await syncWith({ scenario: 'sync-cancelled', syncSeconds: 20 });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/cancelled/);
    const reads = run.sent.filter((request) => request === 'read').length;
    expect(reads).toBeLessThan(10);
    expect(run.clock.now()).toBeLessThan(120_000);
  });
});

describe('a connection that becomes broken while it syncs', () => {
  test("fails the step with Fivetran's reason", async () => {
    const run = await syncWith({ scenario: 'sync-breaks', syncSeconds: 20 });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/broken.*Reconnect the source/);
    expect(run.outputs).toMatchObject({ result: 'created', setup_state: 'broken' });
    expect(run.clock.now()).toBeLessThan(60_000);
  });
});

describe('a reused connection that is broken although its setup tests pass', () => {
  const connections = [existing({ scenario: 'broken-until-sync', setup_state: 'broken' })];

  test('is connected when its sync succeeds', async () => {
    const run = await syncWith({ connections, syncSeconds: 20 }, { if_exists: 'reuse' });
    expect(run.sent.slice(0, 4)).toEqual(['look up', 'test', 'read', 'sync']);
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ result: 'reused', setup_state: 'connected' });
    expect(annotated(run, 'error')).toEqual([]);
  });

  test('fails the step without wait_for_sync', async () => {
    const run = await runStep({ inputs: { if_exists: 'reuse' } }, { connections });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/broken.*Reconnect the source/);
  });

  test('fails the step when its sync leaves it broken', async () => {
    const run = await syncWith(
      { connections: [existing({ scenario: 'broken', setup_state: 'broken' })], syncSeconds: 20 },
      { if_exists: 'reuse' },
    );
    expect(run.sent).toContain('sync');
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/broken/);
  });
});

describe('what is never answered during the wait ends with the time limit', () => {
  const hanging = (request: EndpointName, from = 1) =>
    on(request, { kind: 'hang', nth: Array.from({ length: 50 }, (_, at) => from + at) });
  const limited = on('sync', { kind: 'rate-limit', headers: { 'Retry-After': '20' } });
  const isPaused = { if_exists: 'update', paused: false };

  test.each<[string, VirtualWorld, object?]>([
    ['the first read', { faults: [hanging('read')] }],
    ['a read after the start was limited', { faults: [limited, hanging('read', 2)] }],
    [
      'a read after unpausing',
      {
        connections: [existing({ scenario: 'stale-pause', paused: true })],
        faults: [hanging('read', 2)],
      },
      isPaused,
    ],
  ])('%s', async (_what, world, inputs = {}) => {
    const run = await syncWith(world, { ...inputs, sync_timeout_minutes: 0.5 });
    expect(run.exitCode).toBe(1);
    expect(run.clock.now()).toBeLessThan(32_000);
  });

  test('a poll, five seconds later', async () => {
    const run = await syncWith({ faults: [hanging('read', 2)] }, { sync_timeout_minutes: 0.5 });
    expect(failureOf(run)).toMatch(/did not end within 0.5 minutes/);
    expect(run.clock.now()).toBeLessThan(37_000);
  });
});
