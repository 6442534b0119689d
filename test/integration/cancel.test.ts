import { LOST_CREATE, on } from '../harness/faults.ts';
import { manifestOfSize, resultsOf } from '../harness/manifests.ts';
import { failureOf } from '../harness/reading.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import type { Step } from '../harness/step.ts';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import { shop, source } from './table-selection-shop.ts';

/** Cancels the job once a line of the step's log or of the sandbox's matches. */
async function cancelAt(at: RegExp, world: VirtualWorld, step: Step = {}) {
  const onLine: VirtualWorld['onLine'] = (line, { cancel }) => {
    if (at.test(line)) cancel();
  };
  const run = await runStep(step, { ...world, onLine });
  expect(run.exitCode).toBe(1);
  expect(run.printed).toMatch(/The run was cancelled/);
  return run;
}

const mayExist = /15five connection crm in group decent_dropsy may exist/;
const unnamed = { inputs: { config: '' } };

describe('a job that is cancelled', () => {
  test.each(['before', 'after'] as const)(
    'while a create hangs, %s it is processed, reports its outcome as unknown',
    async (when) => {
      const faults = [on('create', { kind: 'hang', when })];
      const run = await cancelAt(/POST \/v1\/connections: fault hang/, { faults });
      expect(run.sent).toEqual(['create']);
      expect(run.ids).toHaveLength(when === 'after' ? 1 : 0);
      for (const text of [failureOf(run), run.summary]) expect(text).toMatch(/may exist/);
      expect(failureOf(run)).toMatch(mayExist);
      expect(run.outputs.connection_id ?? '').toBe('');
    },
  );

  test('while a create without a name hangs reports its outcome as unknown', async () => {
    const faults = [on('create', { kind: 'hang', when: 'after' })];
    const run = await cancelAt(/fault hang/, { faults }, unnamed);
    expect(failureOf(run)).toMatch(/15five connection .*in group decent_dropsy may exist/);
  });

  test('while a lost create is looked up reports its outcome as unknown', async () => {
    const faults = [LOST_CREATE, on('look up', { kind: 'hang' })];
    const run = await cancelAt(/GET .*: fault hang/, { faults });
    expect(run.sent).toEqual(['create', 'look up']);
    expect(failureOf(run)).toMatch(mayExist);
  });

  test('while it waits to repeat the look-up reports the create as unknown', async () => {
    const faults = [LOST_CREATE, on('look up', { kind: 'reset', nth: 'all' })];
    const run = await cancelAt(/Retrying in .* \(try 2 of 4\)/, { faults });
    expect(run.sent).toEqual(['create', 'look up']);
    expect(failureOf(run)).toMatch(mayExist);
  });

  test('while it waits to create again reports the first create as unknown', async () => {
    const faults = [on('create', { kind: 'html', status: 504 })];
    const run = await cancelAt(/Retrying in .* \(try 2 of 4\)/, { faults });
    expect(run.sent).toEqual(['create', 'look up']);
    expect(run.ids).toEqual([]);
    expect(failureOf(run)).toMatch(mayExist);
  });

  test('while the tests of an adopted connection hang names the connection', async () => {
    const faults = [LOST_CREATE, on('test', { kind: 'hang' })];
    const run = await cancelAt(/test: fault hang/, { faults });
    expect(run.outputs).toMatchObject({ connection_id: run.ids[0], result: 'created' });
    expect(failureOf(run)).toMatch(new RegExp(`^Connection ${run.ids[0]} was created\\.`));
    expect(failureOf(run)).not.toMatch(/may exist/);
  });

  test('while an approval hangs says nothing of the tests from before', async () => {
    const world = { scenario: 'host-key-unknown', faults: [on('approve key', { kind: 'hang' })] };
    const inputs = { trusted_fingerprints: hostKeyFingerprint, on_failed_tests: 'delete' };
    const run = await cancelAt(/fingerprints: fault hang/, world, { inputs });
    expect(run.sent).toEqual(['create', 'approve key']);
    expect(run.outputs).toMatchObject({ result: 'created', failed_tests: '[]' });
    expect(run.log).toMatch(/left unchanged despite on_failed_tests: delete/);
  });

  test('before its first request sends nothing', async () => {
    const run = await cancelAt(/add-mask/, {});
    expect(run.sent).toEqual([]);
    expect(failureOf(run)).not.toMatch(/may exist/);
  });

  test('in the middle of a manifest starts no further connection and reports each one', async () => {
    const step = { manifest: manifestOfSize(6), inputs: { max_parallel: 1 } };
    const faults = [on('create', { kind: 'hang', nth: 3 })];
    const run = await cancelAt(/fault hang/, { faults }, step);
    expect(run.sent).toEqual(['create', 'create', 'create']);
    expect(resultsOf(run)).toEqual({
      source_1: 'created',
      source_2: 'created',
      source_3: 'failed',
      source_4: 'failed',
      source_5: 'failed',
      source_6: 'failed',
    });
    expect(run.printed).toMatch(/source_3 .*may exist/);
    expect(run.printed).not.toMatch(/source_4 in group decent_dropsy may exist/);
    expect(run.log).not.toContain('source_4: started');
  });
});

test('a cancelled delete is reported as unknown', async () => {
  const inputs = { state: 'absent' };
  const connections = [{ id: 'crm_id', config: { schema: 'crm' } }];
  for (const when of ['before', 'after'] as const) {
    const faults = [on('delete', { kind: 'hang', when })];
    const world = { connections, faults };
    const run = await cancelAt(/DELETE .*: fault hang/, world, { inputs });
    expect(failureOf(run)).toMatch(/unknown whether connection crm_id was deleted/);
    expect(failureOf(run)).not.toMatch(/crm_id exists/);
    expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
  }
});

test('a cancelled update is reported as unknown', async () => {
  const inputs = { if_exists: 'update', sync_frequency: 5 };
  const connections = [{ id: 'crm_id', config: { schema: 'crm' } }];
  const faults = [on('patch', { kind: 'hang', when: 'after' })];
  const run = await cancelAt(/PATCH .*: fault hang/, { connections, faults }, { inputs });
  expect(failureOf(run)).toMatch(/unknown whether the update of connection crm_id took effect/);
  expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
});

test.each([
  ['while it is at work', /reload: fault hang/, 'hang', true],
  ['while its effect is waited for', /reload may still be/, 'reset', true],
  ['before it is sent', /Reloading the schema/, 'hang', false],
] as const)(
  'a reload of the schema that is cancelled %s is said to go on where it may',
  async (_when, at, kind, goesOn) => {
    const faults = [on('reload schemas', { kind })];
    const run = await cancelAt(at, { faults, sourceTree: { postgres: source } }, { inputs: shop });
    expect(failureOf(run)).toMatch(/stays paused, .*The run was cancelled\./);
    const said = /cancelled\. The reload may still end: it disables every/.test(failureOf(run));
    expect(said).toBe(goesOn);
  },
);

test('an update cancelled before it is sent is not reported as unknown', async () => {
  const inputs = { if_exists: 'update', sync_frequency: 5 };
  const connections = [{ id: 'crm_id', config: { schema: 'crm' } }];
  const run = await cancelAt(/already exists; updating/, { connections }, { inputs });
  expect(run.sent).toEqual(['look up']);
  expect(failureOf(run)).not.toMatch(/unknown whether/);
});
