import { passingTests } from '../../scenarios/setup.mjs';
import { scenarioNamed } from '../../scenarios.mjs';
import { secretsIn } from './secrets.mjs';
import { startInitialSync } from './syncing.mjs';
import { viewOf } from './view.mjs';

/** @typedef {import('../state.mjs').Fields} Fields */
/** @typedef {import('../state.mjs').State} State */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */

/**
 * One run of a connection's setup tests, from which a scenario derives the results.
 * @typedef {object} TestRun
 * @property {number} nth number of this run for the connection, counted from 1
 * @property {StoredConnection} stored
 * @property {import('../../fixtures.mjs').HostKey[]} unknownHostKeys empty once one is trusted
 * @property {import('../../fixtures.mjs').Certificate[]} unknownCertificates empty once one is trusted
 * @property {string[]} secrets every secret that the API received
 */

/**
 * Runs the setup tests as the connection's scenario defines them, and stores the results.
 * @param {State} state
 * @param {StoredConnection} stored
 * @param {Fields} body the request, for its `trust_*` flags
 */
function runSetupTests(state, stored, body) {
  const scenario = scenarioNamed(stored.scenario);
  stored.testRuns += 1;
  const run = {
    nth: stored.testRuns,
    stored,
    unknownHostKeys: unknown(stored, state.hostKeys, body.trust_fingerprints === true),
    unknownCertificates: unknown(stored, state.certificates, body.trust_certificates === true),
    secrets: [state.apiKey, state.apiSecret, ...secretsIn(stored.sent)],
  };
  stored.tests = scenario.tests?.(run) ?? passingTests;
  stored.setup_state = scenario.setupState?.(run) ?? setupStateAfter(stored);
  return stored.tests;
}

/**
 * @template {{ hash: string }} T
 * @param {StoredConnection} stored
 * @param {T[]} presented
 * @param {boolean} trusted
 */
function unknown(stored, presented, trusted) {
  return trusted || presented.some(({ hash }) => stored.approved.has(hash)) ? [] : presented;
}

/** @param {StoredConnection} stored */
function setupStateAfter(stored) {
  const failed = stored.tests.some(
    ({ status }) => !['PASSED', 'SKIPPED', 'WARNING'].includes(status),
  );
  if (!failed) return 'connected';
  return stored.setup_state === 'incomplete' ? 'incomplete' : 'broken';
}

/**
 * The answer's parts for a request that runs the setup tests unless it disables them.
 * @param {State} state
 * @param {StoredConnection} stored
 * @param {Fields} body
 * @param {Fields} [extra] further fields of the answer
 */
export function viewAfterTests(state, stored, body, extra = {}) {
  const tested = body.run_setup_tests !== false;
  const tests = tested ? { setup_tests: runSetupTests(state, stored, body) } : {};
  startInitialSync(state, stored);
  const { testSeconds = 0 } = scenarioNamed(stored.scenario);
  const data = viewOf(state, stored, { ...extra, ...tests });
  return { data, delayMs: tested ? testSeconds * 1000 : 0 };
}
