import type {
  ColumnNode,
  SchemaNode,
  SchemaTree,
  TableNode,
} from '../../fivetran/responses/schema-tree.ts';
import { pathAsWritten } from '../../inputs/selection.ts';
import type {
  SchemaSelection,
  SelectedColumn,
  SelectedSchema,
  SelectedTable,
} from '../../inputs/spec.ts';
import { valueAt } from '../../text/mapping.ts';
import { given, mapItems } from './items.ts';
import type { Path } from './path.ts';
import { columnsProblem, lockedProblem, maxProblems, missingProblem } from './problems.ts';

/** The selection, and the problems found. */
type Rules = { selection: SchemaSelection; problems: string[] };

/** The selection's choice for an item; `isImplied`: whether the item is enabled without one. */
type ItemChoice<Choice> = { choice: Choice | undefined; isImplied: boolean };

/**
 * The tree that the selection asks for, and why it cannot be reached.
 *
 * What the selection names becomes exactly what it says. What it does not name follows the policy as
 * far as that has an effect: the contents of a disabled schema or table stay unchanged. Only a schema
 * that is being disabled also disables its tables, so that enabling it by hand later does not sync all
 * of them. Locked items stay unchanged; a choice that would change one is a problem.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connection-schema
 */
export function wantedTree(
  tree: SchemaTree,
  selection: SchemaSelection,
): { tree: SchemaTree; problems: string[] } {
  const { schema_change_handling, schemas: choices } = selection;
  const rules: Rules = { selection, problems: [] };
  reportMissing(rules, [], choices, tree.schemas);
  // Without schemas, a selection sets the policy and leaves everything else alone.
  const schemas = given(choices)
    ? mapItems(tree.schemas, (schema, name) =>
        wantedSchema(rules, [name], schema, valueAt(choices, name)),
      )
    : tree.schemas;
  return { tree: { schema_change_handling, schemas }, problems: rules.problems };
}

function wantedSchema(
  rules: Rules,
  path: Path,
  schema: SchemaNode,
  choice: SelectedSchema | undefined,
): SchemaNode {
  const isAllowed = rules.selection.schema_change_handling === 'ALLOW_ALL';
  const enabled = resolveEnabled(rules, path, schema, { choice, isImplied: isAllowed });
  if (!enabled) {
    return schema.enabled ? { ...schema, enabled, tables: disableAll(schema.tables) } : schema;
  }
  const choices = given(choice?.tables);
  reportMissing(rules, path, choices, schema.tables);
  // A listed schema without `tables` means all its tables.
  const isImplied = choice && !choices ? true : isAllowed;
  const tables = mapItems(schema.tables, (table, name) =>
    wantedTable(rules, [...path, name], table, { choice: valueAt(choices, name), isImplied }),
  );
  return { ...schema, enabled, tables };
}

function wantedTable(
  rules: Rules,
  path: Path,
  table: TableNode,
  { choice, isImplied }: ItemChoice<SelectedTable>,
): TableNode {
  const enabled = resolveEnabled(rules, path, table, { choice, isImplied });
  const sync_mode = choice?.sync_mode ?? table.sync_mode;
  const choices = given(choice?.columns);
  if (choices && !table.supports_columns_config) {
    rules.problems.push(columnsProblem(pathAsWritten(path, rules.selection)));
    return { ...table, enabled, sync_mode };
  }
  reportMissing(rules, path, choices, table.columns);
  // BLOCK_ALL keeps the present columns of a table that lists none.
  const areImplied = rules.selection.schema_change_handling !== 'BLOCK_ALL' || !choices;
  const columns = mapItems(table.columns, (column, name) => {
    const item = { choice: valueAt(choices, name), isImplied: areImplied };
    return enabled || item.choice ? wantedColumn(rules, [...path, name], column, item) : column;
  });
  return { ...table, enabled, sync_mode, columns };
}

function wantedColumn(
  rules: Rules,
  path: Path,
  column: ColumnNode,
  item: ItemChoice<SelectedColumn>,
): ColumnNode {
  const enabled = resolveEnabled(rules, path, column, item);
  return { ...column, enabled, hashed: item.choice?.hashed ?? column.hashed };
}

/** Whether an item is to be enabled; a locked one stays unchanged. */
function resolveEnabled(
  { selection, problems }: Rules,
  path: Path,
  { enabled, locked }: { enabled: boolean; locked: boolean },
  { choice, isImplied }: ItemChoice<{ enabled: boolean }>,
): boolean {
  if (!locked) return choice?.enabled ?? isImplied;
  if (choice && choice.enabled !== enabled) {
    problems.push(lockedProblem(pathAsWritten(path, selection), enabled));
  }
  return enabled;
}

const disableAll = (tables: Record<string, TableNode>): Record<string, TableNode> =>
  mapItems(tables, (table) => ({ ...table, enabled: table.locked && table.enabled }));

function reportMissing(
  { selection, problems }: Rules,
  parent: Path,
  choices: object | undefined,
  items: Record<string, unknown>,
): void {
  for (const name of Object.keys(choices ?? {})) {
    if (Object.hasOwn(items, name)) continue;
    // A suggestion costs a comparison with every name of the level.
    const near = problems.length < maxProblems ? { name, known: Object.keys(items) } : undefined;
    problems.push(missingProblem(pathAsWritten([...parent, name], selection), near));
  }
}
