import { closeAll } from '../fault-run.ts';
import { idOf } from '../sandbox/api/naming.mjs';
import { converging } from './converging.ts';
import { act, existing, type Played } from './scene.ts';

afterEach(closeAll);

const FAILED = 'Validating credentials: The source answered 401';

/** The tests that failed are told whatever became of the connection, and the step fails. */
function expectFailure({ exitCode, outputs, annotations, summary }: Played): void {
  expect(exitCode).toBe(1);
  expect(outputs.failed_test_messages).toContain(FAILED);
  expect(annotations).toContainEqual(
    expect.objectContaining({ level: 'error', title: 'Validating credentials' }),
  );
  expect(summary).toContain('The source answered 401');
}

test('keep leaves the connection', async () => {
  const step = await act({ scenario: 'failed-tests', inputs: { on_failed_tests: 'keep' } });
  expectFailure(step);
  expect(step.sent).toEqual(['create']);
  expect(step.outputs).toMatchObject({ result: 'created', paused: 'false' });
  expect(step.ids).toEqual([step.outputs.connection_id]);
});

test('pause pauses it without running the tests again, and says so', async () => {
  const step = await act({ scenario: 'failed-tests', inputs: { on_failed_tests: 'pause' } });
  expectFailure(step);
  expect(step.sent).toEqual(['create', 'patch']);
  expect(step.requests[1]?.body).toEqual({ paused: true, run_setup_tests: false });
  expect(step.outputs).toMatchObject({ result: 'created', paused: 'true' });
  expect(step.sandbox.connections).toMatchObject([
    { id: step.outputs.connection_id, paused: true },
  ]);
  for (const text of [step.log, step.summary]) {
    expect(text).toMatch(`${step.outputs.connection_id} was paused`);
  }
});

test('delete deletes it, and says so', async () => {
  const step = await act({ scenario: 'failed-tests', inputs: { on_failed_tests: 'delete' } });
  expectFailure(step);
  expect(step.sent).toEqual(['create', 'delete']);
  expect(step.outputs.result).toBe('deleted');
  expect(step.outputs.connection_id).toBeTruthy();
  expect(step.ids).toEqual([]);
  for (const text of [step.log, step.summary]) {
    expect(text).toMatch(`${step.outputs.connection_id} was deleted`);
    expect(text).toContain('was created, but 1 of 3 setup tests failed');
  }
});

test('after a deletion nobody is told to go on with the connection', async () => {
  const spec = { on_failed_tests: 'delete' } as const;
  const { summary } = await converging({ scenario: 'failed-tests', spec });
  expect(summary).toContain('What to do next');
  expect(summary).not.toContain('finds this connection');
});

test.each([
  ['pause', 'patch', 'was paused'],
  ['delete', 'delete', 'was deleted'],
] as const)(
  '%s is done to a broken connection as well',
  async (on_failed_tests, request, words) => {
    const run = await converging({ scenario: 'broken', spec: { on_failed_tests } });
    expect(run.sent).toEqual(['create', request]);
    expect(run.verdict.grade).toBe('failed');
    expect(run.summary).toMatch(words);
  },
);

test.each([
  ['keep', ['create'], 'created'],
  ['delete', ['create', 'delete'], 'deleted'],
] as const)(
  'a broken one whose tests did not run fails the step (%s)',
  async (what, sent, result) => {
    const body = { code: 'Success', data: { id: idOf(1), status: { setup_state: 'broken' } } };
    const run = await converging({
      spec: { on_failed_tests: what, run_setup_tests: false },
      faults: [{ method: 'POST', kind: 'status', status: 201, when: 'after', body }],
    });
    expect(run.sent).toEqual(sent);
    expect(run.outputs.result).toBe(result);
    expect(run.verdict.grade).toBe('failed');
  },
);

describe.each(['pause', 'delete'] as const)('%s is not done', (on_failed_tests) => {
  test.each([
    ['reuse', 'reused', ['look up', 'test']],
    ['update', 'updated', ['look up', 'patch']],
  ] as const)('to a connection that was there (%s)', async (if_exists, result, sent) => {
    const run = await converging({
      spec: { if_exists, on_failed_tests, sync_frequency: 5 },
      connections: [existing({ scenario: 'failed-tests' })],
    });
    expect(run.sent).toEqual(sent);
    expect(run.verdict.grade).toBe('failed');
    expect(run.outputs).toMatchObject({ result, paused: 'false' });
    expect(run.summary).not.toMatch(/on_failed_tests/);
    expect(run.ids).toEqual(['crm_id']);
  });
});

test.each(['connected', 'warning', 'incomplete', 'incomplete-once', 'job-failed'])(
  'a connection whose tests did not fail in the end stays (%s)',
  async (scenario) => {
    const run = await converging({ scenario, spec: { on_failed_tests: 'delete' } });
    expect(run.verdict.grade).not.toBe('failed');
    expect(run.outputs.result).toBe('created');
    expect(run.ids).toEqual([run.outputs.connection_id]);
  },
);

test.each([
  ['pause', { method: 'PATCH' }, 'Could not update connection'],
  ['delete', { method: 'DELETE' }, 'Could not delete connection'],
])('%s that is refused is told, and the connection stays', async (what, which, words) => {
  const step = await act({
    scenario: 'failed-tests',
    faults: [{ ...which, kind: 'status', status: 403 }],
    inputs: { on_failed_tests: what },
  });
  expectFailure(step);
  expect(step.outputs).toMatchObject({ result: 'created', paused: 'false' });
  expect(step.ids).toEqual([step.outputs.connection_id]);
  for (const text of [step.log, step.summary]) {
    expect(text).toContain(words);
    expect(text).toContain(` So on_failed_tests: ${what} was not carried out`);
    expect(text).not.toMatch(/was (paused|deleted)/);
  }
});
