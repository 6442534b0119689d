import type { Connection } from '../fivetran/responses/connection.ts';
import type { Change } from './diff.ts';
import type { DryRun, Failure, InFlight, SelectionCounts, SyncEnd } from './results.ts';
import type { State } from './state.ts';

/** The end of the work on one connection, for the report. */
export type Outcome = {
  subject: string;
  notes: string[];
  connection?: Connection | undefined;
} & (
  | ({ kind: 'dry-run' } & DryRun)
  | { kind: 'absent' }
  | { kind: 'deleted'; connection: Connection }
  | {
      kind: 'present';
      change: 'created' | 'updated' | 'reused';
      connection: Connection;
      changes?: Change[] | undefined;
      cleanup?: 'paused' | 'deleted' | undefined;
      selection?: SelectionCounts | undefined;
      sync?: SyncEnd | undefined;
    }
  | {
      kind: 'failed';
      error: string;
      failure?: Failure | undefined;
      change?: State['change'];
      cleanup?: 'paused' | 'deleted' | undefined;
      inFlight?: InFlight | undefined;
      selection?: SelectionCounts | undefined;
    }
);

/** Turns the state of a connection into its outcome once the work has ended. */
export function outcomeOf(state: Readonly<State>): Outcome {
  const { subject, connection, change, changes, cleanup, inFlight, dryRun, selection, sync } =
    state;
  const { error, failure } = state;
  const known = { subject, notes: [...state.notes], connection };
  if (error !== undefined) {
    return { ...known, kind: 'failed', error, failure, change, cleanup, inFlight, selection };
  }
  if (dryRun) return { ...known, kind: 'dry-run', ...dryRun };
  if (change === 'absent') return { ...known, kind: 'absent' };
  if (connection && change === 'deleted') return { ...known, kind: 'deleted', connection };
  if (connection && change && change !== 'deleted') {
    return { ...known, kind: 'present', change, changes, connection, cleanup, selection, sync };
  }
  return { ...known, kind: 'failed', error: 'Nothing was done.', change, inFlight };
}
