import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { tableOf } from '../sandbox/source-trees.mjs';
import {
  open,
  openExisting,
  paused,
  refused,
  run,
  runAny,
  source,
  tables,
} from './table-selection-shop.ts';

describe('under BLOCK_ALL', () => {
  const blockAll = (listed: object) => ({
    schema_change_handling: 'BLOCK_ALL',
    ...tables({ orders: {}, users: { columns: listed } }),
  });

  test('a table keeps the listed columns and the locked ones, or all when it lists none', async () => {
    const sandbox = await open();
    const step = await runAny(sandbox, { ...blockAll({ email: { hashed: true } }), ...paused });
    const patch = ['list columns', 'patch schemas', 'read schemas', 'list columns'];
    expect(step.sent.slice(2)).toEqual(['read schemas', 'reload schemas', ...patch]);
    expect(sandbox.selection(step.ids[0] ?? '')).toEqual({
      'public.orders': { columns: ['id', 'total', 'currency'], hashed: [] },
      'public.users': { columns: ['id', 'email'], hashed: ['email'] },
    });
  });

  test('columns that appear late are disabled before the first sync', async () => {
    const users = tableOf('email notes phone');
    const late = { ...users, columns: { ...users.columns, ssn: { late: true } as const } };
    const sourceTree = { postgres: { public: { ...source.public, users: late } } };
    const step = await run(
      await open({ sourceTree }),
      blockAll({ email: { hashed: true }, phone: {} }),
    );
    expect(step.exitCode).toBe(0);
    expect(bodies(step, 'patch schemas')).toHaveLength(2);
  });

  test('columns that keep appearing fail the selection', async () => {
    let added = 0;
    const sandbox = await open({
      log(line) {
        const users = sandbox.state.sourceTree.postgres?.public?.users;
        if (users && /^PATCH .*schemas: 200/.test(line)) users.columns[`late_${++added}`] = {};
      },
    });
    const step = await runAny(sandbox, blockAll({ email: {} }));
    expect(added).toBe(2);
    expect(step.log).toContain(
      ' still differs; updating it once more:\nDisable public.users.late_1.',
    );
    expect(step.outputs.error).toMatch(
      /stays paused.* the schema still differs\. Remaining changes: Disable public\.users\.late_2\./,
    );
  });
});

test('columns of a table that does not support choosing them are a problem, and not listed', async () => {
  const index = tableOf('document', { supports_columns_config: false });
  const sandbox = await openExisting({}, { sourceTree: { postgres: { public: { index } } } });
  const step = await runAny(sandbox, tables({ index: { columns: { document: {} } } }));
  expect(failureOf(step)).toContain(
    'index.columns: Fivetran does not support choosing the columns',
  );
  expect(step.sent).not.toContain('list columns');
});

test('the columns of each table are listed once, few at a time, and no more after a failure', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `t${index}`);
  const each = <T>(item: T) => Object.fromEntries(names.map((name) => [name, item]));
  const sourceTree = { postgres: { public: each(tableOf('value')) } };
  const sandbox = await open({ sourceTree, latencyMs: 20 });
  const inputs = { ...paused, ...tables(each({ columns: { value: { hashed: true } } })) };
  sandbox.fault(on('list columns', { ...refused, nth: 10 }));
  const failed = await runAny(sandbox, inputs);
  expect(failed.outputs.error).toContain('403');
  const listed = ({ sent }: typeof failed) => sent.filter((name) => name === 'list columns').length;
  expect(listed(failed)).toBeLessThan(10 + 4);
  const step = await runAny(sandbox, inputs);
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
  expect(JSON.stringify(bodies(step, 'patch schemas')).length).toBeLessThan(1000);
  expect((await run(sandbox)).sent).toEqual(['look up', 'test', 'read schemas']);
});
