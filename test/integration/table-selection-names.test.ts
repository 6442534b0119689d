import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import {
  open,
  openExisting,
  paused,
  refused,
  run,
  runAny,
  shop,
  source,
  synced,
  tables,
  wanted,
} from './table-selection-shop.ts';

test('more names than a message can hold do not hide that the connection stays paused', async () => {
  const names = Array.from({ length: 200 }, (_, index) => [`misspelled_table_${index}`, {}]);
  const step = await run(await open(), tables(Object.fromEntries(names)));
  for (const text of [step.outputs.error, step.summary, failureOf(step)]) {
    expect(text).toMatch(
      /stays paused, because its selection could not be completed: 200 problems/,
    );
  }
});

test('a name that came through ${NAME} is not quoted in an error', async () => {
  const sandbox = await open();
  const inputs = { ...shop, ...tables({ '${TABLE}': {} }) };
  const step = await runStep({ inputs, env: { TABLE: 'hunter2hunter2' } }, { sandbox });
  expect(failureOf(step)).toContain(
    'schemas.public.tables.${TABLE}: the source has no such table.',
  );
  expect(step.log + step.summary).not.toContain('hunter2');
});

test('a name that came through ${NAME} stands in no log, summary or output', async () => {
  const sandbox = await open();
  await run(sandbox);
  const users = { columns: { '${COLUMN}': { hashed: true } } };
  const inputs = { ...shop, ...tables({ '${TABLE}': {}, users }) };
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
  const sandbox = await open({ faults: [on('list columns', refused)] });
  const inputs = { ...shop, ...tables({ '${TABLE}': { columns: { email: { hashed: true } } } }) };
  const step = await runStep({ inputs, env: { TABLE: 'users' } }, { sandbox });
  expect(step.outputs.error).toContain('Could not list the columns of public.${TABLE}:');
  expect(step.log + step.summary).not.toContain('users');
});

test('names with a meaning in JavaScript or URLs are ordinary names', async () => {
  const odd = JSON.parse('{"__proto__": {"columns": {"id": {"primaryKey": true}, "a/b?": {}}}}');
  const sandbox = await open({ sourceTree: { postgres: { constructor: odd } } });
  const schemas = JSON.parse(
    '{"constructor": {"tables": {"__proto__": {"columns": {"a/b?": {"enabled": false}}}}}}',
  );
  const step = await runAny(sandbox, { schemas });
  expect(failureOf(step)).toBe('');
  expect(sandbox.selection(step.ids[0] ?? '')).toEqual({
    'constructor.__proto__': { columns: ['id'], hashed: [] },
  });
});

describe('names that the source does not have', () => {
  test('fail together after one reload, and nothing is changed', async () => {
    const { public: schema } = tables({ ordrs: {}, users: { columns: { emial: {} } } }).schemas;
    const step = await run(await openExisting(), { schemas: { public: schema, adit: {} } });
    expect(step.outputs.error).toContain(
      'stays paused, because its selection could not be completed: ' +
        'schemas.adit: the source has no such schema. Did you mean audit? ' +
        'schemas.public.tables.ordrs: the source has no such table. Did you mean orders? ' +
        'schemas.public.tables.users.columns.emial: the source has no such column. Did you mean email?',
    );
    expect(failureOf(step)).toContain(
      'Fix schemas, then run the step again with if_exists: update.',
    );
    expect(step.sent.slice(2)).toEqual(['read schemas', 'reload schemas', 'list columns']);
    expect(bodies(step, 'reload schemas')).toEqual([{ exclude_mode: 'PRESERVE' }]);
  });

  test('are found by the reload if they were added since', async () => {
    const sourceTree = { postgres: { public: { users: source.public.users } } };
    const sandbox = await openExisting(synced, { sourceTree });
    sandbox.state.sourceTree.postgres = source;
    const step = await run(sandbox, paused);
    expect(failureOf(step)).toBe('');
    expect(bodies(step, 'reload schemas')).toEqual([{ exclude_mode: 'PRESERVE' }]);
    expect(sandbox.selection('shop')).toEqual(wanted);
  });

  test('are an error where the service cannot reload its schema', async () => {
    const sandbox = await openExisting({}, { servicesWithoutReload: ['postgres'] });
    const step = await run(sandbox, { schemas: { adit: {} } });
    expect(failureOf(step)).toContain('adit: the source has no such schema. Did you mean audit?');
    expect(step.sent).toEqual(['look up', 'test', 'read schemas', 'reload schemas']);
  });
});
