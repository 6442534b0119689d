import { CancelledError, FivetranError, OutcomeUnknownError } from '../../fivetran/http/errors.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { setPaused } from '../pause.ts';
import { setupFailed } from '../setup/grade.ts';
import { type Context, countAsUpdated, warn } from '../state.ts';
import { willUnpause } from '../will-unpause.ts';
import { applySelection } from './apply.ts';

/**
 * Applies the selection of schemas, tables and columns, then unpauses the connection.
 * A new connection never runs with a selection that differs from the spec.
 *
 * @throws FivetranError when the selection cannot be applied, or the connection cannot be unpaused
 */
export async function completeSelection(spec: PresentSpec, context: Context): Promise<void> {
  const { state, log } = context;
  const { connection } = state;
  if (!spec.selection || !connection) return;
  const { id } = connection;
  const isCreated = state.result === 'created';
  const { setup_state } = connection.status;
  if (setup_state !== 'connected' || setupFailed(connection)) {
    if (state.cleanup === 'deleted') return;
    const stays = staysPaused(context) ? ' It stays paused.' : '';
    warn(
      context,
      `The selection of schemas was not applied, because the setup of connection ${id} has not succeeded.` +
        `${stays} Once it has, run the step again with if_exists: update.`,
    );
    return;
  }
  try {
    await applySelection(spec, context);
  } catch (error) {
    throw selectionError(error, context);
  }
  // A connection that this step created is paused, unless the answer says otherwise.
  const isUnpaused = isCreated
    ? spec.request.paused !== true && state.connection?.paused !== false
    : willUnpause(spec, state.connection ?? connection);
  if (!isUnpaused) return;
  try {
    await setPaused(id, false, context);
  } catch (error) {
    throw unpauseError(error, context);
  }
  countAsUpdated(state);
  log(`Unpaused connection ${id}: its selection is applied.`);
}

/** An error before the selection is applied. It first says whether the connection is paused. */
export function selectionError(error: unknown, context: Context): unknown {
  const { connection } = context.state;
  const name = `Connection ${connection?.id}`;
  if (staysPaused(context)) {
    return prefixed(error, `${name} stays paused, because its selection could not be completed: `);
  }
  return prefixed(
    error,
    connection?.paused === false
      ? `${name} is not paused, and its selection could not be completed: `
      : `The selection of connection ${connection?.id} could not be completed: `,
  );
}

/** An error of unpausing the connection after its selection was applied. */
function unpauseError(error: unknown, context: Context): unknown {
  const { state } = context;
  const isUnknown =
    !staysPaused(context) ||
    state.inFlight !== undefined ||
    (error instanceof Error && error.cause instanceof OutcomeUnknownError);
  const id = state.connection?.id;
  return prefixed(
    error,
    isUnknown
      ? `The selection of connection ${id} is applied, but the connection may still be paused: `
      : `Connection ${id} stays paused, although its selection is applied: `,
  );
}

/** Whether the connection is known to be paused, or this step created it so. */
function staysPaused({ state: { connection, result } }: Context): boolean {
  if (!connection) return false;
  return connection.isPaused || (result === 'created' && connection.paused === undefined);
}

function prefixed(error: unknown, prefix: string): unknown {
  if (error instanceof CancelledError) {
    return new CancelledError(`${prefix}${error.message}`, { cause: error });
  }
  return error instanceof FivetranError ? error.after(prefix) : error;
}
