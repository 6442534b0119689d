import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import { shop, source } from './table-selection-shop.ts';

/*
 * Another client deletes the connection after any of the step's requests.
 */

const connections = [existing()];
const cases: Record<string, { inputs: Record<string, unknown>; world?: VirtualWorld }> = {
  reuse: { inputs: { if_exists: 'reuse' }, world: { connections } },
  update: { inputs: { if_exists: 'update', sync_frequency: 5 }, world: { connections } },
  'pinned host key': {
    inputs: { trusted_fingerprints: hostKeyFingerprint, on_failed_tests: 'delete' },
    world: { scenario: 'host-key-unknown' },
  },
  'tests that run again': { inputs: {}, world: { scenario: 'job-failed-always' } },
  'connect card': {
    inputs: {
      if_exists: 'reuse',
      connect_card_config: { redirect_uri: 'https://example.com/done' },
    },
    world: { connections: [existing({ scenario: 'incomplete', setup_state: 'incomplete' })] },
  },
  'wait for a sync': { inputs: { wait_for_sync: true }, world: { syncSeconds: 30 } },
  'wait for a running sync': {
    inputs: { wait_for_sync: true },
    world: { scenario: 'sync-already-running', syncSeconds: 30 },
  },
  'table selection': { inputs: shop, world: { sourceTree: { postgres: source } } },
};

/** Runs a step in a group whose connections are deleted once this many requests were answered. */
async function runUntilGone(inputs: object, world: VirtualWorld, after: number) {
  let answered = 0;
  return runStep(
    { inputs: { ...inputs } },
    {
      ...world,
      onLine(line, { sandbox }) {
        if (!/^(GET|POST|PATCH) \/v1\//.test(line)) return;
        answered++;
        if (answered === after) sandbox.state.connections.clear();
      },
    },
  );
}

test.each(Object.entries(cases))('%s: what is gone is said to be gone', async (_name, one) => {
  const { inputs, world = {} } = one;
  const { sent } = await runStep({ inputs }, world);
  let noticed = 0;
  for (let after = 1; after < sent.length; after++) {
    const run = await runUntilGone(inputs, world, after);
    // The step may also create it again.
    if (run.ids.length > 0) continue;
    noticed++;
    expect({ after, exitCode: run.exitCode }).toEqual({ after, exitCode: 1 });
    expect(failureOf(run)).toMatch(/no longer exists.*deleted in the meantime/);
    expect(run.outputs.error).toMatch(/no longer exists/);
    expect(run.outputs.dashboard_url).toBe('');
    expect(run.sent).not.toContain('delete');
    expect(run.printed).not.toMatch(
      /Connection \S+ exists|stays paused|still be paused|may have started|continues in|may still appear/,
    );
  }
  expect(noticed).toBeGreaterThan(0);
});

test('what an unanswered create may still make is told apart', async () => {
  const lost = on('create', { kind: 'status', status: 503, lateMs: 60_000 });
  const run = await runUntilGone({}, { scenario: 'job-failed-always', faults: [lost] }, 4);
  expect(run.sent.slice(0, 4)).toEqual(['create', 'look up', 'create', 'test']);
  expect(failureOf(run)).toMatch(/is gone.*another connection may still appear/);
});

test('after the last request, the step cannot know', async () => {
  const run = await runUntilGone({}, {}, 1);
  expect(run.exitCode).toBe(0);
});
