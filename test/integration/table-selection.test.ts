import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { BEGIN } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import type { Sandbox } from '../sandbox/sandbox.mjs';
import {
  isPaused,
  open,
  openExisting,
  openUnread,
  run,
  selected,
  shop,
  storedIn,
  synced,
  tableIn,
  wanted,
} from './table-selection-shop.ts';

test('a new connection stays paused until its selection is applied', async () => {
  const clock = virtualClock();
  const sandbox = await open({ now: () => BEGIN + clock.now() });
  const step = await run(sandbox, { wait_for_sync: true }, { clock });
  expect(failureOf(step)).toBe('');
  expect(step.sent.slice(0, 8)).toEqual([
    'look up',
    'create',
    'read schemas',
    'reload schemas',
    'list columns',
    'patch schemas',
    'read schemas',
    'patch',
  ]);
  expect(bodies(step, 'create')).toMatchObject([{ paused: true }]);
  expect(bodies(step, 'reload schemas')).toEqual([{ exclude_mode: 'EXCLUDE' }]);
  expect(bodies(step, 'patch')).toEqual([{ paused: false, run_setup_tests: false }]);
  expect(sandbox.state.connections.get(step.ids[0] ?? '')?.syncs.at(-1)?.selection).toEqual(wanted);
});

test('a re-run reads the selection once, changes nothing and says so', async () => {
  const sandbox = await open();
  await run(sandbox);
  const again = await run(sandbox);
  expect(again.sent).toEqual(['look up', 'test', 'read schemas']);
  expect(again.outputs).toMatchObject({ result: 'reused', changes: '' });
  expect(again.log).toContain(
    `The selection of connection ${again.ids[0]} is already up to date: `,
  );
});

test('the log tells what changes, and what syncs then', async () => {
  const step = await run(await open());
  const [id] = step.ids;
  const lines = step.log.split('\n').filter((line) => !line.startsWith('::debug::'));
  const begin = lines.findIndex((line) => line.startsWith('Reloading'));
  expect(lines.slice(begin, begin + 10)).toEqual([
    `Reloading the schema of connection ${id}: this can take several minutes.`,
    `Updating the selection of connection ${id} (6 changes):`,
    'Set schema_change_handling to ALLOW_COLUMNS (now ALLOW_ALL).',
    'Enable public.',
    'Enable public.orders.',
    'Enable public.users.',
    'Hash public.users.email.',
    'Disable public.users.notes.',
    `The selection of connection ${id} is applied: 1 schema enabled, 1 disabled; 2 tables enabled, ` +
      '2 disabled; 1 known column enabled, 1 disabled, 1 hashed.',
    `Unpaused connection ${id}: its selection is applied.`,
  ]);
  expect(step.outputs.changes).toBe('');
});

test('drift is corrected with the differences only, as an update', async () => {
  const sandbox = await openExisting({ ...synced, selection: selected });
  tableIn(sandbox, 'logs').enabled = true;
  tableIn(sandbox, 'users').columns.email = { enabled: true, hashed: false };
  const step = await run(sandbox, { paused: true });
  expect(step.sent).toEqual(['look up', 'test', 'read schemas', 'patch schemas', 'read schemas']);
  expect(bodies(step, 'patch schemas')).toEqual([
    {
      schemas: {
        public: {
          enabled: true,
          tables: {
            users: { enabled: true, columns: { email: { enabled: true, hashed: true } } },
            logs: { enabled: false },
          },
        },
      },
    },
  ]);
  expect(sandbox.selection('shop')).toEqual(wanted);
  expect(step.log).not.toContain('historical');
  expect(step.outputs.result).toBe('updated');
  expect(step.outputs.changes).toBe(
    'column public.users.email: hashed\ntable public.logs: enabled → disabled',
  );
});

test('what is written about a column and a table is sent, and then nothing differs', async () => {
  const sandbox = await openExisting({ selection: selected });
  const users = { sync_mode: 'HISTORY', columns: { email: { is_primary_key: true }, notes: {} } };
  const inputs = { ...shop, paused: true, schemas: { public: { tables: { orders: {}, users } } } };
  const step = await runStep({ inputs }, { sandbox });
  const email = { enabled: true, is_primary_key: true };
  const tables = {
    users: { enabled: true, sync_mode: 'HISTORY', columns: { email, notes: { enabled: true } } },
  };
  expect(bodies(step, 'patch schemas')).toEqual([
    { schemas: { public: { enabled: true, tables } } },
  ]);
  expect(step.log).toContain('Set sync_mode HISTORY for public.users (now SOFT_DELETE).');
  expect(step.log).toContain('Set is_primary_key true for public.users.email.');
  const again = await runStep({ inputs }, { sandbox });
  expect(again.outputs.result).toBe('reused');
});

test.each([
  {
    what: 'two tables that are enabled start their historical sync',
    ...{
      disabled: ['orders', 'logs'],
      seed: synced,
      starts: 'orders and public.${TABLE} starts their',
    },
  },
  {
    what: 'one table that is enabled starts its historical sync',
    ...{ disabled: ['logs'], seed: synced, starts: '${TABLE} starts its' },
  },
  {
    what: 'no historical sync starts when no table is enabled',
    ...{ disabled: [], seed: synced, starts: undefined },
  },
  {
    what: 'the first sync of a connection is not called a historical sync of its tables',
    ...{ disabled: ['logs'], seed: {}, starts: undefined },
  },
])('$what', async (one) => {
  const sandbox = await openExisting(one.seed);
  for (const name of one.disabled) tableIn(sandbox, name).enabled = false;
  const schemas = { public: { tables: { orders: {}, '${TABLE}': {} } } };
  for (const dry_run of [true, false]) {
    const inputs = { ...shop, paused: true, schemas, dry_run };
    const step = await runStep({ inputs, env: { TABLE: 'logs' } }, { sandbox });
    expect(failureOf(step)).toBe('');
    const warned = 'Connection shop has already synced: enabling public.';
    expect(step.log.includes('historical sync')).toBe(one.starts !== undefined);
    if (one.starts) expect(step.log).toContain(`${warned}${one.starts} historical sync.`);
  }
});

test('paused: true keeps the selected connection paused', async () => {
  const sandbox = await open();
  const step = await run(sandbox, { paused: true });
  expect(step.exitCode).toBe(0);
  expect(isPaused(sandbox)).toBe(true);
  expect(sandbox.selection(step.ids[0] ?? '')).toEqual(wanted);
});

test('a misspelled table leaves the connection paused and named, and a corrected re-run completes it', async () => {
  const sandbox = await open();
  const step = await run(sandbox, { schemas: { public: { tables: { ordres: {} } } } });
  const [id = ''] = step.ids;
  expect(step.exitCode).toBe(1);
  expect(step.outputs).toMatchObject({ connection_id: id, result: 'created', paused: 'true' });
  expect(failureOf(step)).toContain(
    'schemas.public.tables.ordres: the source has no such table. Did you mean orders?',
  );
  expect(step.outputs.error).toContain(`Connection ${id} was created and stays paused, because `);
  expect(step.sent.filter((name) => name === 'reload schemas')).toHaveLength(1);
  expect(isPaused(sandbox)).toBe(true);
  const again = await run(sandbox);
  expect(again.exitCode).toBe(0);
  expect(isPaused(sandbox)).toBe(false);
});

describe('with reuse', () => {
  test('a new connection gets its selection', async () => {
    const sandbox = await open();
    const step = await run(sandbox, { if_exists: 'reuse' });
    expect(step.outputs).toMatchObject({ result: 'created', paused: 'false' });
    expect(sandbox.selection(step.ids[0] ?? '')).toEqual(wanted);
  });

  const ordres = { public: { tables: { ...shop.schemas.public.tables, ordres: {} } } };
  const same = () => openExisting({ selection: selected });

  test.each<{
    what: string;
    opened: () => Promise<Sandbox>;
    inputs?: object;
    sent: string[];
    warning: RegExp[];
  }>([
    { what: 'the same selection', opened: same, sent: ['read schemas'], warning: [] },
    {
      what: 'a schema that Fivetran has not read',
      opened: () => openUnread(),
      sent: ['read schemas'],
      warning: [/cannot be compared with schemas: Fivetran has not read its schema yet\.$/],
    },
    {
      what: 'a table that the source lacks',
      opened: same,
      inputs: { schemas: ordres },
      sent: ['read schemas'],
      warning: [/changes: schemas\.public\.tables\.ordres: the source has no such table/],
    },
    {
      what: 'another selection',
      opened: () => openExisting(),
      sent: ['read schemas', 'list columns'],
      warning: [
        /^The selection of connection shop differs from schemas; if_exists: reuse leaves it unchanged\. if_exists: update would make these changes: Set schema_change_handling to ALLOW_COLUMNS \(now ALLOW_ALL\)\. Hash public\.users\.email\. Disable public\.users\.notes\. Disable public\.logs\. Disable audit\.$/,
      ],
    },
  ])('$what is compared and left unchanged', async ({ opened, inputs, sent, warning }) => {
    const sandbox = await opened();
    const before = JSON.stringify(storedIn(sandbox).schemaConfig);
    for (const dry_run of [true, false]) {
      const more = { if_exists: 'reuse', run_setup_tests: false, paused: true, dry_run };
      const step = await runStep({ inputs: { ...shop, ...more, ...inputs } }, { sandbox });
      expect(step.exitCode).toBe(0);
      expect(step.sent.filter((name) => !/group|metadata/.test(name))).toEqual([
        'look up',
        ...sent,
      ]);
      const warnings = step.annotations.filter(({ level }) => level === 'warning');
      expect(warnings.map(({ message }) => message)).toEqual(
        warning.map((text) => expect.stringMatching(text)),
      );
      expect(step.outputs.changes).toBe('');
      expect(step.summary).not.toContain('Syncs');
    }
    expect(JSON.stringify(storedIn(sandbox).schemaConfig)).toBe(before);
  });
});
