import { type Failure, FivetranError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { pluralize } from '../../text/format.ts';
import { type Context, countAsUpdated, warn } from '../state.ts';
import { describeChanges, describeSelection } from './describe.ts';
import type { SelectionDiff, SelectionPatch } from './diff.ts';
import { compareSelection, diffTree, historicalSync } from './plan.ts';
import { isBadRequest, listProblems, withPolicyHint } from './problems.ts';
import { neededReload, reloadTree, type SelectionTask } from './reload.ts';
import { changesWithout, recordChanges, tryChange } from './retry.ts';
import { setUnverified } from './unverified.ts';

/** The patch of the differences, and one more for columns that appear after it. */
const maxPatches = 2;

/**
 * Applies the selection to a connected connection, then reads it back to verify it. With
 * `if_exists: reuse`, an existing connection is only compared. Never pauses or unpauses.
 *
 * @throws FivetranError when it cannot be applied; the message lists all problems
 */
export async function applySelection(
  connection: Connection,
  { selection, if_exists }: PresentSpec,
  ctx: Context,
): Promise<void> {
  if (!selection) return;
  const { state } = ctx;
  const task = { connection, selection, ctx };
  if (if_exists === 'reuse' && state.result !== 'created') {
    const warning = await compareSelection(task);
    if (warning) warn(warning, ctx);
    state.isSelected = warning === undefined;
    return;
  }
  const tree = (await readTree(task)) ?? (await setUnverified(task));
  if (tree) await reconcileTree(tree, task);
  state.isSelected = true;
}

/** Reads the tree, and reloads it when it is missing or lacks a listed schema or table. */
async function readTree(task: SelectionTask): Promise<SchemaTree | undefined> {
  const tree = await task.ctx.fivetran.schemas(task.connection.id);
  const mode = neededReload(tree, task);
  // A tree that cannot be reloaded is all there is.
  return mode ? ((await reloadTree(mode, task)) ?? tree) : tree;
}

/** Patches the tree until it matches the selection. */
async function reconcileTree(start: SchemaTree, task: SelectionTask): Promise<void> {
  const { connection, ctx } = task;
  const { id } = connection;
  const { fivetran, state, log } = ctx;
  let patches = 0;
  let hasChanged = false;
  let tree: SchemaTree | undefined = start;
  let diff = await applicableDiff(tree, task);
  // The selection was set without an answer, and is as wanted.
  if (state.inFlight && !diff.patch) countAsUpdated(state);
  state.inFlight = undefined;
  let logged = '';
  for (let retries = 1; diff.patch; ) {
    if (patches === maxPatches) throw new FivetranError(stillDiffers(diff));
    const { patch, changes } = diff;
    // After a conflict, the same changes are usually sent again.
    if (logged !== JSON.stringify(changes)) logPatch(diff, patches, task);
    logged = JSON.stringify(changes);
    const send = () => sendPatch(patch, { id, policy: tree?.schema_change_handling }, ctx);
    const isAccepted = await tryChange({ changes, send }, retries, ctx);
    if (isAccepted) patches++;
    else retries++;
    tree = await fivetran.schemas(id);
    if (!tree) {
      throw new FivetranError({
        message: `Fivetran no longer has a schema for connection ${id}.`,
        shortReason: 'its schema is gone',
      });
    }
    diff = await applicableDiff(tree, task);
    // Unless another client made them, an unanswered patch took effect.
    const made = state.inFlight ? changesWithout(changes, diff.changes) : [];
    if (made.length > 0) recordChanges(made, ctx);
    if (isAccepted || made.length > 0) hasChanged = true;
    state.inFlight = undefined;
  }
  state.selection = diff.counts;
  const end = hasChanged ? 'is applied' : 'is already up to date';
  log(`The selection of connection ${id} ${end}: ${describeSelection(diff.counts)}.`);
}

/** Sends a patch. A refusal of one that names a policy says which policy the tree has. */
async function sendPatch(
  patch: SelectionPatch,
  { id, policy }: { id: string; policy: string | undefined },
  { fivetran }: Pick<Context, 'fivetran'>,
): Promise<true> {
  try {
    return await fivetran.patchSchemas(id, patch);
  } catch (error) {
    const isPolicy = isBadRequest(error) && patch.schema_change_handling !== undefined;
    throw isPolicy ? withPolicyHint(error, policy) : error;
  }
}

/** @throws FivetranError when the selection cannot be applied to the tree */
async function applicableDiff(tree: SchemaTree, task: SelectionTask): Promise<SelectionDiff> {
  const diff = await diffTree(tree, task);
  if (diff.problems.length > 0) {
    throw new FivetranError({
      message: listProblems(diff.problems),
      shortReason: `${pluralize(diff.problems.length, 'problem')} in schemas`,
      hint: 'Fix schemas, then run the step again with if_exists: update.',
    });
  }
  return diff;
}

function logPatch(diff: SelectionDiff, patches: number, { connection, ctx }: SelectionTask): void {
  const { changes } = diff;
  const { id } = connection;
  const lines = [
    patches === 0
      ? `Updating the selection of connection ${id} (${pluralize(changes.length, 'change')}):`
      : `The selection of connection ${id} still differs; updating it once more:`,
    ...describeChanges(changes),
    ...historicalSync(diff, connection),
  ];
  for (const line of lines) ctx.log(line);
}

const stillDiffers = ({ changes }: SelectionDiff): Failure => ({
  message:
    'Fivetran accepted it, but the schema still differs. ' +
    `Remaining changes: ${describeChanges(changes).join(' ')}`,
  shortReason: 'the schema still differs',
});
