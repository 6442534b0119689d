import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import type { StoredConnection } from '../sandbox/api/state.mjs';
import {
  open,
  openExisting,
  run,
  selected,
  storedIn,
  synced,
  tableIn,
} from './table-selection-shop.ts';

/** What each change of the shop's selection is called in the output `changes`. */
const changes = [
  'schema_change_handling: ALLOW_ALL → ALLOW_COLUMNS',
  'column public.users.email: hashed',
  'column public.users.notes: enabled → disabled',
  'table public.logs: enabled → disabled',
  'schema audit: enabled → disabled',
].join('\n');
const paused = { paused: true };
const refused = { kind: 'status', status: 403 } as const;

describe('a patch without an answer', () => {
  test.each([
    { when: 'before', patches: 2 },
    { when: 'after', patches: 1 },
  ] as const)('is sent again unless it took effect: lost $when it', async ({ when, patches }) => {
    const faults = [on('patch schemas', { kind: 'reset', when })];
    const step = await run(await openExisting(synced, { faults }), paused);
    expect(failureOf(step)).toBe('');
    expect(bodies(step, 'patch schemas')).toHaveLength(patches);
    expect(step.sent.at(-1)).toBe('read schemas');
    expect(step.clock.sleeps).toEqual([500]);
    expect(step.outputs).toMatchObject({ result: 'updated', changes });
    expect(step.log).toContain('The selection of connection shop is applied: ');
  });

  test('leaves the update unknown when the schema cannot be read', async () => {
    const faults = [
      on('patch schemas', { kind: 'reset', when: 'after' }),
      on('read schemas', { ...refused, nth: 2 }),
    ];
    const step = await run(await openExisting(synced, { faults }), paused);
    expect(failureOf(step)).toMatch(
      /403.* unknown whether the update of connection shop took effect/,
    );
    expect(step.outputs).toMatchObject({ result: 'reused', changes: '' });
  });

  test('is settled once the schema was read, whatever fails later', async () => {
    const faults = [on('patch schemas', { kind: 'reset', when: 'after' }), on('patch', refused)];
    const step = await run(await openExisting({}, { faults }));
    expect(step.outputs.error).toContain('stays paused, although its selection is applied');
    expect(step.printed).not.toContain('unknown whether');
    expect(step.outputs).toMatchObject({ result: 'updated', changes });
  });
});

test('an accepted patch counts as an update when the read that follows fails', async () => {
  const faults = [on('read schemas', { ...refused, nth: 2 })];
  const step = await run(await openExisting(synced, { faults }), paused);
  expect(step.exitCode).toBe(1);
  expect(step.outputs).toMatchObject({ result: 'updated', changes });
});

test('a refused patch is not said to be unknown', async () => {
  const faults = [on('patch schemas', refused)];
  const step = await run(await openExisting(synced, { faults }), paused);
  expect(failureOf(step)).toContain('403');
  expect(step.printed).not.toContain('unknown whether');
  expect(step.outputs).toMatchObject({ result: 'reused', changes: '' });
});

test('a patch without effect fails after two tries and lists what still differs', async () => {
  const body = { code: 'Success', data: {} };
  const faults = [on('patch schemas', { kind: 'status', status: 200, body, nth: 'all' })];
  const selection = structuredClone(selected);
  const sandbox = await openExisting({ selection }, { faults });
  tableIn(sandbox, 'users').columns.email = { enabled: true, hashed: false };
  const step = await run(sandbox);
  expect(bodies(step, 'patch schemas')).toHaveLength(2);
  expect(step.outputs.error).toContain(
    'stays paused, because its selection could not be completed: Fivetran accepted it, but the ' +
      'schema still differs. Remaining changes: Hash public.users.email.',
  );
  expect(step.outputs.changes).toBe('column public.users.email: hashed');
});

test('a schema that is missing after the patch is an error', async () => {
  const sandbox = await openExisting(
    {},
    {
      log(line) {
        if (/^PATCH .*schemas: 200/.test(line)) storedIn(sandbox).schemaConfig = undefined;
      },
    },
  );
  const step = await run(sandbox, paused);
  expect(failureOf(step)).toContain('Fivetran no longer has a schema for connection shop.');
});

describe('a conflict with another change', () => {
  test('reads the schema again and sends what remains, after a pause', async () => {
    const enableOrders = (stored: StoredConnection) => {
      const { public: schema } = stored.schemaConfig?.schemas ?? {};
      if (schema?.tables.orders) schema.tables.orders.enabled = true;
    };
    const step = await run(await open({ schemaConflicts: [enableOrders] }), paused);
    expect(step.sent.slice(2)).toEqual([
      'read schemas',
      'reload schemas',
      'list columns',
      'patch schemas',
      'read schemas',
      'list columns',
      'patch schemas',
      'read schemas',
    ]);
    const [first, second] = bodies(step, 'patch schemas').map((body) => JSON.stringify(body));
    expect(first).toContain('orders');
    expect(second).not.toContain('orders');
    expect(step.clock.sleeps).toEqual([500]);
  });

  test.each([
    { conflicts: 5, exitCode: 0 },
    { conflicts: 6, exitCode: 1 },
  ])('is met up to five times: $conflicts', async ({ conflicts, exitCode }) => {
    const schemaConflicts = Array.from({ length: conflicts }, () => () => {});
    const step = await run(await open({ schemaConflicts }));
    expect(step.exitCode).toBe(exitCode);
    expect(bodies(step, 'patch schemas')).toHaveLength(6);
    expect(step.clock.sleeps).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(step.log).toMatch(/409 Conflict: .*Reading the schema again in 0\.5 s\./);
    expect(step.log.match(/^Hash public\.users\.email\.$/gm)).toHaveLength(1);
    if (exitCode === 1) expect(step.outputs.error).toMatch(/stays paused, because .*409 Conflict/);
  });
});
