import { expectAgreement } from '../harness/agreement.ts';
import { on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';

describe('setup tests that could not run (JOB_FAILED)', () => {
  test('are run again, and the log says so', async () => {
    const run = await runStep({}, { scenario: 'job-failed' });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test']);
    expect(run.log).toMatch(/JOB_FAILED.*Connecting to the source.*1 of 2/);
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual([]);
  });

  test('are run again twice at most, and then count as failed', async () => {
    const run = await runStep({}, { scenario: 'job-failed-always' });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test', 'test']);
    expect(run.log).toMatch(/1 of 2[\s\S]*2 of 2/);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/was created, but the setup test could not run: Connecting/);
  });
});

describe('a connection that is incomplete though no test failed', () => {
  test('is tested once more, and the log says so', async () => {
    const run = await runStep({}, { scenario: 'incomplete-once' });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test']);
    expect(run.log).toMatch(/still incomplete.*once more/);
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual([]);
  });

  test('is tested again only once, then warns', async () => {
    const run = await runStep({}, { scenario: 'incomplete' });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test']);
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toHaveLength(1);
  });

  test('is not tested again without setup tests', async () => {
    const inputs = { run_setup_tests: false };
    const run = await runStep({ inputs }, { scenario: 'incomplete' });
    expect(run.sent).toEqual(['create']);
  });
});

test('setup tests that failed are not run again', async () => {
  const run = await runStep({}, { scenario: 'failed-tests' });
  expectAgreement(run);
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
