import { planSelection } from '../../../../src/connection/selection/plan.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';
import { contextOf, type SchemaApi, schemaApi, specOf } from './api.ts';

const shop = {
  public: { orders: ['id!', 'amount'], users: ['id!', 'email', 'notes'], logs: ['id!'] },
  audit: { events: ['id!'] },
};

const wanted = (if_exists: PresentSpec['if_exists'] = 'update') =>
  specOf(
    'ALLOW_COLUMNS',
    {
      public: {
        orders: {},
        users: {
          sync_mode: 'HISTORY',
          columns: { email: { hashed: true }, notes: { enabled: false } },
        },
      },
    },
    if_exists,
  );

async function plan(
  spec: PresentSpec,
  prepare: (api: SchemaApi) => void = () => {},
  connection: Parameters<typeof contextOf>[2] = {},
) {
  const { api, fivetran } = schemaApi(shop);
  prepare(api);
  const { context } = contextOf(fivetran, spec, connection);
  const { changes, ...result } = await planSelection(spec, context.state.connection, context);
  const told = changes.map(({ path, field, to }) => `${[...path, field].join('.')}: ${to}`);
  return { ...result, changes: told, requests: api.requests };
}

const captured = (api: SchemaApi): void => api.capture(true);

test('lists what an update would change, and only reads', async () => {
  expect(await plan(wanted(), captured)).toEqual({
    requests: ['GET', 'COLUMNS public.users'],
    steps: ['Update the selection of connection shop.'],
    changes: [
      'schema_change_handling: ALLOW_COLUMNS',
      'public.users.sync_mode: HISTORY',
      'public.users.email.hashed: true',
      'public.users.notes.enabled: false',
      'public.logs.enabled: false',
      'audit.enabled: false',
    ],
    problems: [],
    warnings: [],
  });
});

test('is empty when nothing differs, and without a selection', async () => {
  const spec = specOf('ALLOW_ALL', { public: { logs: {} } }, 'update');
  expect(await plan(spec, captured)).toMatchObject({ steps: [], problems: [], warnings: [] });
  const { selection: _, ...others } = wanted();
  const none = await plan({ ...others, selection: undefined }, captured);
  expect(none).toEqual({ requests: [], steps: [], changes: [], problems: [], warnings: [] });
});

test('without a tree, describes the selection and warns that names are unverified', async () => {
  const unread = {
    problems: [],
    warnings: [
      'Fivetran has not read the schema from the source yet, so the names in schemas cannot be verified.',
    ],
  };
  expect(await plan(wanted())).toEqual({
    ...unread,
    requests: ['GET'],
    steps: [
      'Read the schema from the source.',
      'Update the selection of connection shop.',
      'Disable all other schemas and tables.',
    ],
    changes: [
      'schema_change_handling: ALLOW_COLUMNS',
      'public.enabled: true',
      'public.orders.enabled: true',
      'public.users.enabled: true',
      'public.users.sync_mode: HISTORY',
      'public.users.email.hashed: true',
      'public.users.notes.enabled: false',
    ],
  });
  const { api, fivetran } = schemaApi(shop);
  const { context } = contextOf(fivetran, wanted());
  expect(await planSelection(wanted(), undefined, context)).toEqual({
    ...unread,
    steps: [
      'Read the schema from the source.',
      'Set schema_change_handling to ALLOW_COLUMNS.',
      'Enable public.',
      'Enable public.orders.',
      'Enable public.users.',
      'Set sync_mode HISTORY for public.users.',
      'Enable public.users.email.',
      'Hash public.users.email.',
      'Disable public.users.notes.',
      'Disable all other schemas and tables.',
    ],
    changes: [],
  });
  expect(api.requests).toEqual([]);
});

test('missing names only warn, because a real run reloads the schema first', async () => {
  const spec = specOf('ALLOW_ALL', { public: { ordrs: {} } }, 'update');
  const { steps, problems, warnings } = await plan(spec, captured);
  expect(steps).toEqual(['Reload the schema of connection shop from the source.']);
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    'schemas.public.tables.ordrs: the source has no such table. Did you mean orders?',
  ]);
});

test('missing columns are problems, because the column list is complete', async () => {
  const spec = specOf('ALLOW_ALL', { public: { users: { columns: { emial: {} } } } }, 'update');
  const { problems } = await plan(spec, captured);
  expect(problems).toEqual([
    'schemas.public.tables.users.columns.emial: the source has no such column. Did you mean email?',
  ]);
});

test('columns are not listed before the setup is complete', async () => {
  const { requests, changes } = await plan(wanted(), captured, {
    status: { setup_state: 'incomplete' },
  });
  expect(requests).toEqual(['GET']);
  expect(changes).toContain('public.users.email.hashed: true');
});

test('warns that enabling a table on a synced connection starts its historical sync', async () => {
  const { warnings } = await plan(
    specOf('ALLOW_ALL', { public: {} }, 'update'),
    (api) => api.capture(false),
    { succeeded_at: '2026-01-01T00:00:00Z' },
  );
  expect(warnings).toEqual([
    'Connection shop has already synced: enabling public.orders, public.users, public.logs, ' +
      'and audit.events starts their historical sync.',
  ]);
});

test.each([
  ['no table is enabled', captured, { succeeded_at: '2026-01-01T00:00:00Z' }],
  ['nothing has synced yet', (api: SchemaApi) => api.capture(false), {}],
])('does not warn of a historical sync when %s', async (_when, prepare, connection) => {
  const spec = specOf('ALLOW_ALL', { public: {} }, 'update');
  expect((await plan(spec, prepare, connection)).warnings).toEqual([]);
});

test('with reuse, differences are a warning and no steps', async () => {
  const { steps, warnings } = await plan(wanted('reuse'), captured);
  expect(steps).toEqual([]);
  expect(warnings).toEqual([
    'The selection of connection shop differs from schemas; if_exists: reuse leaves it unchanged. ' +
      'if_exists: update would make these changes: Set schema_change_handling to ALLOW_COLUMNS (now ALLOW_ALL). ' +
      'Set sync_mode HISTORY for public.users (now SOFT_DELETE). Hash public.users.email. ' +
      'Disable public.users.notes. Disable public.logs. Disable audit.',
  ]);
});

test('many choices of one kind are abbreviated', async () => {
  const tables = Array.from({ length: 5000 }, (_, index) => [`t${index}`, {}]);
  const spec = specOf('ALLOW_COLUMNS', { public: Object.fromEntries(tables) }, 'update');
  const { fivetran } = schemaApi(shop);
  const { context } = contextOf(fivetran, spec);
  const { steps } = await planSelection(spec, undefined, context);
  expect(steps).toHaveLength(25);
  expect(steps).toContain('Enable 4980 more tables.');
});
