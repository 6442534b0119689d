import { FivetranError } from '../fivetran/http/errors.ts';
import type { ConnectionSpec, PresentSpec } from '../inputs/spec.ts';
import { absent } from './absent.ts';
import { present } from './present.ts';
import { completeSelection, selectionError } from './selection/complete.ts';
import { failedTests, setupFailed } from './setup/grade.ts';
import { applyOnFailedTests } from './setup/on-failed-tests.ts';
import type { Context } from './state.ts';
import { waitForSync } from './sync/start.ts';

/**
 * Brings one connection to its spec. The result is in `context.state`. Syncing is separate, see
 * `syncIfWanted`.
 *
 * @throws FivetranError when that fails
 * @throws CancelledError when the run is cancelled
 */
export async function reconcile(spec: ConnectionSpec, context: Context): Promise<void> {
  if (spec.state === 'absent') return absent(spec, context);
  if (!spec.selection) return establish(spec, context);
  try {
    await establish(spec, context);
  } catch (error) {
    const { result, cleanup, inFlight } = context.state;
    if (result !== 'created' || cleanup === 'deleted' || inFlight === 'delete') throw error;
    throw selectionError(error, context);
  }
  await completeSelection(spec, context);
}

/** Makes the connection exist with its setup tests run, and handles failed ones. */
async function establish(spec: PresentSpec, context: Context): Promise<void> {
  const { state, onTestsFinal } = context;
  const finishTests = async (): Promise<void> => {
    if (state.connection) await onTestsFinal(state.connection);
    if (setupFailed(state.connection)) await applyOnFailedTests(spec, context);
  };
  try {
    await present(spec, context);
  } catch (error) {
    // A request after the tests failed as well; that the tests failed still counts.
    if (error instanceof FivetranError && setupFailed(state.connection)) await finishTests();
    throw error;
  }
  await finishTests();
}

/**
 * Starts a sync and waits for its end, when the spec asks for it and the setup is sound.
 *
 * @throws FivetranError when the sync cannot be started or observed
 * @throws CancelledError when the run is cancelled
 */
export async function syncIfWanted(spec: ConnectionSpec, context: Context): Promise<void> {
  const { state } = context;
  const { connection, result, error } = state;
  if (spec.state !== 'present' || !spec.wait_for_sync || !connection || error !== undefined) return;
  // A reused connection may be broken although its tests pass: a sync shows whether it still is.
  const isSound =
    result === 'reused' ? failedTests(connection).length === 0 : !setupFailed(connection);
  if (!isSound) return;
  if (spec.selection && !state.isSelected) {
    const { id } = connection;
    throw new FivetranError({
      shortReason: 'its selection is not what schemas says',
      message: connection.isPaused
        ? `Connection ${id} stays paused and no sync was started, because its selection is not what schemas says.`
        : `No sync was started, because the selection of connection ${id} is not what schemas says.`,
    });
  }
  await waitForSync(spec, context);
}
