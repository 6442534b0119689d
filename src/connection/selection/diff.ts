import type {
  ColumnNode,
  SchemaNode,
  SchemaTree,
  TableNode,
} from '../../fivetran/responses/schema-tree.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import type { SelectionCounts } from '../results.ts';
import type { Path } from './path.ts';
import { wantedTree } from './wanted.ts';

/** One setting that differs; the policy's path is empty. */
export type SelectionChange = {
  path: Path;
  field: 'schema_change_handling' | 'enabled' | 'sync_mode' | 'hashed';
  from: unknown;
  to: unknown;
};

type ColumnPatch = { enabled: boolean; hashed?: boolean };
type TablePatch = {
  enabled: boolean;
  sync_mode?: string | undefined;
  columns?: Record<string, ColumnPatch>;
};
type SchemaPatch = { enabled: boolean; tables?: Record<string, TablePatch> };

/** The body of `PATCH …/schemas`. Fivetran requires `enabled` at every level that it names. */
export type SelectionPatch = {
  schema_change_handling?: string | undefined;
  schemas?: Record<string, SchemaPatch>;
};

export type SelectionDiff = {
  /** The differences and nothing else; undefined when there are none. */
  patch: SelectionPatch | undefined;
  /** What the patch does, in the order of the tree; the tables of a disabled schema go with it. */
  changes: SelectionChange[];
  /** The tables that start to sync with the patch. */
  newTables: Path[];
  /** The tree once the patch is applied. */
  counts: SelectionCounts;
  /** Why the selection cannot be applied to this tree; sentences. */
  problems: string[];
};

/** What a comparison collects. */
type Findings = Pick<SelectionDiff, 'changes' | 'newTables' | 'counts'>;

/** Compares a connection's tree with the one that the selection asks for. */
export function diffSelection(tree: SchemaTree, selection: SchemaSelection): SelectionDiff {
  const { tree: wanted, problems } = wantedTree(tree, selection);
  const found: Findings = { changes: [], newTables: [], counts: noCounts() };
  const { schema_change_handling } = wanted;
  const policy = schema_change_handling !== tree.schema_change_handling && {
    schema_change_handling,
  };
  if (policy) addChange(found, [], 'schema_change_handling', tree, wanted);
  const schemas = patchesOf(tree.schemas, wanted.schemas, (...args) => diffSchema(found, ...args));
  const patch = policy || schemas ? { ...policy, ...(schemas && { schemas }) } : undefined;
  return { patch, problems, ...found };
}

function diffSchema(
  found: Findings,
  from: SchemaNode,
  to: SchemaNode,
  name: string,
): SchemaPatch | undefined {
  const { enabled } = to;
  const path = [name];
  found.counts.schemas[enabled ? 'enabled' : 'disabled']++;
  addChange(found, path, 'enabled', from, to);
  if (!enabled) found.counts.tables.disabled += Object.keys(to.tables).length;
  const tables = patchesOf(from.tables, to.tables, (table, wanted, tableName) => {
    if (!enabled) return wanted.enabled === table.enabled ? undefined : { enabled: wanted.enabled };
    const tablePath = [...path, tableName];
    if (wanted.enabled && !(from.enabled && table.enabled)) found.newTables.push(tablePath);
    return diffTable(found, tablePath, table, wanted);
  });
  return enabled !== from.enabled || tables ? { enabled, ...(tables && { tables }) } : undefined;
}

function diffTable(
  found: Findings,
  path: Path,
  from: TableNode,
  to: TableNode,
): TablePatch | undefined {
  const { enabled, sync_mode } = to;
  found.counts.tables[enabled ? 'enabled' : 'disabled']++;
  addChange(found, path, 'enabled', from, to);
  addChange(found, path, 'sync_mode', from, to);
  const columns = patchesOf(from.columns, to.columns, (column, wanted, name) => {
    if (enabled) countColumn(found, wanted);
    return diffColumn(found, [...path, name], column, wanted);
  });
  return enabled !== from.enabled || sync_mode !== from.sync_mode || columns
    ? { enabled, ...(sync_mode !== from.sync_mode && { sync_mode }), ...(columns && { columns }) }
    : undefined;
}

function diffColumn(
  found: Findings,
  path: Path,
  from: ColumnNode,
  to: ColumnNode,
): ColumnPatch | undefined {
  const { enabled, hashed } = to;
  addChange(found, path, 'enabled', from, to);
  addChange(found, path, 'hashed', from, to);
  return enabled !== from.enabled || hashed !== from.hashed
    ? { enabled, ...(hashed !== from.hashed && { hashed }) }
    : undefined;
}

function countColumn({ counts }: Findings, { enabled, hashed }: ColumnNode): void {
  counts.columns[enabled ? 'enabled' : 'disabled']++;
  if (enabled && hashed) counts.hashed++;
}

function addChange<Field extends SelectionChange['field']>(
  { changes }: Findings,
  path: Path,
  field: Field,
  { [field]: from }: { [F in Field]: unknown },
  { [field]: to }: { [F in Field]: unknown },
): void {
  if (from !== to) changes.push({ path, field, from, to });
}

/** The patches of the items that differ, by name; undefined when none does. */
function patchesOf<Item, Patch>(
  from: Record<string, Item>,
  to: Record<string, Item>,
  diff: (from: Item, to: Item, name: string) => Patch | undefined,
): Record<string, Patch> | undefined {
  const patches = Object.entries(to).flatMap(([name, wanted]): [string, Patch][] => {
    const patch = diff(from[name] as Item, wanted, name);
    return patch === undefined ? [] : [[name, patch]];
  });
  return patches.length > 0 ? Object.fromEntries(patches) : undefined;
}

const noCounts = (): SelectionCounts => ({
  schemas: { enabled: 0, disabled: 0 },
  tables: { enabled: 0, disabled: 0 },
  columns: { enabled: 0, disabled: 0 },
  hashed: 0,
});
