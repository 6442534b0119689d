import { diffSelection } from '../../../../src/connection/selection/diff.ts';
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

describe('items that are not listed', () => {
  const source = tree('ALLOW_ALL', {
    public: schema({
      orders: table({ id: column({ locked: true }), note: column({ enabled: false }) }),
      users: table({ id: column({ locked: true }), email: column(), notes: column() }),
      logs: table(),
    }),
    audit: schema({ events: table() }),
  });
  const schemas = {
    public: listed({ orders: item(), users: item({ email: { enabled: true, hashed: true } }) }),
  };

  test('sync under ALLOW_ALL', () => {
    const { patch } = diffSelection(source, { schema_change_handling: 'ALLOW_ALL', schemas });
    expect(patch).toEqual({
      schemas: {
        public: {
          enabled: true,
          tables: {
            orders: { enabled: true, columns: { note: { enabled: true } } },
            users: { enabled: true, columns: { email: { enabled: true, hashed: true } } },
          },
        },
      },
    });
  });

  test('under ALLOW_COLUMNS: columns sync, schemas and tables do not', () => {
    const { patch } = diffSelection(source, { schema_change_handling: 'ALLOW_COLUMNS', schemas });
    expect(patch).toEqual({
      schema_change_handling: 'ALLOW_COLUMNS',
      schemas: {
        public: {
          enabled: true,
          tables: {
            orders: { enabled: true, columns: { note: { enabled: true } } },
            users: { enabled: true, columns: { email: { enabled: true, hashed: true } } },
            logs: { enabled: false },
          },
        },
        audit: { enabled: false, tables: { events: { enabled: false } } },
      },
    });
  });

  test('under BLOCK_ALL: the other columns of a table that lists some are disabled, except locked ones', () => {
    const { patch } = diffSelection(source, { schema_change_handling: 'BLOCK_ALL', schemas });
    expect(patch?.schemas?.public?.tables).toEqual({
      orders: { enabled: true, columns: { note: { enabled: true } } },
      users: {
        enabled: true,
        columns: { email: { enabled: true, hashed: true }, notes: { enabled: false } },
      },
      logs: { enabled: false },
    });
  });

  test.each(policies)('%s without schemas sets the policy and nothing else', (policy) => {
    const { patch } = diffSelection(source, { schema_change_handling: policy, schemas: {} });
    expect(patch).toEqual(policy === 'ALLOW_ALL' ? undefined : { schema_change_handling: policy });
  });

  test.each(policies)('%s syncs all tables of a listed schema without tables', (policy) => {
    const off = tree(policy, {
      public: schema({ orders: table({}, { enabled: false }), users: table() }, { enabled: false }),
    });
    for (const tables of [undefined, {}]) {
      const { patch, newTables } = diffSelection(off, {
        schema_change_handling: policy,
        schemas: { public: { enabled: true, tables } },
      });
      expect(patch).toEqual({
        schemas: { public: { enabled: true, tables: { orders: { enabled: true } } } },
      });
      expect(newTables).toEqual([
        ['public', 'orders'],
        ['public', 'users'],
      ]);
    }
  });

  test('a column stays hashed until hashed is false', () => {
    const hashed = tree('ALLOW_ALL', {
      public: schema({ users: table({ email: column({ hashed: true }) }) }),
    });
    const selection = (choice: SelectedColumn): SchemaSelection => ({
      schema_change_handling: 'ALLOW_ALL',
      schemas: { public: listed({ users: item({ email: choice }) }) },
    });
    expect(diffSelection(hashed, selection({ enabled: true, hashed: undefined })).patch).toBe(
      undefined,
    );
    expect(
      diffSelection(hashed, selection({ enabled: true, hashed: false })).patch?.schemas?.public
        ?.tables,
    ).toEqual({ users: { enabled: true, columns: { email: { enabled: true, hashed: false } } } });
  });

  test('the contents of a disabled schema do not count as different', () => {
    const off = tree('ALLOW_COLUMNS', {
      public: schema({ orders: table() }),
      audit: schema({ events: table() }, { enabled: false }),
    });
    const selection: SchemaSelection = {
      schema_change_handling: 'ALLOW_COLUMNS',
      schemas: { public: listed({ orders: item() }) },
    };
    expect(diffSelection(off, selection)).toMatchObject({ patch: undefined, problems: [] });
  });
});

describe('an impossible selection', () => {
  const source = tree('ALLOW_COLUMNS', {
    public: schema({
      orders: table({ id: column({ locked: true }), amount: column() }),
      fivetran_audit: table({}, { locked: true }),
      view: table({}, { supports_columns_config: false }),
    }),
    system: schema({}, { locked: true, enabled: false }),
  });
  const problems = (schemas: SchemaSelection['schemas']) =>
    diffSelection(source, { schema_change_handling: 'ALLOW_COLUMNS', schemas }).problems;

  test('names that the source does not have are reported with the nearest ones of their level', () => {
    expect(
      problems({
        pubilc: listed(),
        public: listed({
          ordrs: item(),
          zzzzzzzzzz: item(),
          orders: item({ Amount: { enabled: true, hashed: undefined } }),
        }),
      }),
    ).toEqual([
      'schemas.pubilc: the source has no such schema. Did you mean public?',
      'schemas.public.tables.ordrs: the source has no such table. Did you mean orders?',
      'schemas.public.tables.zzzzzzzzzz: the source has no such table. It has orders, fivetran_audit, and view.',
      'schemas.public.tables.orders.columns.Amount: the source has no such column. Did you mean amount?',
    ]);
  });

  test('changing a locked item is a problem at each level', () => {
    expect(
      problems({
        system: listed(),
        public: listed({
          fivetran_audit: { enabled: false, sync_mode: undefined, columns: undefined },
          orders: item({ id: { enabled: false, hashed: undefined } }),
        }),
      }),
    ).toEqual([
      'schemas.public.tables.orders.columns.id: Fivetran does not allow disabling this column.',
      'schemas.public.tables.fivetran_audit: Fivetran does not allow disabling this table.',
      'schemas.system: Fivetran does not allow enabling this schema.',
    ]);
  });

  test('names that the user wrote with ${NAME} are shown as written', () => {
    const off = { enabled: false, hashed: undefined };
    const selection: SchemaSelection = {
      schema_change_handling: 'ALLOW_COLUMNS',
      schemas: { public: listed({ hunter2: item(), orders: item({ id: off, hunter2: off }) }) },
      written: new Map([
        ['["public","hunter2"]', '${TABLE}'],
        ['["public","orders","hunter2"]', 'x${COLUMN}'],
        ['["public","orders","id"]', '${ID}'],
      ]),
    };
    expect(diffSelection(source, selection).problems).toEqual([
      'schemas.public.tables.${TABLE}: the source has no such table. It has orders, fivetran_audit, and view.',
      'schemas.public.tables.orders.columns.x${COLUMN}: the source has no such column. It has ${ID} and amount.',
      'schemas.public.tables.orders.columns.${ID}: Fivetran does not allow disabling this column.',
    ]);
  });

  test('locked items that are not listed stay unchanged', () => {
    expect(problems({ public: listed({ orders: item() }) })).toEqual([]);
  });

  test('columns of a table that does not support choosing them are a problem', () => {
    expect(
      problems({ public: listed({ view: item({ a: { enabled: true, hashed: true } }) }) }),
    ).toEqual([
      'schemas.public.tables.view.columns: Fivetran does not support choosing the columns of this table.',
    ]);
  });
});

test('a patch keeps names of built-in object properties', () => {
  const source = tree('ALLOW_ALL', JSON.parse('{"__proto__": {"enabled": true, "tables": {}}}'));
  const { patch } = diffSelection(source, {
    schema_change_handling: 'ALLOW_ALL',
    schemas: JSON.parse('{"__proto__": {"enabled": false}}'),
  });
  expect(JSON.stringify(patch)).toBe('{"schemas":{"__proto__":{"enabled":false}}}');
});

function tree(schema_change_handling: string, schemas: SchemaTree['schemas']): SchemaTree {
  return { schema_change_handling, schemas };
}
function schema(tables: SchemaNode['tables'], more: Partial<SchemaNode> = {}): SchemaNode {
  return { enabled: true, locked: false, tables, ...more };
}
function table(columns: TableNode['columns'] = {}, more: Partial<TableNode> = {}): TableNode {
  const sync_mode = 'SOFT_DELETE';
  return {
    enabled: true,
    locked: false,
    sync_mode,
    supports_columns_config: true,
    columns,
    ...more,
  };
}
function column(more: Partial<ColumnNode> = {}): ColumnNode {
  return { enabled: true, hashed: false, is_primary_key: false, locked: false, ...more };
}
function listed(tables?: Record<string, SelectedTable>): SelectedSchema {
  return { enabled: true, tables };
}
function item(columns?: Record<string, SelectedColumn>): SelectedTable {
  return { enabled: true, sync_mode: undefined, columns };
}
