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
import type { ItemPath } from './path.ts';
import { addMissing, columnsProblem, lockedProblem } from './problems.ts';
import { nonEmpty } from './tree.ts';

/** What can be set of a schema, table or column. */
export type ItemSettings = {
  enabled: boolean;
  /** Of tables. */
  sync_mode: string | undefined;
  /** Of columns, as what follows. */
  hashed: boolean | undefined;
  is_primary_key: boolean | undefined;
};

/** A schema, table or column: its settings, and those that the selection asks for. */
export type WantedItem = {
  path: ItemPath;
  /** Empty when Fivetran's tree is not known. */
  from: Partial<ItemSettings>;
  to: { enabled: boolean } & Partial<ItemSettings>;
  /** Whether it is enabled only because Fivetran does not allow disabling it. */
  isForced: boolean;
  /** The tables of a schema, the columns of a table. */
  inner: WantedItem[];
};

/**
 * What all items share: the selection, what it says about items that it does not list, and the
 * problems.
 */
type Walk = { selection: SchemaSelection; implied: boolean | undefined; problems: string[] };

/**
 * One item of the tree and what the selection says about it. `implied`: whether it is enabled when the
 * selection does not list it; undefined when it then stays as it is.
 */
type Place<Node, Selected> = {
  path: ItemPath;
  node: Node;
  selected: Selected | undefined;
  implied: boolean | undefined;
};

/**
 * Goes once through a tree and says what the selection asks of each item, and why that is impossible.
 *
 * What the selection lists becomes exactly what it says. What it does not list follows the policy as
 * far as that has an effect: the contents of a disabled schema or table stay unchanged. Only a schema
 * that is being disabled also disables its tables, so that enabling it by hand later does not sync all
 * of them. Locked items stay unchanged; a selection that would change one is a problem.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connection-schema
 */
export function wantedItems(
  tree: SchemaTree,
  selection: SchemaSelection,
): { items: WantedItem[]; problems: string[] } {
  const { schemas, schema_change_handling } = selection;
  // Without schemas, a selection sets the policy and leaves everything else alone.
  const implied = nonEmpty(schemas) && schema_change_handling === 'ALLOW_ALL';
  const walk: Walk = { selection, implied, problems: [] };
  addMissing({ path: [], selected: schemas, items: tree.schemas }, walk);
  const items = Object.entries(tree.schemas).map(([name, node]) =>
    wantedSchema(walk, { path: [name], node, selected: valueAt(schemas, name), implied }),
  );
  return { items, problems: walk.problems };
}

function wantedSchema(walk: Walk, place: Place<SchemaNode, SelectedSchema>): WantedItem {
  const { path, node, selected } = place;
  const state = wantedState(walk, place);
  const { enabled } = state.to;
  const tables = enabled ? nonEmpty(selected?.tables) : undefined;
  addMissing({ path, selected: tables, items: node.tables }, walk);
  const ofDisabled = node.enabled ? false : undefined;
  // A listed schema without `tables` means all its tables.
  const ofEnabled = selected && !tables ? true : walk.implied;
  const inner = Object.entries(node.tables).map(([name, table]) =>
    wantedTable(walk, {
      path: [...path, name],
      node: enabled ? table : { ...table, columns: {} },
      selected: valueAt(tables, name),
      implied: enabled ? ofEnabled : ofDisabled,
    }),
  );
  return { path, ...state, inner };
}

function wantedTable(walk: Walk, place: Place<TableNode, SelectedTable>): WantedItem {
  const { path, node, selected } = place;
  const { selection, problems } = walk;
  const { from, to, isForced } = wantedState(walk, place);
  const listed = nonEmpty(selected?.columns);
  const columns = node.supports_columns_config ? listed : undefined;
  if (listed && !columns) problems.push(columnsProblem(pathAsWritten(path, selection)));
  addMissing({ path, selected: columns, items: node.columns }, walk);
  // BLOCK_ALL keeps the present columns of a table that lists none.
  const ofEnabled = selection.schema_change_handling !== 'BLOCK_ALL' || !columns;
  const isKept = !to.enabled || walk.implied === undefined || listed !== columns;
  const inner = Object.entries(node.columns).map(([name, column]) =>
    wantedColumn(walk, {
      path: [...path, name],
      node: column,
      selected: valueAt(columns, name),
      implied: isKept ? undefined : ofEnabled,
    }),
  );
  const sync_mode = selected?.sync_mode ?? node.sync_mode;
  return {
    path,
    from: { ...from, sync_mode: node.sync_mode },
    to: { ...to, sync_mode },
    isForced,
    inner,
  };
}

function wantedColumn(walk: Walk, place: Place<ColumnNode, SelectedColumn>): WantedItem {
  const { path, node, selected } = place;
  const { hashed, is_primary_key } = node;
  const { from, to, isForced } = wantedState(walk, place);
  return {
    path,
    from: { ...from, hashed, is_primary_key },
    to: {
      ...to,
      hashed: selected?.hashed ?? hashed,
      is_primary_key: selected?.is_primary_key ?? is_primary_key,
    },
    isForced,
    inner: [],
  };
}

/** Whether an item is to be enabled; a locked one stays unchanged. */
function wantedState(
  { selection, problems }: Walk,
  {
    path,
    node: { enabled, locked },
    selected,
    implied,
  }: Place<{ enabled: boolean; locked: boolean }, { enabled: boolean }>,
): Pick<WantedItem, 'from' | 'to' | 'isForced'> {
  const wanted = selected?.enabled ?? implied ?? enabled;
  if (locked && selected && selected.enabled !== enabled) {
    problems.push(lockedProblem(pathAsWritten(path, selection), enabled));
  }
  return {
    from: { enabled },
    to: { enabled: locked ? enabled : wanted },
    isForced: locked && enabled && !wanted,
  };
}
