import type { Connection } from '../../fivetran/responses/connection.ts';
import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import type { PresentSpec, SchemaChangeHandling, SchemaSelection } from '../../inputs/spec.ts';
import type { DryRun } from '../results.ts';
import type { Context } from '../state.ts';
import { columnsOf, withColumns } from './columns.ts';
import { describeChanges } from './describe.ts';
import {
  diffSelection,
  requestedSelection,
  type SelectionChange,
  type SelectionDiff,
} from './diff.ts';
import { abbreviate, dotted } from './path.ts';
import { neededReload, type SelectionTask } from './reload.ts';
import { nonEmpty } from './tree.ts';

/** The part of a dry run that is about the selection. */
export type SelectionPlan = Pick<DryRun, 'steps' | 'problems' | 'warnings'> & {
  changes: SelectionChange[];
};

/**
 * Says what a real run would change about the selection. Only reads, so a schema that Fivetran has not
 * read from the source yet stays unknown.
 *
 * @param connection the connection as it was found; undefined when a real run would create it
 */
export async function planSelection(
  spec: PresentSpec,
  connection: Connection | undefined,
  ctx: Context,
): Promise<SelectionPlan> {
  const { selection } = spec;
  const none: SelectionPlan = { steps: [], changes: [], problems: [], warnings: [] };
  if (!selection) return none;
  if (!connection) return planUnread(selection);
  const task = { connection, selection, ctx };
  const { id } = connection;
  if (spec.if_exists === 'reuse') {
    const warning = await compareSelection(task);
    if (warning === undefined) return none;
    const problem = `Connection ${id} cannot sync: its selection is not what schemas says.`;
    return { ...none, warnings: [warning], problems: spec.wait_for_sync ? [problem] : [] };
  }
  const tree = await ctx.fivetran.schemas(id);
  if (!tree) return planUnread(selection, connection);
  const diff = await diffTree(tree, task);
  const { changes, problems } = diff;
  const steps = changes.length > 0 ? [updateOf(connection)] : [];
  const warnings = historicalSync(diff, connection);
  if (!neededReload(tree, task)) return { steps, changes, problems, warnings };
  // A real run may find what is missing here.
  steps.unshift(`Reload the schema of connection ${id} from the source.`);
  return { steps, changes, problems: [], warnings: [...warnings, ...problems] };
}

/** The plan for a schema that is not known: what the selection asks for. */
function planUnread(selection: SchemaSelection, connection?: Connection): SelectionPlan {
  const { changes } = requestedSelection(selection);
  // A column that was never set syncs.
  const isNews = ({ path, field, to }: SelectionChange): boolean =>
    !(path.length === 3 && field === 'enabled' && to === true);
  return {
    steps: [
      'Read the schema from the source.',
      // The changes of a new connection are shown nowhere else.
      ...(connection ? [updateOf(connection)] : describeChanges(changes)),
      ...(nonEmpty(selection.schemas) ? [policyTexts[selection.schema_change_handling]] : []),
    ],
    changes: connection ? changes.filter(isNews) : [],
    problems: [],
    warnings: [
      'Fivetran has not read the schema from the source yet, so the names in schemas cannot be verified.',
    ],
  };
}

const updateOf = ({ id }: Connection): string => `Update the selection of connection ${id}.`;

/** What each policy does with the items that are not listed. */
const policyTexts: Record<SchemaChangeHandling, string> = {
  ALLOW_ALL: 'Enable all other schemas, tables, and columns.',
  ALLOW_COLUMNS: 'Disable all other schemas and tables.',
  BLOCK_ALL:
    'Disable all other schemas and tables, and the other columns of tables that list some.',
};

/** Compares a tree with the selection, with the columns that this needs. */
export const diffTree = async (
  tree: SchemaTree,
  { connection, selection, ctx }: SelectionTask,
): Promise<SelectionDiff> =>
  diffSelection(await withColumns(tree, selection, columnsOf(connection, ctx)), selection);

/**
 * Compares the selection with a connection that is not to be changed.
 *
 * @returns a warning where they differ
 */
export async function compareSelection(task: SelectionTask): Promise<string | undefined> {
  const { id } = task.connection;
  const tree = await task.ctx.fivetran.schemas(id);
  if (!tree) {
    return `The selection of connection ${id} cannot be compared with schemas: Fivetran has not read its schema yet.`;
  }
  const { changes, problems } = await diffTree(tree, task);
  if (changes.length === 0 && problems.length === 0) return undefined;
  return (
    `The selection of connection ${id} differs from schemas; if_exists: reuse leaves it unchanged. ` +
    `if_exists: update would make these changes: ${[...describeChanges(changes), ...problems].join(' ')}`
  );
}

/** Tells of the historical syncs that a patch starts; empty when it starts none. */
export function historicalSync(
  { newTables }: SelectionDiff,
  { id, hasSynced }: Connection,
): string[] {
  if (newTables.length === 0 || !hasSynced) return [];
  const names = abbreviate(newTables.map(dotted), 20);
  return [
    `Connection ${id} has already synced: enabling ${names} starts ${newTables.length === 1 ? 'its' : 'their'} historical sync.`,
  ];
}
