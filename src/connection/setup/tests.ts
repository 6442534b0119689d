import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { type Context, observe } from '../state.ts';
import { couldNotRun, failedTests } from './grade.ts';
import { approvePinned } from './trust.ts';

/** How often the tests run again because one of them could not run. */
const maxReruns = 2;

/** Runs the setup tests, unless the spec says not to. */
export async function runSetupTests(
  { request }: PresentSpec,
  { fivetran, state }: Context,
): Promise<void> {
  const { run_setup_tests, trust_certificates, trust_fingerprints } = request;
  if (run_setup_tests === false || !state.connection) return;
  const { id } = state.connection;
  observe(state, await fivetran.test(id, { trust_certificates, trust_fingerprints }));
}

/**
 * Runs the setup tests again where their results are not final: after approving a pinned host key or
 * certificate; at most twice when a test itself could not run (`JOB_FAILED`); and once when none failed
 * but Fivetran still reports the connection as incomplete, as it may right after the creation.
 */
export async function rerunSetupTests(spec: PresentSpec, context: Context): Promise<void> {
  if (spec.request.run_setup_tests === false) return;
  const { state, log } = context;
  const approved = new Set<string>();
  let reruns = 0;
  let isCompleted = false;
  for (;;) {
    const { connection } = state;
    if (!connection || connection.setup_tests.length === 0) return;
    const stuck = connection.setup_tests.filter(couldNotRun);
    if (await approvePinned(connection, spec, approved, context)) {
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
      return;
    }
    await runSetupTests(spec, context);
  }
}

const isIncomplete = (connection: Connection): boolean =>
  connection.status.setup_state === 'incomplete' && failedTests(connection).length === 0;
