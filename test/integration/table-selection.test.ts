import { on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { BEGIN } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import { readable } from '../project/markup.ts';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import { tableOf } from '../sandbox/source-trees.mjs';
import { isPaused, open, run, shop, source, wanted } from './table-selection-shop.ts';

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
  expect(again.outputs.result).toBe('reused');
});

test('drift is corrected with the differences only, as an update', async () => {
  const sandbox = await open();
  const { ids } = await run(sandbox);
  const config = sandbox.state.connections.get(ids[0] ?? '')?.schemaConfig;
  const tables = config?.schemas.public?.tables;
  if (!tables?.logs) throw new Error('The source has changed.');
  tables.logs.enabled = true;
  const again = await run(sandbox);
  expect(again.outputs.result).toBe('updated');
  expect(bodies(again, 'patch schemas')).toEqual([
    { schemas: { public: { enabled: true, tables: { logs: { enabled: false } } } } },
  ]);
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

test('a dry run reads only', async () => {
  const sandbox = await open();
  await run(sandbox, { paused: true });
  const step = await run(sandbox, {
    dry_run: true,
    schemas: { public: { tables: { orders: {}, logs: { columns: { line: { hashed: true } } } } } },
  });
  expect(step.requests.map(({ method }) => method)).toEqual(step.requests.map(() => 'GET'));
  for (const line of [
    'table public.logs: disabled → enabled',
    'column public.logs.line: hashed',
    'table public.users: enabled → disabled',
  ]) {
    expect(readable(step.summary)).toContain(line);
    expect(step.outputs.changes).toContain(line);
  }
});

test('a run that only unpauses is an update, and the dry run says so', async () => {
  for (const inputs of [{}, { paused: false }]) {
    const sandbox = await open();
    const { ids } = await run(sandbox, { paused: true });
    const dry = await run(sandbox, { ...inputs, dry_run: true });
    expect(dry.log).toContain(`Plan: Unpause connection ${ids[0]}.`);
    expect(dry.outputs.changes).toBe('paused: true → false');
    expect(dry.log).not.toMatch(/unchanged|Update the selection/);
    const step = await run(sandbox, inputs);
    expect(step.sent).toEqual(['look up', 'test', 'read schemas', 'patch']);
    expect(step.outputs).toMatchObject({
      result: 'updated',
      paused: 'false',
      changes: 'paused: true → false',
    });
  }
});

test('the dry run of a changed selection is an update of the selection', async () => {
  const sandbox = await open();
  const { ids } = await run(sandbox);
  const dry = await run(sandbox, {
    dry_run: true,
    schemas: { public: { tables: { orders: {}, logs: {} } } },
  });
  expect(dry.log).toContain(`Plan: Update the selection of connection ${ids[0]}.`);
  expect(dry.log).toContain('would disable 1 table and enable 1 table');
  expect(dry.log).not.toContain('unchanged');
});

test('the dry run of an unchanged selection uses the connection unchanged', async () => {
  const sandbox = await open();
  const { ids } = await run(sandbox);
  const dry = await run(sandbox, { dry_run: true });
  expect(dry.log).toContain(`Plan: Use connection ${ids[0]} unchanged.`);
  expect(dry.log).not.toContain('Update the selection');
});

test('a schema that may not be read fails the step without a reload', async () => {
  const faults = [
    { method: 'GET', path: '/v1/connections/{id}/schemas', kind: 'status', status: 403 },
  ] as const;
  const step = await run(await open({ faults: [...faults] }));
  expect(step.exitCode).toBe(1);
  expect(step.sent).not.toContain('reload schemas');
  expect(step.outputs.error).toMatch(/Could not read the schemas .* 403/);
});

test('a selection waits for a complete setup, and a warning says so', async () => {
  const sandbox = await open({ scenario: 'failed-tests' });
  const step = await run(sandbox);
  expect(step.sent).toEqual(['look up', 'create']);
  expect(step.exitCode).toBe(1);
  expect(isPaused(sandbox)).toBe(true);
  expect(annotated(step, 'warning')).toContainEqual(
    expect.stringMatching(
      /selection .* not applied.*has not succeeded\. It stays paused\. Once it has, run/,
    ),
  );
});

test('a connection that is deleted after a refused approval is not said to stay paused', async () => {
  const faults = [on('approve key', { kind: 'status', status: 403 })];
  const sandbox = await open({ scenario: 'host-key-unknown', faults });
  const step = await run(sandbox, {
    on_failed_tests: 'delete',
    trusted_fingerprints: hostKeyFingerprint,
  });
  expect(step.sent).toEqual(['look up', 'create', 'approve key', 'delete']);
  expect(step.outputs.error).toMatch(/Could not approve the host key/);
  expect(step.outputs.error).not.toMatch(/stays paused|selection/);
});

test('a connection that is deleted because its setup failed has no selection to complete', async () => {
  const sandbox = await open({ scenario: 'failed-tests' });
  const step = await run(sandbox, { on_failed_tests: 'delete' });
  expect(step.outputs.result).toBe('deleted');
  expect(step.printed).toContain('1 of 3 setup tests failed');
  expect(step.printed).not.toMatch(/selection of schemas|stays paused/);
});

test('a refusal before the selection does not speak of it when the connection existed before', async () => {
  const sandbox = await open();
  const { ids } = await run(sandbox, { paused: true });
  sandbox.fault(on('test', { kind: 'status', status: 403 }));
  const step = await run(sandbox, { paused: true });
  expect(step.exitCode).toBe(1);
  expect(step.outputs.error).toMatch(
    new RegExp(`^Connection ${ids[0]} exists\\. Could not run the setup tests`),
  );
});

test('the dry run of a create ends with unpausing, unless paused is true', async () => {
  const sandbox = await open();
  const dry = await run(sandbox, { dry_run: true });
  expect(dry.log).toContain('Plan: Unpause the connection.');
  const paused = await run(sandbox, { dry_run: true, paused: true });
  expect(paused.log).not.toContain('Unpause');
});

test('a connection that stays paused, or keeps another selection, cannot sync: the dry run fails as the real run does', async () => {
  const cases = [
    { inputs: { if_exists: 'update' }, reason: 'it is paused.' },
    { inputs: { if_exists: 'reuse' }, reason: 'it is paused.' },
    {
      inputs: { if_exists: 'reuse', schemas: { public: { tables: { logs: {} } } } },
      reason: 'its selection is not what schemas says.',
    },
  ];
  for (const { inputs, reason } of cases) {
    const clock = virtualClock();
    const sandbox = await open({ now: () => BEGIN + clock.now() });
    const { ids } = await run(sandbox, { wait_for_sync: true }, { clock });
    const connection = sandbox.state.connections.get(ids[0] ?? '');
    if (!connection) throw new Error('The connection is gone.');
    connection.settings.paused = true;
    const dry = await run(sandbox, { ...inputs, wait_for_sync: true, dry_run: true }, { clock });
    expect(annotated(dry, 'error').join()).toContain(`Connection ${ids[0]} cannot sync: ${reason}`);
    expect(dry.exitCode).toBe(1);
    expect((await run(sandbox, { ...inputs, wait_for_sync: true }, { clock })).exitCode).toBe(1);
  }
});

test.each([400, 403, 409])(
  'a refusal (%i) to unpause says first that the connection stays paused',
  async (status) => {
    const faults = [
      { method: 'PATCH', path: '/v1/connections/{id}', kind: 'status', status },
    ] as const;
    const step = await run(await open({ faults: [...faults] }));
    expect(step.outputs.error).toContain(
      `Connection ${step.ids[0]} stays paused, although its selection is applied: Could not update`,
    );
  },
);

test('a setup test that cannot run again says that the new connection stays paused', async () => {
  const faults = [
    { method: 'POST', path: '/v1/connections/{id}/test', kind: 'status', status: 403 },
  ] as const;
  const sandbox = await open({ faults: [...faults], scenario: 'incomplete-once' });
  const step = await run(sandbox);
  expect(step.outputs.error).toContain('stays paused, because');
});

test('more names than a message can hold do not hide that the connection stays paused', async () => {
  const names = Array.from({ length: 200 }, (_, index) => [`misspelled_table_${index}`, {}]);
  const step = await run(await open(), {
    schemas: { public: { tables: Object.fromEntries(names) } },
  });
  for (const text of [step.outputs.error, step.summary, failureOf(step)]) {
    expect(text).toMatch(
      /stays paused, because its selection could not be completed: 200 problems/,
    );
  }
});

test('a name that came through ${NAME} is not quoted in an error', async () => {
  const sandbox = await open();
  const schemas = { public: { tables: { '${TABLE}': {} } } };
  const inputs = { ...shop, schemas };
  const step = await runStep({ inputs, env: { TABLE: 'hunter2hunter2' } }, { sandbox });
  expect(failureOf(step)).toContain(
    'schemas.public.tables.${TABLE}: the source has no such table.',
  );
  expect(step.log + step.summary).not.toContain('hunter2');
});

test('a name that came through ${NAME} stands in no log, summary or output', async () => {
  const sandbox = await open();
  await run(sandbox);
  const tables = { '${TABLE}': {}, users: { columns: { '${COLUMN}': { hashed: true } } } };
  const inputs = { ...shop, schemas: { public: { tables } } };
  const env = { TABLE: 'logs', COLUMN: 'phone' };
  for (const more of [{ dry_run: true }, { if_exists: 'reuse' }, {}]) {
    const step = await runStep({ inputs: { ...inputs, ...more }, env }, { sandbox });
    expect(failureOf(step)).toBe('');
    const texts = step.log + step.summary + JSON.stringify(step.outputs);
    expect(texts).toContain('public.${TABLE}');
    expect(texts).toContain('public.users.${COLUMN}');
    expect(texts).not.toMatch(/\blogs\b|phone/);
  }
});

test('columns that cannot be listed are an error that shows the table as written', async () => {
  const path = '/v1/connections/{id}/schemas/public/tables/users/columns';
  const sandbox = await open({ faults: [{ method: 'GET', path, kind: 'status', status: 403 }] });
  const tables = { '${TABLE}': { columns: { email: { hashed: true } } } };
  const inputs = { ...shop, schemas: { public: { tables } } };
  const step = await runStep({ inputs, env: { TABLE: 'users' } }, { sandbox });
  expect(step.outputs.error).toContain('Could not list the columns of public.${TABLE}:');
  expect(step.log + step.summary).not.toContain('users');
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
  cases.push({ schema_change_handling: 'ALLOW_ALL' });

  test.each(cases)('%j', async (selection) => {
    const sandbox = await open();
    await run(sandbox);
    const { schemas: _, ...others } = shop;
    const inputs = { ...others, ...selection };
    const step = (more: object) => runStep({ inputs: { ...inputs, ...more } }, { sandbox });
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

test.each([
  { own: 'ALLOW_COLUMNS', exitCode: 0 },
  { own: 'ALLOW_ALL', exitCode: 1 },
])('a service that refuses policies, with $own of its own', async ({ own, exitCode }) => {
  const path = '/v1/connections/{id}/schemas';
  const body = { code: 'Success', data: { schema_change_handling: own, schemas: {} } };
  const sandbox = await open({
    servicesWithoutReload: ['postgres'],
    faults: [
      { method: 'POST', path, kind: 'status', status: 400, nth: 1 },
      { method: 'POST', path, kind: 'status', status: 200, nth: 2, when: 'after', body },
    ],
  });
  const step = await runStep({ inputs: { ...shop, paused: true } }, { sandbox });
  expect(step.exitCode).toBe(exitCode);
  const [first, ...more] = bodies(step, 'set schemas');
  expect(more).toHaveLength(1);
  expect([{ ...Object(first), schema_change_handling: undefined }]).toEqual(more);
  expect(first).toMatchObject({ schema_change_handling: 'ALLOW_COLUMNS' });
  expect(isPaused(sandbox)).toBe(true);
  if (exitCode === 0) return;
  expect(step.outputs.error).toContain('stays paused, because');
  expect(step.printed).toContain('set schema_change_handling: ALLOW_ALL');
});

test('a policy that a patch is refused with is told beside the one of the schema', async () => {
  const path = '/v1/connections/{id}/schemas';
  const faults = [{ method: 'PATCH', path, kind: 'status', status: 400 }] as const;
  const step = await run(await open({ faults: [...faults] }));
  expect(step.outputs.error).toMatch(/stays paused.* 400/);
  expect(step.printed).toContain(
    'The service may accept only its own schema_change_handling. Its schema has ALLOW_ALL;',
  );
  expect(bodies(step, 'patch schemas')).toHaveLength(1);
});

test("a manifest's summary shows the selection and the notes of connections that passed", async () => {
  const sandbox = await open({ servicesWithoutReload: ['mysql'] });
  const { if_exists, service, config, schema_change_handling, schemas } = shop;
  const inputs = { group_id: 'decent_dropsy', if_exists };
  const entry = { service, config, schema_change_handling, schemas };
  const mysql = { ...entry, service: 'mysql', config: { ...config, schema_prefix: 'mysql' } };
  const manifest = { connections: { shop: entry, mysql } };
  const first = await runStep({ manifest, inputs }, { sandbox });
  expect(first.summary).toMatch(
    /connected<br>Syncs 2 of 4 tables: orders, users\. Hashed: users\.email\. Excluded: users\.notes\./,
  );
  expect(readable(first.summary)).toMatch(
    /created and connected\nThe schema of connection \w+ cannot be read/,
  );
  const drifted = {
    connections: { shop: { ...entry, if_exists: 'reuse', schemas: { audit: {} } } },
  };
  const again = await runStep({ manifest: drifted, inputs }, { sandbox });
  expect(again.exitCode).toBe(0);
  expect(readable(again.summary)).toMatch(
    /reused and connected\n[^|]* differs from schemas; if_exists: reuse/,
  );
  expect(again.summary).toContain('Enable audit.');
});

test('a summary names the tables that sync, and those that Fivetran always syncs', async () => {
  const reason = { enabled: true, reason_code: 'SYSTEM_TABLE', reason: 'The sync requires it' };
  const schema_migrations = tableOf('version', { locked: reason });
  const sandbox = await open({
    sourceTree: { postgres: { ...source, public: { ...source.public, schema_migrations } } },
  });
  const inputs = { ...shop, schemas: { public: { tables: { orders: {} } } }, paused: true };
  const step = await runStep({ inputs }, { sandbox });
  expect(readable(step.summary)).toContain(
    'Syncs 2 of 5 tables: orders; and schema_migrations, which Fivetran always syncs.',
  );
  expect(step.summary).not.toMatch(/column|Hashed|Excluded/);
});

test('a summary counts what is too much to name', async () => {
  const many = Array.from({ length: 30 }, (_, index) => [`t${index}`, tableOf('value')]);
  const sandbox = await open({
    sourceTree: { postgres: { public: Object.fromEntries(many), audit: source.audit } },
  });
  const inputs = { ...shop, schemas: { public: {} }, paused: true };
  const step = await runStep({ inputs }, { sandbox });
  expect(step.summary).toMatch(/Selection: .* 30 tables enabled, 1 disabled\./);
  expect(step.summary).not.toContain('column');
});

test('reuse warns about a difference and changes nothing', async () => {
  const sandbox = await open();
  await run(sandbox, { paused: true });
  const step = await run(sandbox, {
    if_exists: 'reuse',
    schemas: { public: { tables: { logs: {} } } },
  });
  expect(step.outputs.result).toBe('reused');
  expect(annotated(step, 'warning').join()).toContain('Enable public.logs.');
  expect(sandbox.selection(step.ids[0] ?? '')).toEqual(wanted);
});

test('columns that appear late under BLOCK_ALL are disabled before the first sync', async () => {
  const users = tableOf('email notes phone');
  const late = { ...users, columns: { ...users.columns, ssn: { late: true } as const } };
  const sandbox = await open({
    sourceTree: { postgres: { public: { ...source.public, users: late } } },
  });
  const step = await run(sandbox, {
    schema_change_handling: 'BLOCK_ALL',
    schemas: {
      public: {
        tables: { orders: {}, users: { columns: { email: { hashed: true }, phone: {} } } },
      },
    },
  });
  expect(step.exitCode).toBe(0);
  expect(bodies(step, 'patch schemas')).toHaveLength(2);
});

test('up to five concurrent changes are re-read', async () => {
  const conflicts = Array.from({ length: 5 }, () => () => {});
  const sandbox = await open({ schemaConflicts: conflicts });
  const step = await run(sandbox);
  expect(step.exitCode).toBe(0);
  expect(bodies(step, 'patch schemas')).toHaveLength(6);
});

test('a service without reload gets the selection unverified, with a warning', async () => {
  const sandbox = await open({ servicesWithoutReload: ['postgres'] });
  const step = await run(sandbox, { paused: true });
  expect(step.exitCode).toBe(0);
  expect(step.sent).toEqual(['look up', 'create', 'read schemas', 'reload schemas', 'set schemas']);
  expect(annotated(step, 'warning').join()).toContain('were not verified');
});

test('names with a meaning in JavaScript or URLs are ordinary names', async () => {
  const odd = JSON.parse('{"__proto__": {"columns": {"id": {"primaryKey": true}, "a/b?": {}}}}');
  const sandbox = await open({ sourceTree: { postgres: { constructor: odd } } });
  const schemas = JSON.parse(
    '{"constructor": {"tables": {"__proto__": {"columns": {"a/b?": {"enabled": false}}}}}}',
  );
  const step = await runStep({ inputs: { ...shop, schemas } }, { sandbox });
  expect(failureOf(step)).toBe('');
  expect(sandbox.selection(step.ids[0] ?? '')).toEqual({
    'constructor.__proto__': { columns: ['id'], hashed: [] },
  });
});

test('5,000 tables take as many requests as three, and the log stays readable', async () => {
  const tables = Array.from({ length: 5000 }, (_, index) => [`t${index}`, tableOf('value')]);
  const sandbox = await open({
    sourceTree: { postgres: { ...source, big: Object.fromEntries(tables) } },
  });
  const step = await run(sandbox);
  expect(step.exitCode).toBe(0);
  expect(step.sent).toHaveLength(8);
  expect(step.lines.length).toBeLessThan(80);
});
