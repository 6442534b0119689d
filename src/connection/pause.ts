import { FivetranError, OutcomeUnknownError } from '../fivetran/http/errors.ts';
import { readAfter } from './read-after.ts';
import { type Context, observe, tracking } from './state.ts';

/**
 * Pauses or unpauses a connection without running its setup tests. When the outcome is unknown,
 * reads the connection once.
 *
 * @throws FivetranError when that failed, or when its outcome is unknown
 */
export async function setPaused(id: string, paused: boolean, context: Context): Promise<void> {
  const { fivetran, state } = context;
  try {
    const fields = { paused, run_setup_tests: false };
    observe(state, await fivetran.update(id, fields, tracking(state, 'update')));
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    const connection = await readAfter(error, id, context);
    state.inFlight = undefined;
    if (!connection) {
      throw new FivetranError(error).followedBy(`Connection ${id} no longer exists.`);
    }
    if (observe(state, connection).isPaused === paused) return;
    const found = paused ? 'not paused' : 'still paused';
    const message = `${error.message} It was ${found} when it was read afterwards; the change may still take effect.`;
    throw new FivetranError({ ...error, message }, { cause: error });
  }
}
