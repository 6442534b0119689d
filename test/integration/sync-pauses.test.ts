import { on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import { idOf } from '../sandbox/api/connection/ids.mjs';
import type { Sandbox } from '../sandbox/sandbox.mjs';
import { syncWith } from './sync-step.ts';
import { shop, source } from './table-selection-shop.ts';

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

  test.each([
    ['', 'connected'],
    [', and may be shown as paused for a while', 'stale-pause'],
  ])('is unpaused for its sync%s', async (_what, scenario) => {
    const run = await syncWith({ ...world, scenario });
    expect(run.exitCode).toBe(0);
    expect(run.log).toMatch(/^Fivetran created connection \S+ paused; unpausing it for its sync/m);
    expect(bodies(run, 'patch')).toEqual([{ paused: false, run_setup_tests: false }]);
    expect(run.outputs).toMatchObject({ result: 'created', paused: 'false' });
  });

  test('is not unpaused once more with paused: false, which has done so', async () => {
    const run = await syncWith(world, { paused: false });
    expect(run.sent).toEqual(['create', 'read', 'read', 'read']);
    expect(failureOf(run)).toMatch(/cannot sync: it is paused/);
  });

  test('is given up with the time limit when unpausing is not answered', async () => {
    const hanging = on('patch', { kind: 'hang', nth: 'all' });
    const run = await syncWith(
      { ...world, faults: [created, hanging] },
      { sync_timeout_minutes: 0.5 },
    );
    expect(run.exitCode).toBe(1);
    expect(run.clock.now()).toBeLessThan(32_000);
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

describe('a connection that is still shown as paused right after unpausing', () => {
  const connections = [existing({ scenario: 'stale-pause', paused: true })];
  const inputs = { if_exists: 'update', paused: false };

  test('is synced once it is unpaused', async () => {
    const run = await syncWith({ connections, syncSeconds: 20 }, inputs);
    expect(run.exitCode).toBe(0);
    expect(run.sent.slice(0, 2)).toEqual(['look up', 'patch']);
    expect(run.sent).toContain('sync');
    expect(run.outputs.result).toBe('updated');
  });

  test('is synced once its selection is applied', async () => {
    const world = { scenario: 'stale-pause', sourceTree: { postgres: source }, syncSeconds: 20 };
    const run = await syncWith(world, shop);
    expect(run.exitCode).toBe(0);
    expect(bodies(run, 'patch')).toEqual([{ paused: false, run_setup_tests: false }]);
    expect(run.sent).toContain('sync');
  });

  test.each([
    [60, 0, [5000, 5000]],
    [0.1, 0, [5000, 1000]],
    [0.1, 5900, [100]],
    [0.1, 7000, [0]],
  ])(
    'fails the step when it stays paused, within %d minutes when a read takes %i ms',
    async (minutes, readMs, sleeps) => {
      const clock = virtualClock();
      const run = await syncWith(
        {
          connections: [existing({ paused: true })],
          clock,
          onLine: (line, { sandbox }) => {
            if (line.startsWith('GET /v1/connections/crm_id:')) clock.advance(readMs);
            // Another client pauses it again at once.
            if (!/PATCH .*: 200/.test(line)) return;
            const stored = sandbox.state.connections.get('crm_id');
            if (stored) stored.settings.paused = true;
          },
        },
        { ...inputs, sync_timeout_minutes: minutes },
      );
      expect(run.exitCode).toBe(1);
      expect(failureOf(run)).toMatch(
        /crm_id cannot sync: it is paused\. No sync was started\.|No sync could be started within/,
      );
      expect(run.clock.sleeps).toEqual(sleeps);
    },
  );
});

test('pausing the connection during the sync ends the wait', async () => {
  const run = await syncWith({
    syncSeconds: 3000,
    onWait({ ms, sandbox }) {
      for (const stored of sandbox.state.connections.values()) {
        if (ms > 20_000) stored.settings.paused = true;
      }
    },
  });
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/was paused while its sync was running/);
  expect(run.clock.now()).toBeLessThan(180_000);
});
