import { type Failure, FivetranError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import type { PresentSpec, SchemaSelection } from '../../inputs/spec.ts';
import { pluralize } from '../../text/format.ts';
import { type Context, countAsUpdated, warn } from '../state.ts';
import { columnsOf, withColumns } from './columns.ts';
import { compareSelection } from './compare.ts';
import { describeAsWritten, describeChanges, describeSelection } from './describe.ts';
import { diffSelection, type SelectionDiff } from './diff.ts';
import { abbreviate, dotted } from './path.ts';
import { listProblems } from './problems.ts';
import { firstExcludeMode, lacksTables, reloadTree } from './reload.ts';
import { tryChange } from './retry.ts';
import { setUnverified } from './unverified.ts';

/** The patch of the differences, and one more for columns that appear after it. */
const maxPatches = 2;

/** What the work on the selection of one connection needs. */
type Work = { connection: Connection; selection: SchemaSelection; context: Context };

/**
 * Applies the selection to a connected connection, then reads it back to verify it. With
 * `if_exists: reuse`, an existing connection is only compared. Never pauses or unpauses.
 *
 * @throws FivetranError when it cannot be applied; the message lists all problems
 */
export async function applySelection(spec: PresentSpec, context: Context): Promise<void> {
  const { connection, result } = context.state;
  const { selection } = spec;
  if (!selection || !connection) return;
  const work = { connection, selection, context };
  if (spec.if_exists === 'reuse' && result !== 'created') {
    const warning = await compareSelection(connection, selection, context);
    if (warning) warn(warning, context);
    context.state.isSelected = warning === undefined;
    return;
  }
  const tree = await readTree(work);
  if (tree) await reconcileTree(tree, work);
  else await setUnverified(connection, selection, context);
  context.state.isSelected = true;
}

/** Reads the tree, and reloads it when it is missing or lacks a schema or table of the selection. */
async function readTree({ connection, selection, context }: Work): Promise<SchemaTree | undefined> {
  const tree = await context.fivetran.schemas(connection.id);
  if (tree && !lacksTables(tree, selection)) return tree;
  const exclude_mode = tree ? 'PRESERVE' : firstExcludeMode(connection, selection);
  const reloaded = await reloadTree(connection, selection, exclude_mode, context);
  // Once it syncs, a tree that cannot be reloaded is all there is.
  return reloaded ?? (!connection.hasSynced ? undefined : tree);
}

/** Patches the tree until it matches the selection. */
async function reconcileTree(start: SchemaTree, work: Work): Promise<void> {
  const { selection, context } = work;
  const { id } = work.connection;
  const { fivetran, state, log } = context;
  let patches = 0;
  let hasChanged = false;
  let diff = await compare(start, work);
  let logged = '';
  for (let retries = 1; diff.patch; ) {
    if (patches === maxPatches) throw new FivetranError(stillDiffers(diff, selection));
    const { patch } = diff;
    // After a conflict, the same changes are usually sent again.
    if (logged !== textOf(diff)) logPatch(diff, patches, work);
    logged = textOf(diff);
    if (await tryChange(() => fivetran.patchSchemas(id, patch), retries, context)) {
      patches++;
      hasChanged = true;
    } else {
      retries++;
    }
    const tree = await fivetran.schemas(id);
    if (!tree)
      throw new FivetranError({
        message: `Fivetran no longer has a schema for connection ${id}.`,
        shortReason: 'its schema is gone',
      });
    diff = await compare(tree, work);
    if (state.inFlight && logged !== textOf(diff)) {
      // The unanswered change took effect.
      countAsUpdated(state);
      hasChanged = true;
    }
    state.inFlight = undefined;
  }
  state.selection = diff.counts;
  const end = hasChanged ? 'is applied' : 'is already up to date';
  log(`The selection of connection ${id} ${end}: ${describeSelection(diff.counts)}.`);
}

/** What a patch does, as text to compare. */
const textOf = ({ changes }: SelectionDiff): string => JSON.stringify(changes);

/** @throws FivetranError when the selection cannot be applied to the tree */
async function compare(
  tree: SchemaTree,
  { connection, selection, context }: Work,
): Promise<SelectionDiff> {
  const known = await withColumns(tree, selection, columnsOf(connection, context));
  const diff = diffSelection(known, selection);
  if (diff.problems.length > 0) {
    throw new FivetranError({
      message: listProblems(diff.problems),
      shortReason: `${pluralize(diff.problems.length, 'problem')} in schemas`,
      hint: 'Fix schemas, then run the step again with if_exists: update.',
    });
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
  if (newTables.length > 0 && connection.hasSynced) {
    const names = abbreviate(newTables.map(dotted), 20);
    log(`Connection ${id} has already synced, so this starts the historical sync of ${names}.`);
  }
}

const stillDiffers = ({ changes }: SelectionDiff, selection: SchemaSelection): Failure => ({
  message:
    'Fivetran accepted it, but the schema still differs. ' +
    `Remaining changes: ${describeAsWritten(changes, selection).join(' ')}`,
  shortReason: 'the schema still differs',
});
