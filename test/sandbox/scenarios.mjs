import { hostile, hostileError } from './scenarios/hostile.mjs';
import { oddAnswer } from './scenarios/odd-answer.mjs';
import { refusals } from './scenarios/refusals.mjs';
import { certificateUnknown, hostKeyUnknown } from './scenarios/trust.mjs';

/** @typedef {import('./api/store.mjs').Fields} Fields */
/** @typedef {import('./api/store.mjs').SetupTest} SetupTest */
/** @typedef {import('./api/setup-tests.mjs').TestRun} TestRun */

/**
 * How one connection, or the API as a whole, fares. What is left out goes well.
 * @typedef {object} Scenario
 * @property {string} description one line
 * @property {(run: TestRun) => SetupTest[]} [tests]
 * @property {(run: TestRun) => string} [setupState]
 * @property {number} [testSeconds] how long a request takes that runs setup tests
 * @property {{ code: string, message: string, details?: string }[]} [tasks]
 * @property {{ code: string, message: string, details?: string }[]} [warnings]
 * @property {(view: Fields) => Fields} [reshape] the last word on a connection in an answer
 * @property {'fails' | 'never-ends'} [sync]
 * @property {boolean} [nameTaken] the connection that is to be made is there already
 * @property {(request: Refusable) => import('./api/replies.mjs').Answer | undefined} [refuse]
 */

/**
 * A request that a scenario may refuse.
 * @typedef {object} Refusable
 * @property {number} nth how often this scenario saw a request like it, counted from 1
 * @property {string[]} secrets all that the API was sent
 */

/** The tests of a source with which everything is right. */
export const passingTests = () => [
  { title: 'Connecting to the source', status: 'PASSED', message: '' },
  { title: 'Validating credentials', status: 'PASSED', message: '' },
  { title: 'Checking permissions', status: 'PASSED', message: '' },
];

const jobFailed = {
  title: 'Connecting to the source',
  status: 'JOB_FAILED',
  message: 'The test could not be run',
};

/** @type {Record<string, Scenario>} */
const scenarios = {
  connected: { description: 'all setup tests pass' },
  'failed-tests': {
    description: 'a setup test fails, with a message and details',
    tests: () => [
      { title: 'Connecting to the source', status: 'PASSED', message: '' },
      {
        title: 'Validating credentials',
        status: 'FAILED',
        message: 'The source answered 401: the API key was revoked on 2026-01-05',
        details: { http_status: 401, endpoint: 'https://my.15five.com/api/public/user/' },
      },
      { title: 'Checking permissions', status: 'SKIPPED', message: 'Needs valid credentials' },
    ],
  },
  warning: {
    description: 'a setup test ends with a warning, the connection works',
    tests: () => [
      ...passingTests().slice(0, 2),
      {
        title: 'Checking permissions',
        status: 'WARNING',
        message: 'The user may not read 2 of 41 tables; these will be left out',
        details: 'salaries, board_minutes',
      },
    ],
    warnings: [{ code: 'partial_permissions', message: '2 of 41 tables cannot be read' }],
  },
  'host-key-unknown': hostKeyUnknown,
  'certificate-unknown': certificateUnknown,
  'job-failed': {
    description: 'the setup tests cannot be run at first, then they pass',
    tests: ({ nth }) => (nth === 1 ? [jobFailed] : passingTests()),
  },
  'job-failed-always': {
    description: 'the setup tests can never be run',
    tests: () => [jobFailed],
  },
  'incomplete-once': {
    description: 'no test fails, but only a second run of them makes it connected',
    setupState: ({ nth }) => (nth === 1 ? 'incomplete' : 'connected'),
  },
  incomplete: {
    description: 'no test fails, but the end user has yet to go through the connect card',
    tests: ({ stored }) =>
      stored.cardFinished ? passingTests() : [{ title: 'Validating OAuth', status: 'SKIPPED' }],
    setupState: ({ stored }) => (stored.cardFinished ? 'connected' : 'incomplete'),
  },
  broken: {
    description: 'no test fails, and yet the connection is broken',
    setupState: () => 'broken',
  },
  slow: { description: 'the setup tests pass, but take 25 seconds', testSeconds: 25 },
  hostile: hostile,
  'odd-answer': oddAnswer,
  'sync-fails': { description: 'the setup tests pass, the sync fails', sync: 'fails' },
  'sync-never-ends': {
    description: 'the setup tests pass, the sync goes on for ever',
    sync: 'never-ends',
  },
  'hostile-error': hostileError,
  ...refusals,
};

/** The names of all scenarios. */
export const scenarioNames = Object.keys(scenarios);

/**
 * The scenario of that name.
 * @param {string} name
 * @throws {RangeError} when there is none
 */
export function scenarioNamed(name) {
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (scenario === undefined) {
    throw new RangeError(`no scenario '${name}', there are: ${scenarioNames.join(', ')}`);
  }
  return scenario;
}
