import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import type { StepRun } from '../harness/step.ts';
import { readable } from '../project/markup.ts';
import { idOf } from '../sandbox/api/connection/ids.mjs';

const failing = { scenario: 'failed-tests' };

/** Expects the failed tests to be reported, whatever happened to the connection, and the step to fail. */
function expectFailedTests({ exitCode, outputs, annotations, summary }: StepRun): void {
  expect(exitCode).toBe(1);
  expect(outputs.failed_test_messages).toContain('Validating credentials: The source answered 401');
  expect(annotations).toContainEqual(
    expect.objectContaining({ level: 'error', title: 'Validating credentials' }),
  );
  expect(summary).toContain('The source answered 401');
}

test('keep leaves the connection', async () => {
  const run = await runStep({ inputs: { on_failed_tests: 'keep' } }, failing);
  expectFailedTests(run);
  expect(run.sent).toEqual(['create']);
  expect(run.outputs).toMatchObject({ result: 'created', paused: 'false' });
  expect(run.ids).toEqual([run.outputs.connection_id]);
});

test('pause pauses it without running the tests again, and says so', async () => {
  const run = await runStep({ inputs: { on_failed_tests: 'pause' } }, failing);
  expectFailedTests(run);
  expect(run.sent).toEqual(['create', 'patch']);
  expect(run.requests[1]?.body).toEqual({ paused: true, run_setup_tests: false });
  expect(run.outputs).toMatchObject({ result: 'created', paused: 'true' });
  expect(run.connections).toMatchObject([{ id: run.outputs.connection_id, paused: true }]);
  for (const text of [run.log, readable(run.summary)]) {
    expect(text).toContain(`Paused connection ${run.outputs.connection_id}`);
  }
});

test('delete deletes it, says so, and links to it no more', async () => {
  const run = await runStep({ inputs: { on_failed_tests: 'delete' } }, failing);
  expectFailedTests(run);
  expect(run.sent).toEqual(['create', 'delete']);
  expect(run.outputs.result).toBe('deleted');
  expect(run.outputs.connection_id).toBeTruthy();
  expect(run.outputs.dashboard_url).toBe('');
  expect(run.ids).toEqual([]);
  for (const text of [run.log, readable(run.summary)]) {
    expect(text).toContain(`Deleted connection ${run.outputs.connection_id}`);
    expect(text).toContain('1 of 3 setup tests failed');
  }
  expect(run.log + run.summary).not.toContain('/dashboard/connections/');
});

test('after a deletion, the next step does not mention the connection', async () => {
  const { log, summary } = await runStep({ inputs: { on_failed_tests: 'delete' } }, failing);
  for (const text of [log, summary]) {
    expect(text).toMatch(/Next:/);
    expect(text).not.toContain('finds this connection');
  }
});

test.each([
  ['pause', 'patch', 'Paused connection'],
  ['delete', 'delete', 'Deleted connection'],
])('%s acts on a broken connection as well', async (on_failed_tests, request, words) => {
  const run = await runStep({ inputs: { on_failed_tests } }, { scenario: 'broken' });
  expect(run.sent).toEqual(['create', request]);
  expect(run.exitCode).toBe(1);
  expect(run.summary).toContain(words);
});

test.each([
  ['keep', ['create'], 'created'],
  ['delete', ['create', 'delete'], 'deleted'],
])(
  'a broken connection whose tests did not run fails the step (%s)',
  async (on_failed_tests, sent, result) => {
    const data = { id: idOf(1), status: { setup_state: 'broken' } };
    const body = { code: 'Success', data };
    const run = await runStep(
      { inputs: { on_failed_tests, run_setup_tests: false } },
      { faults: [on('create', { kind: 'status', status: 201, when: 'after', body })] },
    );
    expect(run.sent).toEqual(sent);
    expect(run.outputs.result).toBe(result);
    expect(run.exitCode).toBe(1);
  },
);

describe.each(['pause', 'delete'])('%s leaves a connection alone', (on_failed_tests) => {
  test.each([
    ['reuse', 'reused', ['look up', 'test']],
    ['update', 'updated', ['look up', 'patch']],
  ])('that existed before (%s)', async (if_exists, result, sent) => {
    const run = await runStep(
      { inputs: { if_exists, on_failed_tests, sync_frequency: 5 } },
      { connections: [existing(failing)] },
    );
    expect(run.sent).toEqual(sent);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ result, paused: 'false' });
    expect(run.summary).not.toMatch(/on_failed_tests/);
    expect(run.ids).toEqual(['crm_id']);
  });
});

test.each(['connected', 'warning', 'incomplete', 'incomplete-once', 'job-failed'])(
  'a connection whose tests finally passed is kept (%s)',
  async (scenario) => {
    const run = await runStep({ inputs: { on_failed_tests: 'delete' } }, { scenario });
    expect(run.exitCode).toBe(0);
    expect(run.outputs.result).toBe('created');
    expect(run.ids).toEqual([run.outputs.connection_id]);
  },
);

test.each([
  ['pause', 'patch', 'Could not update connection'],
  ['delete', 'delete', 'Could not delete connection'],
] as const)(
  'a refused %s is reported, and the connection is kept',
  async (on_failed_tests, request, words) => {
    const run = await runStep(
      { inputs: { on_failed_tests } },
      { ...failing, faults: [on(request, { kind: 'status', status: 403 })] },
    );
    expectFailedTests(run);
    const id = run.outputs.connection_id ?? '';
    expect(run.outputs).toMatchObject({ result: 'created', paused: 'false' });
    expect(run.ids).toEqual([id]);
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toContain(words);
      expect(text).not.toMatch(/Paused connection|Deleted connection|unknown whether/);
    }
    expect(failureOf(run)).toContain('1 of 3 setup tests failed');
  },
);
