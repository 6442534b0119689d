import { CancelledError, FivetranError, OutcomeUnknownError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { setPaused } from '../changes.ts';
import { followUps, known } from '../plan/follow-ups.ts';
import { unpausing } from '../plan/request-diff.ts';
import { setupFailed } from '../setup/grade.ts';
import { type Context, countAsUpdated, warn } from '../state.ts';
import { applySelection } from './apply.ts';

/**
 * Applies the selection of schemas, tables and columns, then unpauses the connection.
 * A new connection never runs with a selection that differs from the spec.
 *
 * @throws FivetranError when the selection cannot be applied, or the connection cannot be unpaused
 */
export async function completeSelection(
  connection: Connection,
  spec: PresentSpec,
  ctx: Context,
): Promise<void> {
  const { state, log } = ctx;
  const { id } = connection;
  if (connection.status.setup_state !== 'connected' || setupFailed(connection)) {
    if (state.cleanup === 'deleted' || state.isGone) return;
    const stays = staysPaused(ctx) ? ' It stays paused.' : '';
    warn(
      `The selection of schemas was not applied, because the setup of connection ${id} has not succeeded.` +
        `${stays} Once it has, run the step again with if_exists: update.`,
      ctx,
    );
    return;
  }
  try {
    await applySelection(connection, spec, ctx);
  } catch (error) {
    throw selectionError(error, ctx);
  }
  const latest = state.connection ?? connection;
  // A connection that this step created is paused, also where the response does not say so.
  const isPaused = latest.isPaused || (state.result === 'created' && latest.paused === undefined);
  if (!followUps(spec, { ...known(latest, state.result), isPaused }).unpauses) return;
  try {
    await setPaused(id, { paused: false }, ctx);
  } catch (error) {
    throw unpauseError(error, ctx);
  }
  countAsUpdated(state);
  if (state.result === 'updated') state.fieldChanges = [...(state.fieldChanges ?? []), unpausing];
  log(`Unpaused connection ${id}: its selection is applied.`);
}

/**
 * An error before the selection. Of a connection that this step created, it says that it stays
 * paused.
 */
export const beforeSelection = (error: unknown, ctx: Context): unknown => {
  const { result, cleanup, inFlight } = ctx.state;
  const isKept = result === 'created' && cleanup !== 'deleted' && inFlight !== 'delete';
  return isKept ? selectionError(error, ctx) : error;
};

/**
 * An error before the selection is applied. The state says why the connection stays paused; where it
 * does not, the error begins with what is known of it.
 */
function selectionError(error: unknown, ctx: Context): unknown {
  const { state } = ctx;
  const { connection, isGone } = state;
  if (isGone) return error;
  if (staysPaused(ctx)) {
    state.pausedBecause = 'its selection could not be completed';
    return error;
  }
  return prefixed(
    error,
    connection?.paused === false
      ? `Connection ${connection.id} is not paused, and its selection could not be completed: `
      : `The selection of connection ${connection?.id} could not be completed: `,
  );
}

/** An error of unpausing the connection after its selection was applied. */
function unpauseError(error: unknown, ctx: Context): unknown {
  const { state } = ctx;
  if (state.isGone) return error;
  const isUnknown =
    !staysPaused(ctx) ||
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

const prefixed = (error: unknown, prefix: string): unknown =>
  error instanceof CancelledError || error instanceof FivetranError ? error.after(prefix) : error;
