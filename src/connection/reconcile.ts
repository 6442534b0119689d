import type { Clock } from '../fivetran/clock.ts';
import { FivetranError } from '../fivetran/errors.ts';
import type { ConnectionSpec } from '../inputs/fields.ts';
import { absent } from './absent.ts';
import { planDryRun } from './dry-run.ts';
import { applyOnFailedTests } from './on-failed-tests.ts';
import { present } from './present.ts';
import { failedTests } from './setup-tests.ts';
import type { Context, State } from './state.ts';
import { waitForSync } from './sync.ts';

/**
 * Brings one connection to what the wish says, however often it is called; `tools.progress` then
 * says what became of it. The sync that a wish may ask for comes after: `syncAsWished`.
 *
 * @throws FivetranError, CancelledError when it can't be brought to its end
 */
export async function reconcile(spec: ConnectionSpec, context: Context): Promise<void> {
  if (spec.dry_run) return planDryRun(spec, context);
  if (spec.state === 'absent') return absent(spec, context);
  try {
    await present(spec, context);
  } catch (error) {
    // Something after the failed tests was refused, and they have failed all the same.
    const settled = error instanceof FivetranError && setupFailed(context.state);
    if (settled) await applyOnFailedTests(spec, context);
    throw error;
  }
  if (setupFailed(context.state)) await applyOnFailedTests(spec, context);
}

/**
 * Starts the sync of a connection that converged, and waits for its end, when the wish says so.
 *
 * @throws FivetranError, CancelledError when there is no telling how it ended
 */
export async function syncAsWished(
  spec: ConnectionSpec,
  context: Context,
  clock: Clock,
): Promise<void> {
  const { state } = context;
  const wished = spec.wait_for_sync && spec.state === 'present' && !spec.dry_run;
  const ready = state.connection && state.error === undefined && !setupFailed(state);
  if (wished && ready) await waitForSync(spec, context, clock);
}

const setupFailed = ({ connection }: State): boolean =>
  failedTests(connection).length > 0 || connection?.status.setup_state === 'broken';
