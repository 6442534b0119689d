import { on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { applySelection } from '../sandbox/api/schemas/apply-selection.mjs';
import { capturedConfig } from '../sandbox/api/schemas/config.mjs';
import {
  isPaused,
  open,
  openExisting,
  openUnread,
  paused,
  refused,
  run,
  runAny,
  selected,
  storedIn,
  tables,
} from './table-selection-shop.ts';

test.each([
  { own: 'ALLOW_COLUMNS', exitCode: 0 },
  { own: 'ALLOW_ALL', exitCode: 1 },
])('a service that refuses policies, with $own of its own', async ({ own, exitCode }) => {
  const body = { code: 'Success', data: { schema_change_handling: own, schemas: {} } };
  const sandbox = await openUnread(
    {},
    {
      servicesWithoutReload: ['postgres'],
      faults: [
        on('set schemas', { kind: 'status', status: 400 }),
        on('set schemas', { kind: 'status', status: 200, nth: 2, when: 'after', body }),
      ],
    },
  );
  const step = await runAny(sandbox, paused);
  expect(step.exitCode).toBe(exitCode);
  expect(step.log).toContain('400. Sending the selection again without schema_change_handling.');
  expect(step.outputs.changes).toContain('table public.orders: disabled → enabled');
  expect(step.outputs.changes).not.toContain('schema_change_handling');
  const [first, ...more] = bodies(step, 'set schemas');
  expect(more).toHaveLength(1);
  expect([{ ...Object(first), schema_change_handling: undefined }]).toEqual(more);
  expect(first).toMatchObject({ schema_change_handling: 'ALLOW_COLUMNS' });
  expect(isPaused(sandbox)).toBe(true);
  if (exitCode === 0) return;
  expect(step.outputs.error).toMatch(/stays paused, because.* without it, with ALLOW_ALL\./);
  expect(step.printed).toContain('set schema_change_handling: ALLOW_ALL');
});

test('a policy that a patch is refused with is told beside the one of the schema', async () => {
  const faults = [on('patch schemas', { kind: 'status', status: 400 })];
  const step = await run(await open({ faults }));
  expect(step.outputs.error).toMatch(/stays paused.* 400/);
  expect(step.printed).toContain(
    'The service may accept only its own schema_change_handling. Its schema has ALLOW_ALL;',
  );
  expect(bodies(step, 'patch schemas')).toHaveLength(1);
});

test('a refused patch without a policy is not blamed on one', async () => {
  const sandbox = await openExisting({ selection: selected });
  sandbox.fault(on('patch schemas', { kind: 'status', status: 400 }));
  const step = await runAny(sandbox, { ...paused, ...tables({ logs: {} }) });
  expect(step.outputs.error).toContain(' 400');
  expect(step.printed).not.toContain('its own schema_change_handling');
});

describe('a service without reload', () => {
  const withoutReload = { servicesWithoutReload: ['postgres'] };
  const post = ['read schemas', 'reload schemas', 'set schemas'];

  test('gets the selection unverified, with a warning', async () => {
    const step = await run(await openUnread({}, withoutReload), paused);
    expect(failureOf(step)).toBe('');
    expect(step.sent).toEqual(['look up', 'test', ...post]);
    const columns = { email: { enabled: true, hashed: true }, notes: { enabled: false } };
    const tables = { orders: { enabled: true }, users: { enabled: true, columns } };
    expect(bodies(step, 'set schemas')).toEqual([
      { schema_change_handling: 'ALLOW_COLUMNS', schemas: { public: { enabled: true, tables } } },
    ]);
    expect(step.outputs.result).toBe('updated');
    expect(annotated(step, 'warning').join()).toContain(
      'The schema of connection shop cannot be read before its first sync. The selection was set, ' +
        'but the names in schemas were not verified.',
    );
  });

  test.each([400, 403])('is told by its code alone, not by another refusal: %i', async (status) => {
    const body = { code: 'InvalidState', message: 'No' };
    const faults = [on('reload schemas', { kind: 'status', status, body })];
    const step = await run(await open({ faults }));
    expect(step.sent.slice(2)).toEqual(['read schemas', 'reload schemas']);
    expect(step.outputs.error).toContain(`answered ${status} InvalidState: No.`);
  });

  const patch = ['list columns', 'patch schemas', 'read schemas'];
  test.each([
    { what: 'without effect is sent again', when: 'before', next: ['set schemas'] },
    { what: 'that cannot be read is sent again', when: 'after', next: ['set schemas'] },
    { what: 'that a schema shows is complete', when: 'after', reveals: selected, next: [] },
    { what: 'that a schema lacks is patched', when: 'before', reveals: {}, next: patch },
  ] as const)('a selection without an answer $what', async ({ when, reveals, next }) => {
    const log = (line: string): void => {
      if (!reveals || !/^POST .*schemas: fault/.test(line)) return;
      // A sync that begins meanwhile reveals the schema.
      const stored = storedIn(sandbox);
      stored.schemaConfig = capturedConfig(sandbox.state, stored);
      if (stored.schemaConfig) applySelection(stored.schemaConfig, reveals);
    };
    const faults = [on('set schemas', { kind: 'reset', when })];
    const running = { paused: false };
    const sandbox = await openUnread(running, { ...withoutReload, faults, log });
    // What is refused afterwards leaves no doubt about the selection.
    sandbox.fault(on('read', refused));
    const step = await runAny(sandbox, { wait_for_sync: true });
    expect(step.sent.slice(2)).toEqual([...post, 'read schemas', ...next, 'read']);
    expect(step.outputs.result).toBe('updated');
    expect(failureOf(step)).toContain('403');
    expect(step.printed).not.toContain('unknown whether');
  });

  test('is sent the selection six times at most when it never answers', async () => {
    const faults = [on('set schemas', { kind: 'reset', nth: 'all' })];
    const step = await run(await openUnread({}, { ...withoutReload, faults }));
    expect(bodies(step, 'set schemas')).toHaveLength(6);
    expect(failureOf(step)).toContain('unknown whether the update of connection shop took effect');
  });

  test('takes the columns that it cannot list as they are written', async () => {
    const body = { code: 'NotSupported_ColumnList', message: 'No' };
    const faults = [on('list columns', { kind: 'status', status: 400, body, nth: 'all' })];
    const sandbox = await openExisting({ selection: selected }, { ...withoutReload, faults });
    const email = { hashed: true };
    const blockAll = (columns: object) => ({
      ...{ ...paused, schema_change_handling: 'BLOCK_ALL' },
      ...tables({ orders: {}, users: { columns } }),
    });
    await runAny(sandbox, blockAll({ email }));
    const again = await runAny(sandbox, blockAll({ email }));
    expect(again.sent.slice(2)).toEqual(['read schemas', 'list columns']);
    expect(again.outputs.result).toBe('reused');
    const step = await runAny(sandbox, blockAll({ email, phone: { hashed: true } }));
    expect(failureOf(step)).toBe('');
    expect(step.outputs.changes).toBe('column public.users.phone: hashed');
  });

  test.each([
    { status: 400, requests: 2 },
    { status: 403, requests: 1 },
  ])('that refuses the selection with $status is sent it $requests times', async (one) => {
    const faults = [on('set schemas', { kind: 'status', status: one.status, nth: 'all' })];
    const step = await run(await openUnread({}, { ...withoutReload, faults }));
    expect(bodies(step, 'set schemas')).toHaveLength(one.requests);
    const hint = 'SAP services, for example, have ALLOW_COLUMNS.';
    expect(step.printed.includes(hint)).toBe(one.status === 400);
    expect(step.outputs).toMatchObject({ result: 'reused', changes: '' });
  });
});
