import fc from 'fast-check';
import { diffSelection, type SelectionPatch } from '../../../../src/connection/selection/diff.ts';
import type {
  ColumnNode,
  SchemaNode,
  SchemaTree,
  TableNode,
} from '../../../../src/fivetran/responses/schema-tree.ts';
import type {
  SchemaSelection,
  SelectedColumn,
  SelectedSchema,
  SelectedTable,
} from '../../../../src/inputs/spec.ts';

const policies = ['ALLOW_ALL', 'ALLOW_COLUMNS', 'BLOCK_ALL'] as const;
const names = ['public', 'orders', 'constructor', '__proto__', 'toString', 'a.b', '', 'Üser', '0'];

/** A mapping with any of the names. */
const named = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), item), {
      selector: ([name]) => name,
      maxLength: 4,
    })
    .map((entries) => Object.fromEntries(entries));

const aColumn: fc.Arbitrary<ColumnNode> = fc.record({
  enabled: fc.boolean(),
  hashed: fc.boolean(),
  is_primary_key: fc.boolean(),
  locked: fc.boolean(),
});
const aTable: fc.Arbitrary<TableNode> = fc.record({
  enabled: fc.boolean(),
  locked: fc.boolean(),
  sync_mode: fc.constantFrom(undefined, 'SOFT_DELETE', 'HISTORY', 'LIVE'),
  supports_columns_config: fc.boolean(),
  columns: named(aColumn),
});
const aSchema: fc.Arbitrary<SchemaNode> = fc.record({
  enabled: fc.boolean(),
  locked: fc.boolean(),
  tables: named(aTable),
});
const aTree: fc.Arbitrary<SchemaTree> = fc.record({
  schema_change_handling: fc.constantFrom(undefined, ...policies),
  schemas: named(aSchema),
});

const aColumnChoice: fc.Arbitrary<SelectedColumn> = fc.record({
  enabled: fc.boolean(),
  hashed: fc.constantFrom(undefined, true, false),
  is_primary_key: fc.constantFrom(undefined, true, false),
});
const aTableChoice: fc.Arbitrary<SelectedTable> = fc.record({
  enabled: fc.boolean(),
  sync_mode: fc.constantFrom(undefined, 'SOFT_DELETE', 'HISTORY', 'LIVE'),
  columns: fc.option(named(aColumnChoice), { nil: undefined }),
});
const aSchemaChoice: fc.Arbitrary<SelectedSchema> = fc.record({
  enabled: fc.boolean(),
  tables: fc.option(named(aTableChoice), { nil: undefined }),
});
const aSelection: fc.Arbitrary<SchemaSelection> = fc.record({
  schema_change_handling: fc.constantFrom(...policies),
  schemas: named(aSchemaChoice),
});

describe('any selection on any tree', () => {
  test('the patch produces the tree that the policy requires', () => {
    fc.assert(
      fc.property(aTree, aSelection, (tree, selection) => {
        const { patch } = diffSelection(tree, selection);
        expect(syncing(patched(tree, patch))).toEqual(expectedSyncing(tree, selection));
      }),
      { numRuns: 1000 },
    );
  });

  test('nothing differs once the patch is applied', () => {
    fc.assert(
      fc.property(aTree, aSelection, (tree, selection) => {
        const first = diffSelection(tree, selection);
        const second = diffSelection(patched(tree, first.patch), selection);
        expect(second).toMatchObject({ patch: undefined, changes: [], newTables: [] });
        expect(second.problems).toEqual(first.problems);
        expect(second.counts).toEqual(first.counts);
      }),
      { numRuns: 1000 },
    );
  });

  test('the patch contains only the differences and their parents', () => {
    fc.assert(
      fc.property(aTree, aSelection, (tree, selection) => {
        const { patch, changes } = diffSelection(tree, selection);
        expect(changes.length > 0).toBe(patch !== undefined);
        for (const [node, part] of partsOf(tree, patch)) {
          const { enabled, tables, columns, ...settings } = part as Record<string, unknown>;
          expect(typeof enabled).toBe('boolean');
          const differing = Object.entries({ enabled, ...settings }).filter(
            ([field, value]) => node[field] !== value,
          );
          const inner = [...Object.keys(tables ?? {}), ...Object.keys(columns ?? {})];
          expect(differing.length + inner.length).toBeGreaterThan(0);
          expect(differing.length).toBeGreaterThanOrEqual(Object.keys(settings).length);
          if (node.locked) expect(enabled).toBe(node.enabled);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('the counts match the patched tree', () => {
    fc.assert(
      fc.property(aTree, aSelection, (tree, selection) => {
        const { patch, counts } = diffSelection(tree, selection);
        const after = patched(tree, patch);
        const { schemas, tables, columns, hashed } = syncing(after);
        expect([counts.schemas.enabled, counts.tables.enabled]).toEqual([
          schemas.length,
          tables.length,
        ]);
        expect([counts.columns.enabled, counts.hashed]).toEqual([columns.length, hashed.length]);
        const all = Object.values(after.schemas).flatMap((schema) => Object.keys(schema.tables));
        expect(counts.tables.enabled + counts.tables.disabled).toBe(all.length);
        expect(counts.schemas.enabled + counts.schemas.disabled).toBe(
          Object.keys(after.schemas).length,
        );
      }),
    );
  });

  test('the tree and the selection are not modified', () => {
    fc.assert(
      fc.property(aTree, aSelection, (tree, selection) => {
        const before = structuredClone({ tree, selection });
        diffSelection(tree, selection);
        expect({ tree, selection }).toEqual(before);
      }),
    );
  });
});

// The API's side of a patch.

/** The tree after Fivetran has merged a patch into it; throws where Fivetran would refuse. */
function patched(from: SchemaTree, patch: SelectionPatch | undefined): SchemaTree {
  const after = structuredClone(from);
  for (const [node, part] of partsOf(after, patch)) {
    const { tables, columns, ...settings } = part as Record<string, unknown>;
    Object.assign(node, settings);
  }
  if (patch?.schema_change_handling) after.schema_change_handling = patch.schema_change_handling;
  return after;
}

/** Each part of a patch with the node that it is about. */
function partsOf(from: SchemaTree, patch: SelectionPatch | undefined) {
  const parts: [node: Record<string, unknown>, part: object][] = [];
  const visit = (nodes: Record<string, unknown>, patches: object | undefined): void => {
    for (const [name, part] of Object.entries(patches ?? {})) {
      if (!Object.hasOwn(nodes, name)) throw new Error(`The tree has no ${name}.`);
      const node = nodes[name] as Record<string, Record<string, unknown>>;
      parts.push([node, part]);
      visit(node.tables ?? {}, part.tables);
      visit(node.columns ?? {}, part.columns);
    }
  };
  visit(from.schemas, patch?.schemas);
  return parts;
}

// The policy table, item by item.

type Syncing = Record<'schemas' | 'tables' | 'columns' | 'hashed' | 'modes', string[]>;

/** What a tree syncs. */
function syncing({ schemas }: SchemaTree): Syncing {
  const found: Syncing = { schemas: [], tables: [], columns: [], hashed: [], modes: [] };
  for (const [s, schema] of Object.entries(schemas)) {
    if (!schema.enabled) continue;
    found.schemas.push(s);
    for (const [t, table] of Object.entries(schema.tables)) {
      if (!table.enabled) continue;
      found.tables.push(`${s}/${t}`);
      found.modes.push(`${s}/${t} ${table.sync_mode}`);
      for (const [c, { enabled, hashed }] of Object.entries(table.columns)) {
        if (enabled) found.columns.push(`${s}/${t}/${c}`);
        if (enabled && hashed) found.hashed.push(`${s}/${t}/${c}`);
      }
    }
  }
  return found;
}

/** What a tree should sync, as the design's table says it. */
function expectedSyncing(from: SchemaTree, selection: SchemaSelection): Syncing {
  const { schema_change_handling: policy, schemas: choices } = selection;
  if (Object.keys(choices).length === 0) return syncing(from);
  const at = <T>(items: Record<string, T> | undefined, name: string): T | undefined =>
    items && new Map(Object.entries(items)).get(name);
  const some = (items: object | undefined): boolean => Object.keys(items ?? {}).length > 0;
  const keep = (
    node: { enabled: boolean; locked: boolean },
    choice: { enabled: boolean } | undefined,
    otherwise: boolean,
  ): boolean => (node.locked ? node.enabled : choice ? choice.enabled : otherwise);
  const wanted = structuredClone(from);
  for (const [s, schema] of Object.entries(wanted.schemas)) {
    const ofSchema = at(choices, s);
    schema.enabled = keep(schema, ofSchema, policy === 'ALLOW_ALL');
    for (const [t, table] of Object.entries(schema.tables)) {
      const ofTable = at(ofSchema?.tables, t);
      const takesAll = ofSchema !== undefined && !some(ofSchema.tables);
      table.enabled = keep(table, ofTable, policy === 'ALLOW_ALL' || takesAll);
      table.sync_mode = ofTable?.sync_mode ?? table.sync_mode;
      if (some(ofTable?.columns) && !table.supports_columns_config) continue;
      for (const [c, column] of Object.entries(table.columns)) {
        const ofColumn = at(ofTable?.columns, c);
        const blocked = policy === 'BLOCK_ALL' && some(ofTable?.columns);
        column.enabled = keep(column, ofColumn, !blocked);
        column.hashed = ofColumn?.hashed ?? column.hashed;
      }
    }
  }
  return syncing(wanted);
}
