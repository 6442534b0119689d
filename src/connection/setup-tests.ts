import type { Connection, SetupTest } from '../fivetran/answers.ts';
import type { ConnectionSpec } from '../inputs/fields.ts';
import { type Context, runSetupTests } from './state.ts';
import { approvePinned } from './trust.ts';

/** How a setup test counts. A status that nobody knows counts as failed. */
export type Grade = 'passed' | 'warned' | 'failed';

export const gradeOf = ({ status }: SetupTest): Grade => grades[status.toUpperCase()] ?? 'failed';

const grades: Record<string, Grade> = { PASSED: 'passed', SKIPPED: 'passed', WARNING: 'warned' };

export const failedTests = (connection: Connection | undefined): SetupTest[] =>
  (connection?.setup_tests ?? []).filter((test) => gradeOf(test) === 'failed');

const jobFailed = ({ status }: SetupTest): boolean => status.toUpperCase() === 'JOB_FAILED';

/** How often tests are run again because one of them could not run. */
const maxReruns = 2;

/**
 * Runs the setup tests again where their results are not final: after each pinned host key or
 * certificate that was approved; twice at the most when a test itself could not run (`JOB_FAILED`);
 * and once when none failed and Fivetran still calls the connection incomplete, which it may do right
 * after the creation.
 */
export async function rerunSetupTests(spec: ConnectionSpec, context: Context): Promise<void> {
  const { state, say } = context;
  let reruns = 0;
  let completed = false;
  for (;;) {
    const { connection } = state;
    if (!connection || connection.setup_tests.length === 0) return;
    const stuck = connection.setup_tests.filter(jobFailed);
    if (await approvePinned(connection, spec, context)) {
      say('Running the setup tests again with what was approved.');
    } else if (stuck.length > 0 && reruns < maxReruns) {
      reruns++;
      const titles = stuck.map(({ title }) => title).join(', ');
      say(
        `Could not be run (JOB_FAILED): ${titles}. Running the setup tests again, ${reruns} of ${maxReruns}.`,
      );
    } else if (!completed && isUnfinished(connection)) {
      completed = true;
      say(
        'No setup test failed, and the connection is still incomplete: running the tests once more.',
      );
    } else {
      return;
    }
    await runSetupTests(context, connection.id, spec);
  }
}

const isUnfinished = (connection: Connection): boolean =>
  connection.status.setup_state === 'incomplete' && failedTests(connection).length === 0;
