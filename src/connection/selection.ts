import type { PresentSpec } from '../inputs/spec.ts';
import { setupFailed } from './grade.ts';
import { isPaused, setPaused } from './pause.ts';
import { applySelection } from './schemas/apply.ts';
import { hasNeverSynced } from './schemas/reload.ts';
import { type Context, warn } from './state.ts';

/**
 * Applies the selection of schemas, tables and columns, then unpauses the connection.
 * It never runs with a selection that differs from the spec.
 *
 * @throws FivetranError when the selection cannot be applied; the connection then stays paused
 */
export async function completeSelection(spec: PresentSpec, context: Context): Promise<void> {
  const { state, log } = context;
  const { connection } = state;
  if (!spec.selection || !connection) return;
  const { id } = connection;
  const isCreated = state.change === 'created';
  const { setup_state } = connection.status;
  if (setup_state !== 'connected' || setupFailed(connection)) {
    if (state.cleanup === 'deleted') return;
    const stays = isCreated || isPaused(connection) ? ' It stays paused.' : '';
    warn(
      context,
      `The selection of schemas was not applied, because the setup of connection ${id} is incomplete.` +
        `${stays} Complete it, then run the step again with if_exists: update.`,
    );
    return;
  }
  const hasChanged = await applySelection(spec, context);
  if (hasChanged && state.change === 'reused') state.change = 'updated';
  if (spec.request.paused === true) return;
  // A connection that this step created is paused, whether or not the answer says so.
  if (!isCreated && !(isPaused(state.connection ?? connection) && mayUnpause(spec, context)))
    return;
  await setPaused(id, false, context);
  log(`Unpaused connection ${id}: its selection is applied.`);
}

/**
 * Whether the step may unpause a connection that existed before: one that the spec does not want
 * paused, or one that has never synced because its first run was interrupted.
 */
function mayUnpause({ if_exists, request }: PresentSpec, { state }: Context): boolean {
  const { connection } = state;
  if (if_exists !== 'update') return false;
  return request.paused === false || (connection !== undefined && hasNeverSynced(connection));
}
