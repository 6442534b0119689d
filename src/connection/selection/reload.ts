import {
  CancelledError,
  FivetranError,
  OutcomeUnknownError,
  RefusedError,
} from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import { type ExcludeMode, reloadTimeoutSeconds } from '../../fivetran/schema-endpoints.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import { duration } from '../../text/format.ts';
import type { Context } from '../state.ts';
import { waitToRetry } from './retry.ts';
import { isExcluded, lacksTables } from './tree.ts';

/** The selection of one connection, and what its work needs. */
export type SelectionTask = { connection: Connection; selection: SchemaSelection; ctx: Context };

/** The pauses between the reads of a tree that an unanswered reload may still produce. */
const firstPauseMs = 5_000;
const lastPauseMs = 120_000;
/** What an EXCLUDE without a response can still do. */
const mayStillEnd = 'The reload may still end: it disables every schema and table.';

/**
 * How a tree is to be read from the source before it can be compared; undefined when it need not be.
 * A first reload before the first sync can disable all items, which keeps the patch small; on a
 * connection that syncs, that would stop their syncs.
 */
export function neededReload(
  tree: SchemaTree | undefined,
  { connection, selection }: Pick<SelectionTask, 'connection' | 'selection'>,
): ExcludeMode | undefined {
  if (tree) return lacksTables(tree, selection) ? 'PRESERVE' : undefined;
  const excludes = selection.schema_change_handling !== 'ALLOW_ALL' && !connection.hasSynced;
  return excludes ? 'EXCLUDE' : 'PRESERVE';
}

/**
 * Makes Fivetran read the schema from the source again. A reload is slow, and one whose response was
 * lost may have succeeded, so the tree is read before another one is sent.
 *
 * @returns the tree; undefined when the connection's service cannot reload
 * @throws FivetranError when it failed, or when an unanswered EXCLUDE did not end in time
 */
export async function reloadTree(
  first: ExcludeMode,
  task: SelectionTask,
): Promise<SchemaTree | undefined> {
  const { connection, ctx } = task;
  const { id } = connection;
  const { fivetran, clock, log } = ctx;
  log(`Reloading the schema of connection ${id}: this can take several minutes.`);
  let mode: ExcludeMode | undefined = first;
  let tree: SchemaTree | undefined;
  for (let retries = 1; mode; retries++) {
    const sentAt = clock.now();
    let isSent = false;
    try {
      return await fivetran.reloadSchemas(id, mode, () => {
        isSent = true;
      });
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'NotSupported_SchemaReload') return tree;
      if (mode === 'EXCLUDE' && error instanceof OutcomeUnknownError) {
        return await excludedTree(error, sentAt, task).catch((end) => {
          throw whileAtWork(end);
        });
      }
      await waitToRetry(mode === 'EXCLUDE' && isSent ? whileAtWork(error) : error, retries, ctx);
    }
    tree = await fivetran.schemas(id);
    mode = neededReload(tree, task);
  }
  return tree;
}

/**
 * Waits for the tree of an unanswered EXCLUDE. It may still be at work, and one that ends after the
 * selection was applied would disable all of it, so a tree counts only once nothing of it syncs.
 *
 * @param sentAt when the reload was sent, on the step's clock
 * @throws FivetranError when there is no such tree within the reload's own time limit
 */
async function excludedTree(
  error: OutcomeUnknownError,
  sentAt: number,
  { connection: { id }, ctx: { fivetran, clock, log } }: SelectionTask,
): Promise<SchemaTree> {
  const limitMs = reloadTimeoutSeconds * 1000;
  log(`${error.message} The reload may still be running; waiting for its schema.`);
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, lastPauseMs)) {
    await clock.sleep(pauseMs);
    const tree = await fivetran.schemas(id).catch(ignoreUnlessRefused);
    if (tree && isExcluded(tree)) return tree;
    const waitedMs = clock.now() - sentAt;
    if (waitedMs >= limitMs) {
      throw error
        .settledBy(`Its schema did not appear within ${duration(limitMs)}. ${mayStillEnd}`)
        .withHint(
          'Wait until the connection has a schema in the Fivetran dashboard, then run the step again with if_exists: update.',
        );
    }
    log(`No reloaded schema after ${duration(waitedMs)}, at most ${duration(limitMs)}.`);
  }
}

/** A read that was not sent or not answered says nothing about the reload. */
function ignoreUnlessRefused(error: unknown): undefined {
  const isRefused = error instanceof RefusedError || !(error instanceof FivetranError);
  if (isRefused || error.endsRun) throw error;
}

/** A cancellation while an EXCLUDE is at work says so; other errors are what they are. */
const whileAtWork = (error: unknown): unknown =>
  error instanceof CancelledError ? error.followedBy(mayStillEnd) : error;
