/** @typedef {import('../scenarios.mjs').Scenario} Scenario */

const connecting = { title: 'Connecting to the source', status: 'PASSED', message: '' };
const credentials = { title: 'Validating credentials', status: 'PASSED', message: '' };
const permissions = { title: 'Checking permissions', status: 'PASSED', message: '' };

/** The results of setup tests that all pass. */
export const passingTests = [connecting, credentials, permissions];

const jobFailed = {
  title: 'Connecting to the source',
  status: 'JOB_FAILED',
  message: 'The test could not be run',
};

/** Scenarios in which the setup tests don't simply pass. */
export const setupOutcomes = /** @satisfies {Record<string, Scenario>} */ ({
  'failed-tests': {
    description: 'a setup test fails, with a message and details',
    tests: () => [
      connecting,
      {
        ...credentials,
        status: 'FAILED',
        message: 'The source answered 401: the API key was revoked on 2026-01-05',
        details: { http_status: 401, endpoint: 'https://my.15five.com/api/public/user/' },
      },
      { ...permissions, status: 'SKIPPED', message: 'Requires valid credentials' },
    ],
  },
  warning: {
    description: 'a setup test ends with a warning; the connection works',
    tests: () => [
      connecting,
      credentials,
      {
        ...permissions,
        status: 'WARNING',
        message: 'The user may not read 2 of 41 tables; these will be left out',
        details: 'salaries, board_minutes',
      },
    ],
    warnings: [{ code: 'partial_permissions', message: '2 of 41 tables cannot be read' }],
  },
  'job-failed': {
    description: "the setup tests can't be run at first; the second run passes",
    tests: ({ nth }) => (nth === 1 ? [jobFailed] : passingTests),
  },
  'job-failed-always': {
    description: 'the setup tests can never be run',
    tests: () => [jobFailed],
  },
  'incomplete-once': {
    description: 'no test fails, but the connection is connected only after a second run',
    setupState: ({ nth }) => (nth === 1 ? 'incomplete' : 'connected'),
  },
  incomplete: {
    description: 'no test fails; the end user still has to complete the connect card',
    tests: ({ stored }) =>
      stored.cardFinished ? passingTests : [{ title: 'Validating OAuth', status: 'SKIPPED' }],
    setupState: ({ stored }) => (stored.cardFinished ? 'connected' : 'incomplete'),
  },
  broken: {
    description: 'no test fails, but the connection is broken',
    setupState: () => 'broken',
  },
  slow: { description: 'the setup tests pass after 25 seconds', testSeconds: 25 },
});
