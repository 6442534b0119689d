import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { BEGIN } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import { tableOf } from '../sandbox/source-trees.mjs';
import { isPaused, open, run, shop, source, wanted } from './table-selection-shop.ts';

test('a new connection is selected while paused, and starts only then', async () => {
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

test('a re-run takes one request for the selection, changes nothing and says so', async () => {
  const sandbox = await open();
  await run(sandbox);
  const again = await run(sandbox);
  expect(again.sent).toEqual(['look up', 'test', 'read schemas']);
  expect(again.outputs.result).toBe('reused');
});

test('drift is brought back with its differences only, as an update', async () => {
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

test('a misspelt table leaves the connection paused and named, and a corrected re-run goes on', async () => {
  const sandbox = await open();
  const step = await run(sandbox, { schemas: { public: { tables: { ordres: {} } } } });
  const [id = ''] = step.ids;
  expect(step.exitCode).toBe(1);
  expect(step.outputs).toMatchObject({ connection_id: id, result: 'created', paused: 'true' });
  expect(failureOf(step)).toContain(
    'schemas.public.tables.ordres: the source has no such table. Did you mean orders?',
  );
  expect(failureOf(step)).toContain(`Connection ${id} stays paused.`);
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
  for (const line of ['Enable public.logs.', 'Hash public.logs.line.', 'Disable public.users.']) {
    expect(step.summary).toContain(line);
  }
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

test('a concurrent change is read again, and five of them do not matter', async () => {
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

test('names that mean something to JavaScript or to a URL are ordinary ones', async () => {
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

test('5,000 tables take as many requests as three, and a log that can be read', async () => {
  const tables = Array.from({ length: 5000 }, (_, index) => [`t${index}`, tableOf('value')]);
  const sandbox = await open({
    sourceTree: { postgres: { ...source, big: Object.fromEntries(tables) } },
  });
  const step = await run(sandbox);
  expect(step.exitCode).toBe(0);
  expect(step.sent).toHaveLength(8);
  expect(step.lines.length).toBeLessThan(80);
});
