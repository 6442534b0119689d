import { annotated, type Ran, runStep, sent } from './step.ts';

/** How a scenario ends for its user. */
type Attempt = {
  scenario: string;
  exitCode: number;
  state: string;
  /** The titles of the tests that failed. */
  failed?: string[];
  /** How often the setup tests are run after the create. */
  reruns?: number;
  errors?: RegExp[];
  warnings?: RegExp[];
};

const source = 'Connecting to the source';
const outcomes: Attempt[] = [
  { scenario: 'connected', exitCode: 0, state: 'connected' },
  { scenario: 'incomplete-once', exitCode: 0, state: 'connected', reruns: 1 },
  { scenario: 'job-failed', exitCode: 0, state: 'connected', reruns: 1 },
  {
    scenario: 'warning',
    exitCode: 0,
    state: 'connected',
    warnings: [
      /^Checking permissions: The user may not read 2 of 41 tables; these will be left out$/,
      /^Connection \w+ was created and is connected: /,
    ],
  },
  {
    scenario: 'incomplete',
    exitCode: 0,
    state: 'incomplete',
    reruns: 1,
    warnings: [/^Connection \w+ was created and is incomplete: .*connect_card_config/],
  },
  {
    scenario: 'failed-tests',
    exitCode: 1,
    state: 'incomplete',
    failed: ['Validating credentials'],
    errors: [
      /^Validating credentials: The source answered 401: the API key was revoked on 2026-01-05$/,
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
    errors: [/^Connecting to the source: The test could not be run$/, /1 of 1 setup test failed/],
  },
  {
    scenario: 'odd-answer',
    exitCode: 1,
    state: 'connected',
    failed: [source],
    errors: [/^Connecting to the source: Runs elsewhere$/, /1 of 5 setup tests failed/],
    warnings: [/^Untitled test: /],
  },
];

const matches = (patterns: RegExp[] = []) => patterns.map((one) => expect.stringMatching(one));

describe.each(outcomes)('$scenario', (outcome) => {
  let ran: Ran;
  let id: string;

  beforeAll(async () => {
    ran = await runStep({}, { scenario: outcome.scenario });
    id = String(ran.connections[0]?.id);
  });

  test(`ends with exit code ${outcome.exitCode}, and a verdict`, () => {
    expect(ran.exitCode).toBe(outcome.exitCode);
    expect(ran.log).toContain(`Connection ${id} was created`);
  });

  test('creates one connection, and runs its tests again where they are not final', () => {
    const create = 'POST /v1/connections';
    const reruns = Array.from({ length: outcome.reruns ?? 0 }, () => `${create}/${id}/test`);
    expect(sent(ran)).toEqual([create, ...reruns]);
    expect(ran.connections).toHaveLength(1);
  });

  test('sets the outputs, whether the step fails or not', () => {
    expect(ran.outputs).toMatchObject({
      connection_id: id,
      result: 'created',
      setup_state: outcome.state,
      dashboard_url: `https://fivetran.com/dashboard/connectors/${id}/status`,
    });
    const failed: { title: string }[] = JSON.parse(ran.outputs.failed_tests ?? '');
    expect(failed.map(({ title }) => title)).toEqual(outcome.failed ?? []);
  });

  test('annotates what failed and what warns, the verdict last', () => {
    expect(annotated(ran, 'error')).toEqual(matches(outcome.errors));
    expect(annotated(ran, 'warning')).toEqual(matches(outcome.warnings));
  });
});
