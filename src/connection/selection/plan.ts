import type { Connection } from '../../fivetran/responses/connection.ts';
import type {
  PresentSpec,
  SchemaChangeHandling,
  SchemaSelection,
  SelectedTable,
} from '../../inputs/spec.ts';
import type { DryRun } from '../results.ts';
import type { Context } from '../state.ts';
import { columnsOf, withColumns } from './columns.ts';
import { compareSelection } from './compare.ts';
import { describeChanges } from './describe.ts';
import { diffSelection, type SelectionChange } from './diff.ts';
import { given } from './items.ts';
import { abbreviate, dotted, type Path } from './path.ts';
import { lacksTables } from './reload.ts';

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
  context: Context,
): Promise<SelectionPlan> {
  const { selection } = spec;
  const plan: SelectionPlan = { steps: [], changes: [], problems: [], warnings: [] };
  if (!selection) return plan;
  if (connection && spec.if_exists === 'reuse') {
    const warning = await compareSelection(connection, selection, context);
    if (warning === undefined) return plan;
    const problem = `Connection ${connection.id} cannot sync: its selection is not what schemas says.`;
    return { ...plan, warnings: [warning], problems: spec.wait_for_sync ? [problem] : [] };
  }
  const tree = connection && (await context.fivetran.schemas(connection.id));
  if (!connection || !tree) return planUnread(selection);
  const known = await withColumns(tree, selection, columnsOf(connection, context));
  const { changes, problems, newTables } = diffSelection(known, selection);
  plan.steps.push(...describeChanges(changes));
  plan.changes.push(...changes);
  if (newTables.length > 0 && connection.hasSynced) {
    const names = abbreviate(newTables.map(dotted), 20);
    plan.warnings.push(
      `Connection ${connection.id} has already synced: the historical sync of ${names} will start.`,
    );
  }
  if (!lacksTables(tree, selection)) return { ...plan, problems };
  // A real run reloads the schema first, and may then find what is missing here.
  plan.steps.unshift(`Reload the schema of connection ${connection.id} from the source.`);
  plan.warnings.push(...problems);
  return plan;
}

const planUnread = (selection: SchemaSelection): SelectionPlan => ({
  steps: [
    'Read the schema from the source.',
    ...describeChanges(choicesOf(selection)),
    ...(given(selection.schemas) ? [rest[selection.schema_change_handling]] : []),
  ],
  changes: [],
  problems: [],
  warnings: [
    'Fivetran has not read the schema from the source yet, so the names in schemas cannot be verified.',
  ],
});

/** What a selection asks for, as changes of an unknown tree. */
function choicesOf({ schema_change_handling, schemas }: SchemaSelection): SelectionChange[] {
  const change = (path: Path, field: SelectionChange['field'], to: unknown): SelectionChange => ({
    path,
    field,
    from: undefined,
    to,
  });
  const ofTable = (path: Path, { enabled, sync_mode, columns = {} }: SelectedTable) => [
    change(path, 'enabled', enabled),
    ...(sync_mode ? [change(path, 'sync_mode', sync_mode)] : []),
    ...Object.entries(columns).flatMap(([name, column]) => [
      change([...path, name], 'enabled', column.enabled),
      ...(column.hashed === undefined ? [] : [change([...path, name], 'hashed', column.hashed)]),
    ]),
  ];
  return [
    change([], 'schema_change_handling', schema_change_handling),
    ...Object.entries(schemas).flatMap(([name, { enabled, tables = {} }]) => [
      change([name], 'enabled', enabled),
      ...Object.entries(tables).flatMap(([table, choice]) => ofTable([name, table], choice)),
    ]),
  ];
}

/** What each policy does with the rest. */
const rest: Record<SchemaChangeHandling, string> = {
  ALLOW_ALL: 'Enable all other schemas, tables and columns.',
  ALLOW_COLUMNS: 'Disable all other schemas and tables.',
  BLOCK_ALL:
    'Disable all other schemas and tables, and the other columns of tables that list some.',
};
