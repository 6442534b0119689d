import { expectAgreement } from '../harness/agreement.ts';
import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';

test('an incomplete connection is not tested again without setup tests', async () => {
  const inputs = { run_setup_tests: false };
  const run = await runStep({ inputs }, { scenario: 'incomplete' });
  expect(run.sent).toEqual(['create']);
});

test.each([400, 401, 403, 404, 409])(
  'setup tests refused with %i keep the created connection',
  async (status) => {
    const faults = [on('test', { kind: 'status', status })];
    const run = await runStep({}, { scenario: 'incomplete-once', faults });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test']);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({
      connection_id: run.ids[0],
      result: 'created',
      setup_state: 'incomplete',
      schema: 'crm',
    });
    expect(failureOf(run)).toMatch(
      new RegExp(`^Connection ${run.ids[0]} was created\\. .*run the setup tests .*${status}`),
    );
  },
);

test('test results of another connection are ignored', async () => {
  const data = { id: 'another_id', setup_tests: [{ title: 'T', status: 'PASSED' }] };
  const body = { code: 'Success', data };
  const faults = [on('test', { kind: 'status', status: 200, body, nth: 'all' })];
  const run = await runStep({}, { scenario: 'incomplete-once', faults });
  expect(run.sent).toEqual(['create', ...Array(4).fill('test')]);
  expect(run.exitCode).toBe(1);
  expect(run.outputs.connection_id).toBe(run.ids[0]);
  expect(run.printed).not.toContain('another_id was');
});

test('a timeout names request_timeout_seconds and the setup tests', async () => {
  const faults = [on('test', { kind: 'hang', nth: 'all' })];
  const inputs = { request_timeout_seconds: 7 };
  const run = await runStep({ inputs }, { scenario: 'incomplete-once', faults });
  expect(failureOf(run)).toMatch(/within 7 s \(request_timeout_seconds\).*setup tests/);
});
