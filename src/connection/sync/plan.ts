import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { pluralize } from '../../text/format.ts';
import type { DryRun } from '../results.ts';
import { willUnpause } from '../will-unpause.ts';

/** Adds the sync that a spec waits for to a dry run, or the problem that it cannot start. */
export function planSync(spec: PresentSpec, existing: Connection | undefined, found: DryRun): void {
  if (!spec.wait_for_sync) return;
  const reason = existing && reasonAgainstSync(spec, existing, found);
  if (reason) {
    found.problems.push(`Connection ${existing.id} cannot sync: ${reason}.`);
    return;
  }
  const { timeoutMinutes } = spec.wait_for_sync;
  found.steps.push(
    `Start a sync and wait up to ${pluralize(timeoutMinutes, 'minute')} until it has succeeded.`,
  );
}

/** Why a real run is known not to start a sync of an existing connection. */
function reasonAgainstSync(
  spec: PresentSpec,
  existing: Connection,
  { fieldChanges }: DryRun,
): string | undefined {
  const { if_exists, request, selection } = spec;
  // With a selection, an update leaves it paused until the selection is applied.
  const isKept = selection !== undefined && existing.isPaused;
  const wanted = if_exists === 'update' && !isKept ? request.paused : undefined;
  if (!willUnpause(spec, existing) && (wanted ?? existing.isPaused)) return 'it is paused';
  const { setup_state } = existing.status;
  const isUntested = request.run_setup_tests === false && fieldChanges.length === 0;
  return isUntested && setup_state === 'incomplete' ? 'its setup is incomplete' : undefined;
}
