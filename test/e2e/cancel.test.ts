import { runCancelled, testWithSignals } from '../harness/cancelling.ts';
import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';

const ended = { exitCode: 1, signal: null };

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  testWithSignals(
    'while a create hangs ends the step, which says that the connection may exist',
    async () => {
      const faults = [on('create', { kind: 'hang', when: 'after' })];
      const at = /POST \/v1\/connections: fault hang/;
      const run = await runCancelled({ signal, at }, { faults });
      expect(run).toMatchObject(ended);
      expect(run.ids).toHaveLength(1);
      expect(failureOf(run)).toMatch(/cancelled.*15five connection crm.* may exist/);
      expect(run.summary).toMatch(/may exist/);
      expect(run.outputs.connection_id ?? '').toBe('');
    },
  );

  testWithSignals(
    'while the setup tests hang ends the step, which names the connection',
    async () => {
      const faults = [on('test', { kind: 'hang' })];
      const at = /test: fault hang/;
      const run = await runCancelled({ signal, at }, { faults, scenario: 'incomplete-once' });
      expect(run).toMatchObject(ended);
      expect(run.outputs).toMatchObject({
        connection_id: run.ids[0],
        result: 'created',
        setup_state: 'incomplete',
      });
      expect(failureOf(run)).toMatch(
        new RegExp(`^Connection ${run.ids[0]} was created\\..*cancelled`),
      );
      expect(run.log).toContain(`/dashboard/connections/${run.ids[0]}`);
    },
  );
});

testWithSignals('a step that is cancelled while it waits ends by itself', async () => {
  const faults = [on('create', { kind: 'rate-limit', headers: { 'Retry-After': '300' } })];
  const run = await runCancelled({ at: /rate limit is reached/ }, { faults });
  expect(run).toMatchObject(ended);
  expect(run.sent).toEqual(['create']);
  expect(failureOf(run)).toMatch(/cancelled/);
  expect(failureOf(run)).not.toMatch(/may exist/);
});

testWithSignals('a step that is cancelled while an answer drips in ends by itself', async () => {
  const faults = [on('create', { kind: 'drip', ms: 1000 })];
  const run = await runCancelled({ at: /fault drip/ }, { faults });
  expect(run).toMatchObject(ended);
  expect(failureOf(run)).toMatch(/ may exist/);
});

test('a killed step leaves the id of the created connection as an output', async () => {
  const faults = [on('test', { kind: 'hang' })];
  const run = await runCancelled(
    { at: /test: fault hang/, signal: 'SIGKILL' },
    { faults, scenario: 'incomplete-once' },
  );
  expect(run.signal).toBe('SIGKILL');
  expect(run.outputs).toEqual({ connection_id: run.ids[0] });
});
