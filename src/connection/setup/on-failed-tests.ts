import { FivetranError, OutcomeUnknownError } from '../../fivetran/http/errors.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { remove } from '../absent.ts';
import { compareWithRequest } from '../likeness.ts';
import { setPaused } from '../pause.ts';
import { type Context, note, type State, warn } from '../state.ts';

/**
 * Pauses or deletes a connection that this step created and whose setup failed, as `on_failed_tests`
 * says. A connection that may not be this step's is kept. A failure to do so becomes a warning.
 */
export async function applyOnFailedTests(spec: PresentSpec, context: Context): Promise<void> {
  const { state } = context;
  const { connection, result } = state;
  const { on_failed_tests } = spec;
  if (!connection || result !== 'created' || on_failed_tests === 'keep') return;
  const { id } = connection;
  const differing = fieldsThatDiffer(spec, state);
  if (differing.length > 0) {
    warn(
      context,
      `Connection ${id} is left unchanged despite on_failed_tests: ${on_failed_tests}. The answer to its create was lost, ` +
        `and Fivetran shows other values than the request had (${differing.join(', ')}), so another client may have created it.`,
    );
    return;
  }
  try {
    if (on_failed_tests === 'delete') {
      await remove(id, context);
      state.cleanup = 'deleted';
      note(context, `Deleted connection ${id} because its setup failed (on_failed_tests: delete).`);
    } else {
      await setPaused(id, true, context);
      state.cleanup = 'paused';
      note(context, `Paused connection ${id} because its setup failed (on_failed_tests: pause).`);
    }
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    const done = on_failed_tests === 'delete' ? 'deleted' : 'paused';
    const doubt = ` It is unknown whether connection ${id} was ${done}.`;
    warn(context, `${error.message}${error instanceof OutcomeUnknownError ? doubt : ''}`);
  }
}

/**
 * The fields of the request that the connection lacks or has with another value. Empty when the
 * create was answered: the step certainly created the connection.
 */
function fieldsThatDiffer(spec: PresentSpec, { connection, origin }: State): string[] {
  if (origin !== 'found' || !connection) return [];
  const { different, missing } = compareWithRequest(spec, connection);
  return [...different, ...missing];
}
