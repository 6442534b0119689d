import { on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { idOf } from '../sandbox/api/connection/ids.mjs';
import type { Sandbox } from '../sandbox/sandbox.mjs';

const syncWith = (world: VirtualWorld, inputs = {}) =>
  runStep({ inputs: { wait_for_sync: true, ...inputs } }, world);

describe('an end that is not of the sync that the step started', () => {
  const scheduled = { syncSeconds: 10, scenario: 'sync-already-running' };
  const manually = (endsAt: number) => ({
    prepare: ({ state }: Sandbox) => {
      for (const stored of state.connections.values()) {
        stored.sync = { startedAt: state.now() + endsAt };
      }
    },
  });

  test('does not count while the start waits for the rate limit', async () => {
    // A foreign sync runs from the end of the first read until within the wait.
    const limited = on('sync', { kind: 'rate-limit', headers: { 'Retry-After': '20' } });
    const run = await syncWith(
      {
        connections: [existing({ succeeded_at: '2026-01-01T00:00:00.000000Z' })],
        syncSeconds: 15,
        faults: [limited],
        onLine(line, { sandbox }) {
          if (line === 'POST /v1/connections/crm_id/sync: fault rate-limit') {
            manually(0).prepare(sandbox);
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

  test('does not count where the first read lacks an end that later ones have', async () => {
    const old = '2026-01-05T11:59:40.000000Z';
    const run = await syncWith(
      {
        connections: [existing()],
        syncSeconds: 40,
        onLine(line, { sandbox }) {
          if (!line.includes('/sync: 200')) return;
          for (const stored of sandbox.state.connections.values()) stored.succeeded_at ??= old;
        },
      },
      { if_exists: 'reuse' },
    );
    expect(run.exitCode).toBe(0);
    expect(run.clock.now()).toBeGreaterThanOrEqual(40_000);
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

  test('a start that is never answered may have started it', async () => {
    const run = await syncWith({ faults: [on('sync', { kind: 'reset', nth: 'all' })] });
    expect(failureOf(run)).toMatch(/may have started/);
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
    expect(failureOf(run)).toMatch(/sync_timeout_minutes/);
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

test('a restart of a rescheduled sync that is never answered fails the step', async () => {
  const never = on('sync', { kind: 'reset', nth: [2, 3, 4, 5] });
  const run = await syncWith(
    { scenario: 'sync-rescheduled', syncSeconds: 10, rescheduleSeconds: 300, faults: [never] },
    { schedule_type: 'manual' },
  );
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/start a sync/);
});

describe('a connection that Fivetran creates paused although paused was not set', () => {
  const pausing = (line: string, { sandbox: { state } }: { sandbox: Sandbox }) => {
    if (line !== 'POST /v1/connections: 201') return;
    for (const stored of state.connections.values()) stored.settings.paused = true;
  };
  /** The response to the create shows it as paused. */
  const created = on('create', {
    kind: 'status',
    status: 201,
    when: 'after',
    body: {
      code: 'Success',
      data: {
        id: idOf(1),
        paused: true,
        status: { setup_state: 'connected', sync_state: 'paused' },
        setup_tests: [{ title: 'Connecting', status: 'PASSED' }],
      },
    },
  });
  const world = {
    faults: [created],
    onLine(line: string, controls: { sandbox: Sandbox }) {
      if (line.startsWith('POST /v1/connections:')) {
        pausing('POST /v1/connections: 201', controls);
      }
    },
  };

  test('is unpaused for its sync', async () => {
    const run = await syncWith(world);
    expect(run.exitCode).toBe(0);
    expect(bodies(run, 'patch')).toEqual([{ paused: false, run_setup_tests: false }]);
    expect(run.outputs).toMatchObject({ result: 'created', paused: 'false' });
  });

  test('stays so without wait_for_sync, and a warning names paused', async () => {
    const run = await runStep({}, world);
    expect(run.exitCode).toBe(0);
    expect(run.sent).toEqual(['create']);
    expect(annotated(run, 'warning')).toEqual([
      expect.stringMatching(/paused\. Set paused: false/),
    ]);
  });

  test('stays so without a word when that was asked for', async () => {
    const run = await runStep({ inputs: { paused: true } }, world);
    expect(run.sent).toEqual(['create']);
    expect(annotated(run, 'warning')).toEqual([]);
  });
});
