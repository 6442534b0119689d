import type { FieldChange } from './plan/diff.ts';
import type { ItemPath } from './selection/path.ts';

/** A request that changes something, and whose outcome is unknown. */
export type InFlight = 'create' | 'update' | 'delete';

/** How the sync that the step waited for ended. `message` is one sentence. */
export type SyncEnd = {
  state: 'succeeded' | 'failed' | 'cancelled' | 'timed out';
  message: string;
  /** Fivetran's own reasons that the message quotes. */
  reasons?: string[];
};

/**
 * How many schemas, tables and columns are enabled and disabled after the selection was applied.
 */
export type SelectionCounts = Record<
  'schemas' | 'tables' | 'columns',
  { enabled: number; disabled: number }
> & { hashed: number; names?: SelectionNames | undefined };

/** What a selection comes to, by name. */
export type SelectionNames = {
  /** The tables that sync and are not locked. */
  tables: ItemPath[];
  /** The tables that Fivetran always syncs, although the selection does not list them. */
  locked: ItemPath[];
  /** The columns that sync hashed. */
  hashed: ItemPath[];
  /** The columns that do not sync, of tables that do. */
  excluded: ItemPath[];
};

/** What `on_failed_tests` did with a connection that this step created, as far as is known. */
export type Cleanup = 'paused' | 'deleted';

/** What a dry run found. */
export type DryRun = {
  plan: 'create' | 'update' | 'reuse' | 'delete' | 'nothing' | 'refuse';
  /** What a real run would do, in order; sentences. */
  steps: string[];
  /** The fields that an update would change. */
  fieldChanges: FieldChange[];
  /** What is known to make a real run fail. */
  problems: string[];
  /** What to know before a real run. */
  warnings: string[];
};
