import { FivetranError } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { ConnectionSpec, PresentSpec } from '../inputs/spec.ts';
import { absent } from './absent.ts';
import { unlessGone } from './changes.ts';
import { typeVariables } from './metadata/variables.ts';
import { present } from './present.ts';
import { beforeSelection, completeSelection } from './selection/complete.ts';
import { requestConnectCard } from './setup/connect-card.ts';
import { failedTests, setupFailed } from './setup/grade.ts';
import { applyOnFailedTests } from './setup/on-failed-tests.ts';
import { runSetupTests } from './setup/tests.ts';
import type { Context } from './state.ts';
import { waitForSync } from './sync/start.ts';

/**
 * Brings one connection to its spec. A sync is separate, because a manifest waits for all of them
 * together.
 *
 * @throws FivetranError when that fails; `ctx.state` then holds what is known
 * @throws CancelledError when the run is cancelled
 */
export async function reconcile(spec: ConnectionSpec, ctx: Context): Promise<void> {
  if (spec.state === 'absent') return absent(spec, ctx);
  try {
    await reconcilePresent(spec, ctx);
  } catch (error) {
    throw unlessGone(error, ctx);
  }
}

async function reconcilePresent(given: PresentSpec, ctx: Context): Promise<void> {
  const spec = await typeVariables(given, ctx);
  const tested = await runSetupTests(await present(spec, ctx), spec, ctx);
  ctx.logTests(tested.connection);
  if (!tested.error) await requestConnectCard(tested.connection, spec, ctx);
  if (tested.isOutdated || setupFailed(tested.connection)) {
    await applyOnFailedTests(tested, spec, ctx);
  }
  if (tested.error) throw spec.selection ? beforeSelection(tested.error, ctx) : tested.error;
  if (spec.selection) await completeSelection(tested.connection, spec, ctx);
}

/**
 * Starts a sync and waits for its end, when the spec asks for it and the setup is sound.
 *
 * @throws FivetranError when the sync cannot be started or observed
 * @throws CancelledError when the run is cancelled
 */
export async function syncIfWanted(spec: ConnectionSpec, ctx: Context): Promise<void> {
  const { connection, result, isSelected } = ctx.state;
  if (spec.state !== 'present' || !spec.wait_for_sync || !connection) return;
  // A reused connection may be broken although its tests pass: a sync shows whether it still is.
  const isSound =
    result === 'reused' ? failedTests(connection).length === 0 : !setupFailed(connection);
  if (!isSound) return;
  if (spec.selection && !isSelected) throw withoutSelection(connection);
  await waitForSync(connection, spec.wait_for_sync, { spec, ctx });
}

const withoutSelection = ({ id, isPaused }: Connection): FivetranError =>
  new FivetranError({
    message: isPaused
      ? `Connection ${id} stays paused and no sync was started, because its selection is not what schemas says.`
      : `No sync was started, because the selection of connection ${id} is not what schemas says.`,
    shortReason: 'its selection is not what schemas says',
  });
