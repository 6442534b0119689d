import { expectAgreement } from '../harness/agreement.ts';
import { on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import type { StepRun } from '../harness/step.ts';

/** The visible outcome of a scenario. */
type Expected = {
  scenario: string;
  exitCode: number;
  state: string;
  /** The titles of the tests that failed. */
  failed?: string[];
  /** How often the setup tests are run after the create. */
  reruns?: number;
  /** What the log says about the reruns. */
  log?: RegExp;
  errors?: RegExp[];
  warnings?: RegExp[];
};

const source = 'Connecting to the source';
const outcomes: Expected[] = [
  { scenario: 'connected', exitCode: 0, state: 'connected' },
  {
    scenario: 'incomplete-once',
    exitCode: 0,
    state: 'connected',
    reruns: 1,
    log: /still incomplete.*once more/,
  },
  {
    scenario: 'job-failed',
    exitCode: 0,
    state: 'connected',
    reruns: 1,
    log: /JOB_FAILED.*Connecting to the source.*1 of 2/,
  },
  {
    scenario: 'warning',
    exitCode: 0,
    state: 'connected',
    warnings: [
      /^Checking permissions: The user may not read 2 of 41 tables; these will be left out$/,
      /^Connection \w+ was created and is connected\. .*1 warned/,
    ],
  },
  {
    scenario: 'incomplete',
    exitCode: 0,
    state: 'incomplete',
    reruns: 1,
    warnings: [/^Connection \w+ was created and is incomplete\. .*connect_card_config/],
  },
  {
    scenario: 'failed-tests',
    exitCode: 1,
    state: 'incomplete',
    failed: ['Validating credentials'],
    errors: [
      /^Validating credentials: The source answered 401: the API key was revoked on 2026-01-05\. Next: /,
      /^Connection \w+ was created, but 1 of 3 setup tests failed: Validating credentials\.$/,
    ],
  },
  {
    scenario: 'broken',
    exitCode: 1,
    state: 'broken',
    errors: [/^Connection \w+ was created, but .*broken/],
  },
  {
    scenario: 'job-failed-always',
    exitCode: 1,
    state: 'incomplete',
    failed: [source],
    reruns: 2,
    log: /1 of 2[\s\S]*2 of 2/,
    errors: [
      /^Connecting to the source: The test could not be run\. Next: /,
      /was created, but the setup test could not run: Connecting/,
    ],
  },
  {
    scenario: 'odd-answer',
    exitCode: 1,
    state: 'connected',
    failed: [source],
    errors: [/^Connecting to the source: Runs elsewhere\. Next: /, /1 of 5 setup tests failed/],
    warnings: [/^Untitled test: /],
  },
];

const matches = (patterns: RegExp[] = []) => patterns.map((one) => expect.stringMatching(one));

describe.each(outcomes)('$scenario', (outcome) => {
  let run: StepRun;
  let id: string;

  beforeAll(async () => {
    run = await runStep({}, { scenario: outcome.scenario });
    [id = ''] = run.ids;
  });

  test(`ends with exit code ${outcome.exitCode} and a verdict`, () => {
    expect(run.exitCode).toBe(outcome.exitCode);
    expect(run.log).toContain(`Connection ${id} was created`);
  });

  test('creates one connection and reruns tests whose results are not final', () => {
    const reruns = Array.from({ length: outcome.reruns ?? 0 }, () => 'test');
    expect(run.sent).toEqual(['create', ...reruns]);
    expect(run.connections).toHaveLength(1);
    if (outcome.log) expect(run.log).toMatch(outcome.log);
  });

  test('sets the outputs whether or not the step fails', () => {
    expect(run.outputs).toMatchObject({
      connection_id: id,
      result: 'created',
      setup_state: outcome.state,
      dashboard_url: `https://fivetran.com/dashboard/connections/${id}/status`,
    });
    const failed: { title: string }[] = JSON.parse(run.outputs.failed_tests ?? '');
    expect(failed.map(({ title }) => title)).toEqual(outcome.failed ?? []);
  });

  test('annotates failures and warnings, the verdict last', () => {
    expect(annotated(run, 'error')).toEqual(matches(outcome.errors));
    expect(annotated(run, 'warning')).toEqual(matches(outcome.warnings));
  });
});

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
