import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { tableOf } from '../sandbox/source-trees.mjs';
import { open, run, shop, source } from './table-selection-shop.ts';

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

test('under BLOCK_ALL, a table keeps the listed columns and the locked ones, or all when it lists none', async () => {
  const sandbox = await open();
  const tables = { orders: {}, users: { columns: { email: { hashed: true } } } };
  const blockAll = { schema_change_handling: 'BLOCK_ALL', schemas: { public: { tables } } };
  const step = await runStep({ inputs: { ...shop, ...blockAll, paused: true } }, { sandbox });
  expect(step.sent.slice(2)).toEqual([
    'read schemas',
    'reload schemas',
    'list columns',
    'patch schemas',
    'read schemas',
    'list columns',
  ]);
  expect(sandbox.selection(step.ids[0] ?? '')).toEqual({
    'public.orders': { columns: ['id', 'total', 'currency'], hashed: [] },
    'public.users': { columns: ['id', 'email'], hashed: ['email'] },
  });
});

test('columns that keep appearing under BLOCK_ALL fail the selection', async () => {
  let added = 0;
  const sandbox = await open({
    log(line) {
      if (!/^PATCH .*schemas: 200/.test(line)) return;
      const name = `late_${++added}`;
      Object.assign(sandbox.state.sourceTree.postgres?.public?.users?.columns ?? {}, {
        [name]: {},
      });
    },
  });
  const tables = { users: { columns: { email: {} } } };
  const blockAll = { schema_change_handling: 'BLOCK_ALL', schemas: { public: { tables } } };
  const step = await runStep({ inputs: { ...shop, ...blockAll } }, { sandbox });
  expect(added).toBe(2);
  expect(step.log).toContain(
    ' still differs; updating it once more:\nDisable public.users.late_1.',
  );
  expect(step.outputs.error).toMatch(
    /stays paused.* but the schema still differs\. Remaining changes: Disable public\.users\.late_2\./,
  );
});

test('the columns of each table are listed once, few at a time, and no more after a failure', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `t${index}`);
  const each = <T>(item: T) => Object.fromEntries(names.map((name) => [name, item]));
  const sourceTree = { postgres: { public: each(tableOf('value')) } };
  const sandbox = await open({ sourceTree, latencyMs: 20 });
  const schemas = { public: { tables: each({ columns: { value: { hashed: true } } }) } };
  const inputs = { ...shop, paused: true, schemas };
  sandbox.fault(on('list columns', { kind: 'status', status: 403, nth: 10 }));
  const failed = await runStep({ inputs }, { sandbox });
  expect(failed.outputs.error).toContain('403');
  const listed = ({ sent }: typeof failed) => sent.filter((name) => name === 'list columns').length;
  expect(listed(failed)).toBeLessThan(10 + 4);
  const step = await runStep({ inputs }, { sandbox });
  expect(failureOf(step)).toBe('');
  expect(listed(step)).toBe(40);
  expect(Math.max(...step.requests.map(({ inFlight }) => inFlight))).toBe(4);
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
  expect((await run(sandbox)).sent).toEqual(['look up', 'test', 'read schemas']);
});
