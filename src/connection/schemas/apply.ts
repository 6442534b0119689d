import type { Connection } from '../../fivetran/answers.ts';
import { FivetranError, OutcomeUnknownError } from '../../fivetran/errors.ts';
import type { SchemaTree } from '../../fivetran/schema-tree.ts';
import type { PresentSpec, SchemaSelection } from '../../inputs/spec.ts';
import { pluralize } from '../../text/format.ts';
import { type Context, warn } from '../state.ts';
import { columnsOf, withColumns } from './columns.ts';
import { compareSelection } from './compare.ts';
import { describeChanges, describeSelection } from './describe.ts';
import { diffSelection, type SelectionDiff } from './diff.ts';
import { abbreviate, dotted } from './path.ts';
import { listProblems } from './problems.ts';
import { firstExcludeMode, hasNeverSynced, lacksTables, reloadTree } from './reload.ts';
import { waitAfter } from './retry.ts';
import { setUnverified } from './unverified.ts';

/** The patch of the differences, and one more for columns that appear after it. */
const maxPatches = 2;

/** What the work on the selection of one connection needs. */
type Work = { connection: Connection; selection: SchemaSelection; context: Context };

/**
 * Applies the selection to a connected connection, then reads it back to verify it. With
 * `if_exists: reuse`, an existing connection is only compared. Never pauses or unpauses.
 *
 * @returns whether the selection was changed
 * @throws FivetranError when it cannot be applied; the message lists all problems
 */
export async function applySelection(spec: PresentSpec, context: Context): Promise<boolean> {
  const { connection, change } = context.state;
  const { selection } = spec;
  if (!selection || !connection) return false;
  const work = { connection, selection, context };
  try {
    if (spec.if_exists === 'reuse' && change !== 'created') {
      const warning = await compareSelection(connection, selection, context);
      if (warning) warn(context, warning);
      context.state.isSelected = warning === undefined;
      return false;
    }
    const tree = await readTree(work);
    const hasChanged = tree
      ? await reconcileTree(tree, work)
      : await setUnverified(connection, selection, context);
    context.state.isSelected = true;
    return hasChanged;
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    throw new FivetranError(`${error.message}${pausedNote(context)}`, { cause: error });
  }
}

/** Reads the tree, and reloads it when it is missing or lacks a schema or table of the selection. */
async function readTree({ connection, selection, context }: Work): Promise<SchemaTree | undefined> {
  const tree = await context.fivetran.schemas(connection.id);
  if (tree && !lacksTables(tree, selection)) return tree;
  const exclude_mode = tree ? 'PRESERVE' : firstExcludeMode(connection, selection);
  const reloaded = await reloadTree(connection, selection, exclude_mode, context);
  // Once it syncs, a tree that cannot be reloaded is all there is.
  return reloaded ?? (hasNeverSynced(connection) ? undefined : tree);
}

/** Patches the tree until it matches the selection. */
async function reconcileTree(start: SchemaTree, work: Work): Promise<boolean> {
  const { context } = work;
  const { id } = work.connection;
  const { fivetran, state, log } = context;
  let patches = 0;
  let hasChanged = false;
  let diff = await compare(start, work);
  for (let retries = 1; diff.patch; ) {
    if (patches === maxPatches) throw new FivetranError(stillDiffers(id, diff));
    logPatch(diff, patches, work);
    try {
      await fivetran.patchSchemas(id, diff.patch);
      patches++;
      hasChanged = true;
    } catch (error) {
      await waitAfter(error, retries++, context);
      hasChanged ||= error instanceof OutcomeUnknownError;
    }
    const tree = await fivetran.schemas(id);
    if (!tree) throw new FivetranError(`Fivetran no longer has a schema for connection ${id}.`);
    diff = await compare(tree, work);
  }
  state.selection = diff.counts;
  const end = hasChanged ? 'is applied' : 'is already up to date';
  log(`The selection of connection ${id} ${end}: ${describeSelection(diff.counts)}.`);
  return hasChanged;
}

/** @throws FivetranError when the selection cannot be applied to the tree */
async function compare(
  tree: SchemaTree,
  { connection, selection, context }: Work,
): Promise<SelectionDiff> {
  const known = await withColumns(tree, selection, columnsOf(connection, context));
  const diff = diffSelection(known, selection);
  if (diff.problems.length > 0) {
    throw new FivetranError(
      `The selection of connection ${connection.id} cannot be applied. ${listProblems(diff.problems)}`,
    );
  }
  return diff;
}

function logPatch(
  { changes, newTables }: SelectionDiff,
  patches: number,
  { connection, context: { log } }: Work,
): void {
  const { id } = connection;
  log(
    patches === 0
      ? `Updating the selection of connection ${id} (${pluralize(changes.length, 'change')}):`
      : `The selection of connection ${id} still differs; updating it once more:`,
  );
  for (const line of describeChanges(changes)) log(line);
  if (newTables.length > 0 && !hasNeverSynced(connection)) {
    const names = abbreviate(newTables.map(dotted), 20);
    log(`Connection ${id} has already synced, so this starts the historical sync of ${names}.`);
  }
}

const stillDiffers = (id: string, { changes }: SelectionDiff): string =>
  `Fivetran accepted the selection of connection ${id}, but its schema still differs. ` +
  `Remaining changes: ${describeChanges(changes).join(' ')}`;

/** The sentence that ends an error: the connection is never left running with a wrong selection. */
function pausedNote({ state: { connection, change } }: Context): string {
  const isPaused = connection?.paused === 'true' || change === 'created';
  return isPaused ? ` Connection ${connection?.id} stays paused.` : '';
}
