import type { Failure } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { FieldChange } from './plan/diff.ts';
import type { Cleanup, DryRun, InFlight, SelectionCounts, SyncEnd } from './results.ts';
import type { SelectionChange } from './selection/diff.ts';
import type { State } from './state.ts';

/** The end of the work on one connection, for the report. */
export type Outcome = {
  subject: string;
  notes: string[];
  connection?: Connection | undefined;
  /** Whether Fivetran said that the connection no longer exists, although the step did not delete it. */
  isGone?: boolean | undefined;
  /** A request whose outcome stayed unknown; after `create`, a connection may still appear. */
  inFlight?: InFlight | undefined;
  /** What the step changed about the selection, or would change in a dry run. */
  selectionChanges?: SelectionChange[] | undefined;
} & (
  | ({ kind: 'dry-run' } & DryRun)
  | { kind: 'absent' }
  | { kind: 'deleted'; connection: Connection }
  | {
      kind: 'present';
      result: 'created' | 'updated' | 'reused';
      connection: Connection;
      fieldChanges?: FieldChange[] | undefined;
      cleanup?: Cleanup | undefined;
      /** What `on_failed_tests` asked for, when it is unknown whether it was done. */
      unknownCleanup?: 'pause' | 'delete' | undefined;
      selection?: SelectionCounts | undefined;
      sync?: SyncEnd | undefined;
    }
  | {
      kind: 'failed';
      error: Failure;
      /** Why the connection stays paused, as it stands after "because", when that is the step's doing. */
      pausedBecause?: string | undefined;
      result?: State['result'];
      fieldChanges?: FieldChange[] | undefined;
      cleanup?: Cleanup | undefined;
      selection?: SelectionCounts | undefined;
    }
);

/** Turns the state of a connection into its outcome once the work has ended. */
export function outcomeOf(state: Readonly<State>): Outcome {
  const { subject, connection, result, fieldChanges, cleanup, inFlight, dryRun } = state;
  const { selection, selectionChanges, sync, error, isGone, unknownCleanup, pausedBecause } = state;
  const notes = [...state.notes];
  const known = { subject, notes, connection, isGone, inFlight, selectionChanges };
  if (error) {
    const parts = { error, fieldChanges, cleanup, pausedBecause, selection };
    // A connection that may have been updated is not known to be as it was.
    const isUnsure = inFlight === 'update' && result === 'reused';
    return { ...known, kind: 'failed', ...parts, result: isUnsure ? undefined : result };
  }
  if (dryRun) return { ...known, kind: 'dry-run', ...dryRun };
  if (result === 'absent') return { ...known, kind: 'absent' };
  if (connection && result === 'deleted') return { ...known, kind: 'deleted', connection };
  if (connection && result && result !== 'deleted') {
    const parts = { result, fieldChanges, connection, cleanup, unknownCleanup, selection, sync };
    return { ...known, kind: 'present', ...parts };
  }
  const nothing = { message: 'Nothing was done.', shortReason: 'nothing was done' };
  return { ...known, kind: 'failed', error: nothing, result };
}
