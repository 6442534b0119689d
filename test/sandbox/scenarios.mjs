import { hostile, hostileError } from './scenarios/hostile.mjs';
import { oddAnswer } from './scenarios/odd-answer.mjs';
import { refusals } from './scenarios/refusals.mjs';
import { setupOutcomes } from './scenarios/setup.mjs';
import { syncOutcomes } from './scenarios/sync.mjs';
import { certificateUnknown, hostKeyUnknown } from './scenarios/trust.mjs';

/** @typedef {import('./api/state.mjs').Fields} Fields */
/** @typedef {import('./api/state.mjs').SetupTest} SetupTest */
/** @typedef {import('./api/connection/setup-tests.mjs').TestRun} TestRun */
/** @typedef {{ code: string, message: string, details?: string }} Notice */

/**
 * How a sync ends. `rescheduled`: the first one is rescheduled, the next one succeeds. `cancelled`:
 * without a result. `breaks`: the connection becomes broken, without a result. `repairs`: it
 * succeeds and a broken connection becomes connected.
 * @typedef {'succeeds' | 'fails' | 'never-ends' | 'rescheduled' | 'cancelled' | 'breaks'
 *   | 'repairs'} SyncEnding
 */

/**
 * What happens to one connection, or to every request. Whatever a scenario leaves out succeeds.
 * @typedef {object} Scenario
 * @property {string} description one line
 * @property {(run: TestRun) => SetupTest[]} [tests]
 * @property {(run: TestRun) => string} [setupState]
 * @property {number} [testSeconds] duration of a request that runs setup tests
 * @property {Notice[]} [tasks]
 * @property {Notice[]} [warnings]
 * @property {(view: Fields) => Fields} [reshape] changes a connection in an answer
 * @property {SyncEnding} [sync]
 * @property {true} [startsSyncing] a sync is running as soon as the connection is ready for one
 * @property {number} [staleAfterUnpause] how many reads still show `paused` after unpausing
 * @property {true} [nameTaken] the connection to be created already exists
 * @property {(request: RefusableRequest) => import('./api/replies.mjs').Answer | undefined} [refuse]
 */

/**
 * A request that a scenario may refuse.
 * @typedef {object} RefusableRequest
 * @property {number} nth how many such requests there have been, this one included
 * @property {string[]} secrets every secret that the API received
 */

/** @type {Record<string, Scenario>} */
const scenarios = {
  connected: { description: 'all setup tests pass' },
  ...setupOutcomes,
  'host-key-unknown': hostKeyUnknown,
  'certificate-unknown': certificateUnknown,
  ...syncOutcomes,
  ...refusals,
  'odd-answer': oddAnswer,
  hostile,
  'hostile-error': hostileError,
};

/** The names of all scenarios. */
export const scenarioNames = Object.keys(scenarios);

/**
 * Looks up a scenario.
 * @param {string} name
 * @throws {RangeError} when there is no scenario of that name
 */
export function scenarioNamed(name) {
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (scenario === undefined) {
    throw new RangeError(`Unknown scenario '${name}'. Scenarios: ${scenarioNames.join(', ')}`);
  }
  return scenario;
}
