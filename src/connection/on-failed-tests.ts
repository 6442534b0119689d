import { FivetranError, OutcomeUnknownError } from '../fivetran/errors.ts';
import type { ConnectionSpec } from '../inputs/fields.ts';
import { remove } from './absent.ts';
import { type Context, observe } from './state.ts';

/**
 * Does with a connection that this step created, and whose setup failed, what `on_failed_tests` says.
 * When that can't be done it is told, and the connection stays.
 */
export async function applyOnFailedTests(spec: ConnectionSpec, context: Context): Promise<void> {
  const { fivetran, state, say } = context;
  const { connection } = state;
  if (!connection || !state.made || spec.on_failed_tests === 'keep') return;
  const { id } = connection;
  const tell = (remark: string): void => {
    state.notes.push(remark);
    say(remark);
  };
  try {
    if (spec.on_failed_tests === 'pause') {
      observe(state, await fivetran.update(id, { paused: true, run_setup_tests: false }));
      tell(`Connection ${id} was paused, as on_failed_tests says.`);
    } else {
      await remove(id, context);
      state.result = 'deleted';
      tell(`Connection ${id} was deleted again, as on_failed_tests says.`);
    }
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    const what = `on_failed_tests: ${spec.on_failed_tests}`;
    const fate =
      error instanceof OutcomeUnknownError
        ? `it is not known whether ${what} was carried out`
        : `${what} was not carried out`;
    tell(`${error.message} So ${fate}.`);
  }
}
