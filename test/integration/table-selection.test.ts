import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { BEGIN } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import type { Seed } from '../sandbox/sandbox.mjs';
import {
  isPaused,
  open,
  openExisting,
  openUnread,
  paused,
  run,
  runAny,
  selected,
  shop,
  storedIn,
  synced,
  tableIn,
  tables,
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
  expect(bodies(step, 'create')).toMatchObject([paused]);
  expect(bodies(step, 'reload schemas')).toEqual([{ exclude_mode: 'EXCLUDE' }]);
  expect(bodies(step, 'patch')).toEqual([{ paused: false, run_setup_tests: false }]);
  expect(storedIn(sandbox).syncs.at(-1)?.selection).toEqual(wanted);
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

test('drift is corrected with the differences only, as an update', async () => {
  const sandbox = await openExisting({ ...synced, selection: selected });
  tableIn(sandbox, 'logs').enabled = true;
  tableIn(sandbox, 'users').columns.email = { enabled: true, hashed: false };
  const step = await run(sandbox, paused);
  expect(step.sent).toEqual(['look up', 'test', 'read schemas', 'patch schemas', 'read schemas']);
  const columns = { email: { enabled: true, hashed: true } };
  const changed = { users: { enabled: true, columns }, logs: { enabled: false } };
  expect(bodies(step, 'patch schemas')).toEqual([
    { schemas: { public: { enabled: true, tables: changed } } },
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
  const inputs = { ...paused, ...tables({ orders: {}, users }) };
  const step = await runAny(sandbox, inputs);
  const columns = {
    email: { enabled: true, is_primary_key: true },
    notes: { enabled: true },
  };
  const changed = { users: { enabled: true, sync_mode: 'HISTORY', columns } };
  expect(bodies(step, 'patch schemas')).toEqual([
    { schemas: { public: { enabled: true, tables: changed } } },
  ]);
  expect(step.log).toContain('Set sync_mode HISTORY for public.users (now SOFT_DELETE).');
  expect(step.log).toContain('Set is_primary_key true for public.users.email.');
  expect((await runAny(sandbox, inputs)).outputs.result).toBe('reused');
});

test.each<[string, { off: string[]; seed: Seed; names?: string }]>([
  [
    'two tables that are enabled start their historical sync',
    {
      off: ['orders', 'logs'],
      seed: synced,
      names: 'public.orders and public.${TABLE} starts their',
    },
  ],
  [
    'one table that is enabled starts its historical sync',
    { off: ['logs'], seed: synced, names: 'public.${TABLE} starts its' },
  ],
  ['no historical sync starts when no table is enabled', { off: [], seed: synced }],
  ['a first sync is not called a historical sync of tables', { off: ['logs'], seed: {} }],
])('%s', async (_, { off, seed, names }) => {
  const sandbox = await openExisting(seed);
  for (const name of off) tableIn(sandbox, name).enabled = false;
  for (const dry_run of [true, false]) {
    const inputs = { ...shop, ...paused, ...tables({ orders: {}, '${TABLE}': {} }), dry_run };
    const step = await runStep({ inputs, env: { TABLE: 'logs' } }, { sandbox });
    expect(failureOf(step)).toBe('');
    const told = /Connection shop has already synced: enabling (.*) historical sync\./.exec(
      step.log,
    );
    expect(told?.[1]).toBe(names);
  }
});

test('paused: true keeps the selected connection paused', async () => {
  const sandbox = await open();
  const step = await run(sandbox, paused);
  expect(step.exitCode).toBe(0);
  expect(isPaused(sandbox)).toBe(true);
  expect(sandbox.selection(step.ids[0] ?? '')).toEqual(wanted);
});

test('a misspelled table leaves the connection paused and named, and a corrected re-run completes it', async () => {
  const sandbox = await open();
  const step = await run(sandbox, tables({ ordres: {} }));
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

  test('a running connection with another selection is not synced', async () => {
    const sandbox = await openExisting({ ...synced, paused: false });
    const step = await runAny(sandbox, { if_exists: 'reuse', wait_for_sync: true });
    expect(failureOf(step)).toContain(
      'No sync was started, because the selection of connection shop is not what schemas says.',
    );
    expect(step.sent).not.toContain('sync');
  });

  const same = { selection: selected };
  const ordres = tables({ ...shop.schemas.public.tables, ordres: {} });
  const differs =
    'The selection of connection shop differs from schemas; if_exists: reuse leaves it unchanged. ' +
    'if_exists: update would make these changes: ';
  test.each<[string, Parameters<typeof openUnread>[0], { inputs?: object; warning?: string }]>([
    ['the same selection', same, {}],
    [
      'a schema that Fivetran has not read',
      {},
      {
        warning:
          'The selection of connection shop cannot be compared with schemas: Fivetran has not read its schema yet.',
      },
    ],
    [
      'a table that the source lacks',
      same,
      {
        inputs: ordres,
        warning: `${differs}schemas.public.tables.ordres: the source has no such table. Did you mean orders?`,
      },
    ],
    [
      'another selection',
      { reload: 'PRESERVE' },
      {
        warning: `${differs}Set schema_change_handling to ALLOW_COLUMNS (now ALLOW_ALL). Hash public.users.email. Disable public.users.notes. Disable public.logs. Disable audit.`,
      },
    ],
  ])('%s is compared and left unchanged', async (_, seed, { inputs, warning }) => {
    const sandbox = await openUnread(seed);
    const before = JSON.stringify(storedIn(sandbox).schemaConfig);
    for (const dry_run of [true, false]) {
      const more = { if_exists: 'reuse', run_setup_tests: false, ...paused, dry_run };
      const step = await runAny(sandbox, { ...more, ...inputs });
      expect(step.exitCode).toBe(0);
      expect(step.requests.map(({ method }) => method)).toEqual(step.sent.map(() => 'GET'));
      expect(step.sent.filter((name) => name === 'read schemas')).toHaveLength(1);
      expect(step.sent.includes('list columns')).toBe(warning?.includes('Hash') ?? false);
      const warnings = step.annotations.filter(({ level }) => level === 'warning');
      expect(warnings.map(({ message }) => message)).toEqual(warning ? [warning] : []);
      expect(step.outputs.changes).toBe('');
      expect(step.summary).not.toContain('Syncs');
    }
    expect(JSON.stringify(storedIn(sandbox).schemaConfig)).toBe(before);
  });
});
