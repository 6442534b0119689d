import { passingTests, scenarioNamed } from '../scenarios.mjs';
import { secretsIn } from './secrets.mjs';
import { viewOf } from './view.mjs';

/** @typedef {import('./store.mjs').Fields} Fields */
/** @typedef {import('./store.mjs').Stored} Stored */
/** @typedef {import('./store.mjs').World} World */

/**
 * What a scenario decides the outcome of setup tests by.
 * @typedef {object} TestRun
 * @property {number} nth which run of this connection's tests it is, counted from 1
 * @property {Stored} stored
 * @property {import('../fixtures.mjs').HostKey[]} unknownHostKeys empty once one is trusted
 * @property {import('../fixtures.mjs').Certificate[]} unknownCertificates empty once one is trusted
 * @property {string[]} secrets all that the API was sent
 */

/**
 * Runs the setup tests of a connection, as its scenario has it, and stores how they ended.
 * @param {World} world
 * @param {Stored} stored
 * @param {Fields} body the request; its `trust_*` flags count
 */
function runSetupTests(world, stored, body) {
  const scenario = scenarioNamed(stored.scenario);
  stored.testRuns += 1;
  const run = {
    nth: stored.testRuns,
    stored,
    unknownHostKeys: unknown(stored, world.hostKeys, body.trust_fingerprints === true),
    unknownCertificates: unknown(stored, world.certificates, body.trust_certificates === true),
    secrets: [world.apiKey, world.apiSecret, ...secretsIn(stored.sent)],
  };
  stored.tests = scenario.tests?.(run) ?? passingTests();
  stored.setup_state = scenario.setupState?.(run) ?? setupStateAfter(stored);
  return stored.tests;
}

/**
 * @template {{ hash: string }} T
 * @param {Stored} stored
 * @param {T[]} presented
 * @param {boolean} trusted
 */
function unknown(stored, presented, trusted) {
  return trusted || presented.some(({ hash }) => stored.approved.has(hash)) ? [] : presented;
}

/** @param {Stored} stored */
function setupStateAfter(stored) {
  const failed = stored.tests.some(
    ({ status }) => !['PASSED', 'SKIPPED', 'WARNING'].includes(status),
  );
  if (!failed) return 'connected';
  return stored.setup_state === 'incomplete' ? 'incomplete' : 'broken';
}

/**
 * The parts of the answer to a request that runs the setup tests unless it says not to.
 * @param {World} world
 * @param {Stored} stored
 * @param {Fields} body
 * @param {Fields} [extra] what else the answer has
 */
export function testedView(world, stored, body, extra = {}) {
  if (body.run_setup_tests === false) return { data: viewOf(world, stored, extra), delayMs: 0 };
  const setup_tests = runSetupTests(world, stored, body);
  const { testSeconds = 0 } = scenarioNamed(stored.scenario);
  return { data: viewOf(world, stored, { ...extra, setup_tests }), delayMs: testSeconds * 1000 };
}
