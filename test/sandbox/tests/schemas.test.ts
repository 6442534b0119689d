import type { SandboxOptions } from '../sandbox.mjs';
import { tableOf } from '../source-trees.mjs';
import { closeAll, open, PATH } from './open.ts';

afterEach(closeAll);

const id = 'pg';
const SCHEMAS = `${PATH}/${id}/schemas`;

/** A small source: two schemas, a locked table in each state, and a table without column support. */
const shop = {
  public: {
    orders: tableOf('total'),
    users: tableOf('email notes'),
    system: tableOf('x', {
      locked: { enabled: true, reason_code: 'SYSTEM_TABLE', reason: 'Required' },
    }),
    broken: tableOf('x', { locked: { enabled: false, reason_code: 'OTHER', reason: 'No key' } }),
    blob: tableOf('x', { supports_columns_config: false }),
  },
  Audit: { 'log ins': tableOf('ip') },
};

/** A connected, paused postgres connection that has never synced. */
async function openOne(options: SandboxOptions = {}, seed: Record<string, unknown> = {}) {
  const { sandbox, call } = await open({ sourceTree: { postgres: shop }, ...options });
  sandbox.seed({ id, service: 'postgres', config: { schema_prefix: 'pr_42' }, ...seed });
  return {
    sandbox,
    call,
    get: () => call('GET', SCHEMAS),
    patch: (body: unknown) => call('PATCH', SCHEMAS, body),
    reload: (exclude_mode?: string) =>
      call('POST', `${SCHEMAS}/reload`, exclude_mode ? { exclude_mode } : {}),
    columns: (schema: string, table: string) =>
      call(
        'GET',
        `${SCHEMAS}/${encodeURIComponent(schema)}/tables/${encodeURIComponent(table)}/columns`,
      ),
    config: () => sandbox.state.connections.get(id)?.schemaConfig,
    tables: () => Object.keys(sandbox.selection(id)),
  };
}

const patchOf = (tables: Record<string, unknown>, more = {}) => ({
  schemas: { public: { enabled: true, tables } },
  ...more,
});

describe('before the schema is captured', () => {
  test.each(['GET', 'PATCH'])('%s answers NotFound_SchemaConfig', async (method) => {
    const { sandbox, call } = await openOne();
    const body = method === 'PATCH' ? { schema_change_handling: 'BLOCK_ALL' } : undefined;
    expect(await call(method, SCHEMAS, body)).toMatchObject({
      status: 404,
      code: 'NotFound_SchemaConfig',
    });
    expect(sandbox.connections[0]).toMatchObject({
      status: { schema_status: 'blocked_on_capture' },
    });
  });

  test('a connection that has synced before has a schema config', async () => {
    const one = await openOne({}, { succeeded_at: '2026-01-01T00:00:00.000000Z' });
    expect((await one.get()).status).toBe(200);
  });
});

describe('a reload', () => {
  test('with EXCLUDE leaves columns that were never set to be synced', async () => {
    const one = await openOne();
    await one.reload();
    await one.patch(patchOf({ users: { enabled: true, columns: { email: { enabled: true } } } }));
    await one.reload('EXCLUDE');
    await one.patch(patchOf({ users: { enabled: true } }));
    expect(one.sandbox.selection(id)['public.users']?.columns).toEqual(['id', 'notes']);
  });

  test.each([
    ['ALLOW_ALL', true, undefined],
    ['ALLOW_COLUMNS', false, undefined],
    ['BLOCK_ALL', false, { enabled: false }],
  ])('with PRESERVE adds new tables and columns as %s says', async (policy, enabled, column) => {
    const one = await openOne();
    await one.reload();
    await one.patch(patchOf({ orders: { enabled: false } }, { schema_change_handling: policy }));
    const tree = one.sandbox.state.sourceTree.postgres;
    Object.assign(tree?.public ?? {}, { refunds: tableOf('total') });
    Object.assign(tree?.public?.users?.columns ?? {}, { phone: {} });
    const { tables } = (await one.reload()).data.schemas.public;
    expect(tables.refunds.enabled).toBe(enabled);
    expect(tables.orders.enabled).toBe(false);
    expect(tables.users.enabled).toBe(true);
    if (column) expect(tables.users.columns.phone).toMatchObject(column);
    else expect(tables.users).not.toHaveProperty('columns');
  });

  test.each(['incomplete', 'broken'])('of a connection that is %s is refused', async (state) => {
    const one = await openOne({}, { setup_state: state });
    expect(await one.reload()).toMatchObject({ status: 409, code: 'Conflict' });
    expect((await one.get()).status).toBe(404);
  });

  test.each([[{ exclude_mode: 'NONE' }], [{ exclude_mode: true }], [{ mode: 'EXCLUDE' }]])(
    'with body %j is refused',
    async (body) => {
      const one = await openOne();
      expect(await one.call('POST', `${SCHEMAS}/reload`, body)).toMatchObject({ status: 400 });
    },
  );
});

describe('a patch', () => {
  test('can answer the whole tree', async () => {
    const one = await openOne({ schemaPatchAnswer: 'whole' });
    await one.reload();
    const { data } = await one.patch(patchOf({ orders: { enabled: false } }));
    expect(data).toEqual((await one.get()).data);
    expect(Object.keys(data.schemas.public.tables)).toHaveLength(5);
  });

  test('unhashes a column only when hashed is false', async () => {
    const one = await openOne();
    await one.reload();
    const email = async (choice: object) => {
      await one.patch(patchOf({ users: { enabled: true, columns: { email: choice } } }));
      return one.sandbox.selection(id)['public.users']?.hashed;
    };
    expect(await email({ enabled: true, hashed: true })).toEqual(['email']);
    expect(await email({ enabled: true })).toEqual(['email']);
    expect(await email({ enabled: true, hashed: false })).toEqual([]);
  });

  const users = (columns: object) => patchOf({ users: { enabled: true, columns } });

  test.each<[string, unknown, string]>([
    ['an empty body', {}, 'The request changes nothing'],
    ['empty schemas', { schemas: {} }, 'The request changes nothing'],
    ['an unknown field', { policy: 'x' }, "'policy'"],
    ['no enabled on a locked item', patchOf({ system: {} }), "system.enabled'"],
    ['an unknown table field', patchOf({ users: { enabled: true, hash: 1 } }), "users.hash'"],
    ['an unknown schema', { schemas: { Public: { enabled: true } } }, "'Public'"],
    ['an unknown table', patchOf({ Users: { enabled: true } }), "'public.Users'"],
    ['an unknown column', users({ Email: { enabled: true } }), "'Email'"],
    ['a locked table to be disabled', patchOf({ system: { enabled: false } }), 'Required'],
    ['a locked table to be enabled', patchOf({ broken: { enabled: true } }), 'No key'],
    ['a primary key to be disabled', users({ id: { enabled: false } }), 'Primary Key'],
    [
      'columns of a table without column support',
      patchOf({ blob: { enabled: true, columns: { x: { enabled: true } } } }),
      'does not support',
    ],
  ])('with %s is refused', async (_what, body, message) => {
    const one = await openOne();
    await one.reload();
    const before = structuredClone(one.config());
    const reply = await one.patch(body);
    expect(reply).toMatchObject({ status: 400, code: 'InvalidInput' });
    expect(reply.message).toContain(message);
    expect(one.config()).toEqual(before);
  });

  test('may name locked items in the state that they are in', async () => {
    const one = await openOne();
    await one.reload();
    const body = patchOf({
      system: { enabled: true },
      broken: { enabled: false },
      users: { enabled: true, columns: { id: { enabled: true } } },
    });
    expect((await one.patch(body)).status).toBe(200);
  });
});

describe('the column list', () => {
  test.each([
    ['Public', 'users', 404, 'NotFound_Schema'],
    ['public', 'Users', 404, 'NotFound_Table'],
    ['public', 'constructor', 404, 'NotFound_Table'],
    ['public', 'blob', 400, 'InvalidInput'],
  ])('of %s.%s answers %i %s', async (schema, table, status, code) => {
    const one = await openOne();
    await one.reload();
    expect(await one.columns(schema, table)).toMatchObject({ status, code });
  });

  test('needs a connected source', async () => {
    const one = await openOne({}, { setup_state: 'broken', selection: {} });
    expect(await one.columns('public', 'users')).toMatchObject({ status: 409 });
  });
});

describe('a selection posted before the first sync', () => {
  const body = {
    schema_change_handling: 'BLOCK_ALL',
    schemas: {
      public: { enabled: true, tables: { orders: { enabled: false }, none: { enabled: true } } },
    },
  };

  test.each([
    [{}],
    [{ schema_change_handling: 'BLOCK_ALL' }],
    [{ schemas: { public: true } }],
    [{ schemas: { public: { enabled: true, tables: { orders: {} } } } }],
  ])('is refused with body %j', async (wrong) => {
    const one = await openOne();
    expect(await one.call('POST', SCHEMAS, wrong)).toMatchObject({ status: 400 });
  });

  test('is refused after the first sync', async () => {
    const one = await openOne({}, { succeeded_at: '2026-01-01T00:00:00.000000Z' });
    expect(await one.call('POST', SCHEMAS, body)).toMatchObject({ status: 400 });
    const syncing = await openOne({ syncSeconds: 60 });
    await syncing.call('POST', `${PATH}/${id}/sync`, {});
    expect(await syncing.call('POST', SCHEMAS, body)).toMatchObject({ status: 400 });
  });
});

describe('a service', () => {
  test('that syncs into one table has no schema config', async () => {
    const one = await openOne({}, { service: 's3', succeeded_at: '2026-01-01T00:00:00.000000Z' });
    expect((await one.get()).code).toBe('NotFound_SchemaConfig');
    const body = { schemas: { a: { enabled: true } } };
    expect(await one.call('POST', SCHEMAS, body)).toMatchObject({ status: 400 });
  });
});
