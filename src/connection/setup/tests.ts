import { CancelledError, FivetranError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { unlessGone } from '../changes.ts';
import { type Context, observe } from '../state.ts';
import { couldNotRun, failedTests } from './grade.ts';
import { approvePinned } from './trust.ts';

/** How often the tests run again because one of them could not run. */
const maxReruns = 2;

/** The connection with the results of its setup tests. */
export type Tested = {
  connection: Connection;
  /**
   * Whether a host key or certificate was, or may have been, approved and the tests have not reported
   * since: the results from before say nothing, and were dropped.
   */
  isOutdated: boolean;
  /** Why the results are not final. */
  error?: FivetranError | CancelledError;
};

/**
 * Runs the setup tests until their results are final, unless the spec says not to: once where Fivetran
 * has not tested the connection yet; again after approving a pinned host key or
 * certificate, at most twice when a test itself could not run (`JOB_FAILED`), and once when none failed
 * but Fivetran still reports the connection as incomplete, as it may right after the creation. What
 * goes wrong on the way is part of the result, because the results so far still count.
 */
export async function runSetupTests(
  given: { connection: Connection; isTested: boolean },
  spec: PresentSpec,
  ctx: Context,
): Promise<Tested> {
  const { state, log } = ctx;
  const tested: Tested = { connection: given.connection, isOutdated: false };
  if (spec.request.run_setup_tests === false) return tested;
  const approved = new Set<string>();
  let known = 0;
  let reruns = 0;
  let isCompleted = false;
  const run = async (): Promise<Connection> => {
    const response = await ctx.fivetran.test(tested.connection.id, trustOptions(spec.request));
    // Without results, those from before an approval stay outdated.
    if (response.setup_tests.length > 0) known = approved.size;
    tested.connection = observe(response, ctx);
    return response;
  };
  try {
    if (!given.isTested) await run();
    for (;;) {
      const { connection } = tested;
      if (connection.setup_tests.length === 0) return tested;
      const stuck = connection.setup_tests.filter(couldNotRun);
      await approvePinned(connection, { pins: spec, approved }, ctx);
      if (approved.size > known) {
        log('Running the setup tests again.');
      } else if (stuck.length > 0 && reruns < maxReruns) {
        reruns++;
        const titles = stuck.map(({ title }) => title).join(', ');
        log(
          `These setup tests could not run (JOB_FAILED): ${titles}. Running the setup tests again (${reruns} of ${maxReruns}).`,
        );
      } else if (!isCompleted && isIncomplete(connection)) {
        isCompleted = true;
        log(
          'No setup test failed, but the connection is still incomplete. Running the setup tests once more.',
        );
      } else {
        return tested;
      }
      const response = await run();
      if (response.setup_tests.length > 0) continue;
      return approved.size > known ? outdated({ ...tested, error: unknownSetup }, ctx) : tested;
    }
  } catch (thrown) {
    const error = unlessGone(thrown, ctx);
    if (!(error instanceof FivetranError || error instanceof CancelledError)) throw error;
    const end = { ...tested, connection: state.connection ?? given.connection, error };
    return approved.size > known ? outdated(end, ctx) : end;
  }
}

const unknownSetup = new FivetranError({
  message:
    'The setup tests ran again after the approval, but Fivetran did not return their results, so it is unknown whether the setup works.',
  shortReason: 'setup unknown',
  hint: 'Run the step again with if_exists: update.',
});

/** Drops the results from before an approval. */
function outdated(tested: Tested, ctx: Context): Tested {
  const connection = { ...tested.connection, setup_tests: [] };
  ctx.state.connection = connection;
  return { ...tested, connection, isOutdated: true };
}

const trustOptions = ({ trust_certificates, trust_fingerprints }: PresentSpec['request']) => ({
  trust_certificates,
  trust_fingerprints,
});

const isIncomplete = (connection: Connection): boolean =>
  connection.status.setup_state === 'incomplete' && failedTests(connection).length === 0;
