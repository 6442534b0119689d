import fc from 'fast-check';
import { shortestSelection } from '../../../../src/connection/as-spec/shortest-selection.ts';
import { syncsNothing } from '../../../../src/connection/as-spec/tree-items.ts';
import { wholeSelection } from '../../../../src/connection/as-spec/whole-selection.ts';
import { diffSelection } from '../../../../src/connection/selection/diff.ts';
import type {
  ColumnNode,
  SchemaNode,
  SchemaTree,
  TableNode,
} from '../../../../src/fivetran/responses/schema-tree.ts';
import { selectionProblems, toSelection } from '../../../../src/inputs/selection.ts';
import type { SchemaChangeHandling } from '../../../../src/inputs/spec.ts';

const policies = ['ALLOW_ALL', 'ALLOW_COLUMNS', 'BLOCK_ALL'] as const;
const names = ['public', 'orders', 'constructor', '__proto__', 'toString', 'a.b', '${x}', '0'];

const named = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), item), {
      selector: ([name]) => name,
      maxLength: 4,
    })
    .map((entries) => Object.fromEntries(entries));

const lock = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.boolean());
const aColumn: fc.Arbitrary<ColumnNode> = fc.record({
  enabled: fc.boolean(),
  hashed: fc.boolean(),
  is_primary_key: fc.boolean(),
  locked: lock,
});
const aTable: fc.Arbitrary<TableNode> = fc
  .record({
    enabled: fc.boolean(),
    locked: lock,
    sync_mode: fc.constantFrom('SOFT_DELETE', 'SOFT_DELETE', 'HISTORY', 'LIVE'),
    supports_columns_config: fc.boolean(),
    columns: named(aColumn),
  })
  .map((table) => ({ ...table, columns: table.supports_columns_config ? table.columns : {} }));
const aSchema: fc.Arbitrary<SchemaNode> = fc.record({
  enabled: fc.boolean(),
  locked: lock,
  tables: named(aTable),
});
const aTree = fc.record({
  schema_change_handling: fc.constantFrom(...policies),
  schemas: named(aSchema),
});

/** What a connection was before: everything enabled but what is locked, nothing hashed. */
function untouched({ schemas }: SchemaTree): SchemaTree {
  const each = <T, U>(items: Record<string, T>, map: (item: T) => U): Record<string, U> =>
    Object.fromEntries(Object.entries(items).map(([name, item]) => [name, map(item)]));
  return {
    schema_change_handling: 'ALLOW_ALL',
    schemas: each(schemas, (schema) => ({
      ...schema,
      enabled: schema.locked ? schema.enabled : true,
      tables: each(schema.tables, (table) => ({
        ...table,
        enabled: table.locked ? table.enabled : true,
        sync_mode: 'SOFT_DELETE',
        columns: each(table.columns, (column) => ({
          ...column,
          enabled: column.locked ? column.enabled : true,
          hashed: false,
        })),
      })),
    })),
  };
}

/** What syncs, and how. */
function syncedIn({ schemas }: SchemaTree): Record<string, unknown> {
  const synced: Record<string, unknown> = {};
  for (const [schema, { enabled, tables }] of Object.entries(schemas)) {
    for (const [name, table] of Object.entries(tables)) {
      if (!enabled || !table.enabled) continue;
      const columns = table.supports_columns_config
        ? Object.entries(table.columns)
            .filter(([, column]) => column.enabled)
            .map(([column, { hashed }]) => `${column}${hashed ? ' hashed' : ''}`)
        : [];
      synced[JSON.stringify([schema, name])] = [table.sync_mode, columns.sort()];
    }
  }
  return synced;
}

/** The tree after the changes that a selection makes. */
function after(tree: SchemaTree, policy: SchemaChangeHandling, items: unknown): SchemaTree {
  const selection = toSelection(policy, items as Parameters<typeof toSelection>[1]);
  if (!selection) throw new Error('no selection');
  const result = structuredClone(tree);
  const { changes, problems } = diffSelection(tree, selection);
  expect(problems).toEqual([]);
  for (const { path, field, to } of changes) {
    const [schema = '', table, column] = path;
    const node =
      path.length === 0
        ? result
        : path.length === 1
          ? result.schemas[schema]
          : path.length === 2
            ? result.schemas[schema]?.tables[table ?? '']
            : result.schemas[schema]?.tables[table ?? '']?.columns[column ?? ''];
    if (!node) throw new Error('a change of nothing');
    Object.assign(node, { [field]: to });
  }
  return result;
}

test('the shortest selection changes nothing, and makes a new connection the same', () => {
  fc.assert(
    fc.property(aTree, (tree) => {
      fc.pre(!syncsNothing(tree));
      const policy = tree.schema_change_handling;
      const items = shortestSelection(tree, policy);
      expect(selectionProblems(policy, items)).toEqual([]);
      const selection = toSelection(policy, items);
      if (!selection) throw new Error('no selection');
      expect(diffSelection(tree, selection)).toMatchObject({ patch: undefined, problems: [] });
      expect(syncedIn(after(untouched(tree), policy, items))).toEqual(syncedIn(tree));
    }),
    { numRuns: 250 },
  );
});

test('a copied selection syncs the same under every policy', () => {
  fc.assert(
    fc.property(aTree, fc.constantFrom(...policies), (tree, policy) => {
      fc.pre(Object.keys(syncedIn(tree)).length > 0);
      const items = wholeSelection(tree, policy, () => false);
      expect(selectionProblems(policy, items)).toEqual([]);
      expect(syncedIn(after(untouched(tree), policy, items))).toEqual(syncedIn(tree));
    }),
    { numRuns: 250 },
  );
});
