import type {
  ColumnNode,
  SchemaNode,
  SchemaTree,
  TableNode,
} from '../../fivetran/responses/schema-tree.ts';
import { connectionFields } from '../../inputs/fields/fields.ts';
import { tableFields } from '../../inputs/fields/selection-fields.ts';
import type { SelectedItem, SelectedItems } from '../../inputs/selection.ts';
import type { SchemaChangeHandling } from '../../inputs/spec.ts';

/** The policy of a tree; undefined when Fivetran returned none that a request takes. */
export const policyOf = ({
  schema_change_handling,
}: SchemaTree): SchemaChangeHandling | undefined =>
  connectionFields.schema_change_handling.safeParse(schema_change_handling).data;

/** Whether a tree has tables and none of them syncs. */
export const syncsNothing = (tree: SchemaTree): boolean => {
  const schemas = Object.values(tree.schemas);
  const isSynced = ({ enabled, tables }: SchemaNode): boolean =>
    enabled && Object.values(tables).some((table) => table.enabled);
  const hasTables = schemas.some(({ tables }) => Object.keys(tables).length > 0);
  return (hasTables || policyOf(tree) !== 'ALLOW_ALL') && !schemas.some(isSynced);
};

/** Whether a column of the table is hashed, excluded, or a key that was chosen. */
export const isSpecial = ({ columns }: TableNode): boolean =>
  Object.values(columns).some(isSpecialColumn);

const isSpecialColumn = (column: ColumnNode): boolean =>
  !column.enabled || column.hashed || isChosenKey(column);

/** The keys of the source itself are locked. */
const isChosenKey = ({ is_primary_key, locked }: ColumnNode): boolean => is_primary_key && !locked;

/** The sync mode of a table, if a request takes it. */
export const syncModeOf = ({ sync_mode }: TableNode) =>
  tableFields.sync_mode.safeParse(sync_mode).data;

/**
 * The columns that a selection lists.
 *
 * @param areNamed whether it excludes those that it does not list
 */
export function columnsOfTable(
  { columns, supports_columns_config }: TableNode,
  areNamed: boolean,
): SelectedItems {
  if (!supports_columns_config) return new Map();
  const listed = itemsOf(columns, (column) => {
    const isListed = areNamed
      ? column.hashed || isChosenKey(column) || (column.enabled && !column.locked)
      : isSpecialColumn(column);
    return isListed ? columnChoice(column) : undefined;
  });
  if (!areNamed || listed.size > 0) return listed;
  // No column at all would mean all of them.
  const entries = Object.entries(columns);
  const [name = '', column] = entries.find(([, { enabled }]) => enabled) ?? entries[0] ?? [];
  return column ? new Map([[name, itemOf(name, columnChoice(column))]]) : listed;
}

const columnChoice = (column: ColumnNode): Choice => ({
  fields: {
    ...(!column.enabled && { enabled: false }),
    ...(column.hashed && { hashed: true }),
    ...(isChosenKey(column) && { is_primary_key: true }),
  },
});

/** An item without its name. */
export type Choice = Omit<SelectedItem, 'written'>;

/** Names are written as they are, so none of them holds a reference. */
export const itemOf = (name: string, choice: Choice): SelectedItem => ({
  written: name,
  ...choice,
});

/** The items of one level that a selection lists. */
export function itemsOf<Node>(
  nodes: Record<string, Node>,
  choiceFor: (node: Node, name: string) => Choice | undefined,
): SelectedItems {
  const items: SelectedItems = new Map();
  for (const [name, node] of Object.entries(nodes)) {
    const choice = choiceFor(node, name);
    if (choice) items.set(name, itemOf(name, choice));
  }
  return items;
}
