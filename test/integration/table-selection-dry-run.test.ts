import { annotated, failureOf } from '../harness/reading.ts';
import { BEGIN } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import { readable } from '../project/markup.ts';
import type { Sandbox } from '../sandbox/sandbox.mjs';
import {
  open,
  openExisting,
  openUnread,
  paused,
  run,
  runAny,
  selected,
  shop,
  storedIn,
  tables,
} from './table-selection-shop.ts';

test('a dry run reads only', async () => {
  const sandbox = await open();
  await run(sandbox, paused);
  const inputs = tables({ orders: {}, logs: { columns: { line: { hashed: true } } } });
  const step = await run(sandbox, { dry_run: true, ...inputs });
  expect(step.requests.map(({ method }) => method)).toEqual(step.requests.map(() => 'GET'));
  const lines = [
    'table public.users: enabled → disabled',
    'table public.logs: disabled → enabled',
    'column public.logs.line: hashed',
  ];
  for (const line of lines) expect(readable(step.summary)).toContain(line);
  expect(step.outputs.changes).toBe(['paused: true → false', ...lines].join('\n'));
});

describe('the dry run', () => {
  const runDry = async (sandbox: Sandbox, inputs: object = {}) => {
    const step = await run(sandbox, { dry_run: true, ...paused, ...inputs });
    const messages = (level: string) =>
      step.annotations
        .filter((one) => one.title === 'Dry run' && one.level === level)
        .map(({ message }) => message);
    const plan = [...step.log.matchAll(/^Plan: (.*)/gm)].map(([, text]) => text);
    return { ...step, plan, warnings: messages('warning'), problems: messages('error') };
  };
  const unread =
    'Fivetran has not read the schema from the source yet, so the names in schemas cannot be verified.';

  test.each([
    ['ALLOW_ALL', 'Enable all other schemas, tables, and columns.'],
    ['ALLOW_COLUMNS', 'Disable all other schemas and tables.'],
    [
      'BLOCK_ALL',
      'Disable all other schemas and tables, and the other columns of tables that list some.',
    ],
  ])('of a new connection with %s tells the whole selection', async (policy, others) => {
    const step = await runDry(await open(), { schema_change_handling: policy });
    expect(step.plan.slice(2)).toEqual([
      'Read the schema from the source.',
      `Set schema_change_handling to ${policy}.`,
      'Enable public.',
      'Enable public.orders.',
      'Enable public.users.',
      'Enable public.users.email.',
      'Hash public.users.email.',
      'Disable public.users.notes.',
      others,
    ]);
    expect(step.warnings).toEqual([unread]);
    expect(step.sent).not.toContain('read schemas');
    expect(step.outputs.changes).toBe('');
  });

  test('of a policy alone does not speak of other items', async () => {
    const policy = { schemas: '', schema_change_handling: 'ALLOW_ALL' };
    const { plan } = await runDry(await open(), policy);
    expect(plan.at(-1)).toBe('Set schema_change_handling to ALLOW_ALL.');
  });

  test('of a schema that Fivetran has not read tells what is known to change', async () => {
    const step = await runDry(await openUnread());
    expect(step.plan.slice(1)).toEqual([
      'Read the schema from the source.',
      'Update the selection of connection shop.',
      'Disable all other schemas and tables.',
    ]);
    expect(step.warnings).toEqual([unread]);
    expect(step.outputs.changes).toBe(
      [
        'schema_change_handling: (not set) → ALLOW_COLUMNS',
        'schema public: disabled → enabled',
        'table public.orders: disabled → enabled',
        'table public.users: disabled → enabled',
        'column public.users.email: hashed',
        'column public.users.notes: enabled → disabled',
      ].join('\n'),
    );
  });

  test('only warns of a missing table, because a real run reloads the schema first', async () => {
    const sandbox = await openExisting({ selection: selected });
    const step = await runDry(sandbox, tables({ ...shop.schemas.public.tables, ordrs: {} }));
    expect(step.plan.slice(1)).toEqual(['Reload the schema of connection shop from the source.']);
    expect([step.warnings, step.problems, step.exitCode]).toEqual([
      ['schemas.public.tables.ordrs: the source has no such table. Did you mean orders?'],
      [],
      0,
    ]);
  });

  test('fails for a missing column, because the list of columns is complete', async () => {
    const step = await runDry(await openExisting(), tables({ users: { columns: { emial: {} } } }));
    const missing =
      'schemas.public.tables.users.columns.emial: the source has no such column. Did you mean email?';
    expect([step.warnings, step.problems, step.exitCode]).toEqual([[], [missing], 1]);
  });

  test('lists no columns before the setup is complete', async () => {
    const step = await runDry(await openExisting({ setup_state: 'incomplete' }));
    expect(step.sent).not.toContain('list columns');
    expect(step.outputs.changes).toContain('column public.users.email: hashed');
  });
});

test('a run that only unpauses is an update, and the dry run says so', async () => {
  for (const inputs of [{}, { paused: false }]) {
    const sandbox = await open();
    const { ids } = await run(sandbox, paused);
    const dry = await run(sandbox, { ...inputs, dry_run: true });
    expect(dry.log).toContain(`Plan: Unpause connection ${ids[0]}.`);
    expect(dry.outputs.changes).toBe('paused: true → false');
    expect(dry.log).not.toMatch(/unchanged|Update the selection/);
    const step = await run(sandbox, inputs);
    expect(step.sent).toEqual(['look up', 'test', 'read schemas', 'patch']);
    const changes = 'paused: true → false';
    expect(step.outputs).toMatchObject({ result: 'updated', paused: 'false', changes });
  }
});

test('a field that changes is told beside unpausing', async () => {
  const sandbox = await openExisting({ selection: selected, sync_frequency: 60 });
  const step = await run(sandbox, { sync_frequency: 5 });
  expect(step.outputs.changes).toBe('sync_frequency: 60 → 5\npaused: true → false');
});

test('the dry run tells an update of the selection from an unchanged connection', async () => {
  const sandbox = await open();
  const { ids } = await run(sandbox);
  const update = `Plan: Update the selection of connection ${ids[0]}.`;
  const unchanged = `Plan: Use connection ${ids[0]} unchanged.`;
  const changed = await run(sandbox, { dry_run: true, ...tables({ orders: {}, logs: {} }) });
  expect(changed.log).toContain(update);
  expect(changed.log).toContain('would disable 1 table and enable 1 table');
  expect(changed.log).not.toContain(unchanged);
  const same = await run(sandbox, { dry_run: true });
  expect(same.log).toContain(unchanged);
  expect(same.log).not.toContain(update);
});

test('the dry run of a create ends with unpausing, unless paused is true', async () => {
  const sandbox = await open();
  const dry = await run(sandbox, { dry_run: true });
  expect(dry.log).toContain('Plan: Unpause the connection.');
  expect((await run(sandbox, { dry_run: true, ...paused })).log).not.toContain('Unpause');
});

test('a connection that stays paused, or keeps another selection, cannot sync: the dry run fails as the real run does', async () => {
  const cases = [
    { inputs: { if_exists: 'update' }, reason: 'it is paused.' },
    { inputs: { if_exists: 'reuse' }, reason: 'it is paused.' },
    {
      inputs: { if_exists: 'reuse', ...tables({ logs: {} }) },
      reason: 'its selection is not what schemas says.',
    },
  ];
  for (const { inputs, reason } of cases) {
    const clock = virtualClock();
    const sandbox = await open({ now: () => BEGIN + clock.now() });
    const { ids } = await run(sandbox, { wait_for_sync: true }, { clock });
    storedIn(sandbox).settings.paused = true;
    const dry = await run(sandbox, { ...inputs, wait_for_sync: true, dry_run: true }, { clock });
    expect(annotated(dry, 'error').join()).toContain(`Connection ${ids[0]} cannot sync: ${reason}`);
    expect(dry.exitCode).toBe(1);
    expect((await run(sandbox, { ...inputs, wait_for_sync: true }, { clock })).exitCode).toBe(1);
  }
});

describe('a real run changes what the dry run foretold', () => {
  const policies = ['ALLOW_ALL', 'ALLOW_COLUMNS', 'BLOCK_ALL'];
  const selections = [
    { audit: {} },
    { public: { tables: { logs: {} } } },
    { public: { tables: { orders: { enabled: false }, users: { sync_mode: 'HISTORY' } } } },
    { public: { tables: { users: { columns: { phone: { hashed: true }, email: {} } } } } },
    { public: { tables: { users: { columns: { notes: { is_primary_key: true } } } } } },
    { public: { tables: { users: {} } }, audit: { enabled: false } },
  ];
  const cases: object[] = policies.flatMap((schema_change_handling) =>
    selections.map((schemas) => ({ schema_change_handling, schemas })),
  );
  cases.push({ schema_change_handling: 'ALLOW_ALL', schemas: '' });

  test.each(cases)('%j', async (selection) => {
    const sandbox = await open();
    await run(sandbox);
    const step = (more: object) => runAny(sandbox, { ...selection, ...more });
    const dry = await step({ dry_run: true });
    const real = await step({});
    expect(failureOf(real)).toBe(failureOf(dry));
    expect(real.outputs.changes).toBe(dry.outputs.changes);
    expect(real.outputs.changes === '').toBe(dry.outputs.plan !== 'update');
    expect(real.outputs.result).toBe(dry.outputs.plan === 'update' ? 'updated' : 'reused');
    expect((await step({})).outputs.result).toBe('reused');
    expect((await step({ dry_run: true })).outputs).toMatchObject({ plan: 'reuse', changes: '' });
  });
});
