import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import type { VirtualWorld } from '../harness/run-step.ts';
import { applySelection } from '../sandbox/api/schemas/apply-selection.mjs';
import type { StoredConnection } from '../sandbox/api/state.mjs';
import {
  open,
  openExisting,
  paused,
  refused,
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
    const open = () => openExisting(synced, { faults });
    const step = await run(await open(), paused);
    expect(failureOf(step)).toMatch(
      /403.* unknown whether the update of connection shop took effect/,
    );
    expect(step.outputs).toMatchObject({ result: '', changes: '' });
    const updated = await run(await open(), { ...paused, sync_frequency: 5 });
    expect(updated.outputs).toMatchObject({
      result: 'updated',
      changes: 'sync_frequency: 360 → 5',
    });
  });

  test('leaves the update unknown when the run is cancelled', async () => {
    let cancel = (): void => {};
    const log = (line: string): void => {
      if (/^PATCH .*schemas: /.test(line)) cancel();
    };
    const onLine: VirtualWorld['onLine'] = (_, controls) => {
      cancel = controls.cancel;
    };
    const step = await run(await openExisting(synced, { log }), paused, { onLine });
    expect(failureOf(step)).toContain('unknown whether the update of connection shop took effect');
  });

  test('is settled once the schema was read, whatever fails later', async () => {
    const faults = [on('patch schemas', { kind: 'reset', when: 'after' }), on('read', refused)];
    const sandbox = await openExisting({ ...synced, paused: false }, { faults });
    const step = await run(sandbox, { wait_for_sync: true });
    expect(failureOf(step)).toContain('403');
    expect(step.printed).not.toContain('unknown whether');
    expect(step.outputs).toMatchObject({ result: 'updated', changes });
  });
});

test.each([
  { what: 'an accepted patch is an update', fails: 'read schemas', nth: 2, result: 'updated' },
  { what: 'a refused patch is none', fails: 'patch schemas', nth: 1, result: 'reused' },
] as const)('$what when $fails fails', async ({ fails, nth, result }) => {
  const faults = [on(fails, { ...refused, nth })];
  const step = await run(await openExisting(synced, { faults }), paused);
  expect(failureOf(step)).toContain('403');
  expect(step.printed).not.toContain('unknown whether');
  expect(step.outputs).toMatchObject({ result, changes: result === 'updated' ? changes : '' });
});

test('a patch without effect fails after two tries and lists what still differs', async () => {
  const body = { code: 'Success', data: {} };
  const faults = [on('patch schemas', { kind: 'status', status: 200, body, nth: 'all' })];
  const sandbox = await openExisting({ selection: selected }, { faults });
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
  const log = (line: string): void => {
    if (/^PATCH .*schemas: 200/.test(line)) storedIn(sandbox).schemaConfig = undefined;
  };
  const sandbox = await openExisting({}, { log });
  const step = await run(sandbox, paused);
  expect(failureOf(step)).toContain('Fivetran no longer has a schema for connection shop.');
});

describe('a conflict with another change', () => {
  test('reads the schema again and sends what remains, after a pause', async () => {
    const enableOrders = (): void => {
      tableIn(sandbox, 'orders').enabled = true;
    };
    const sandbox = await open({ schemaConflicts: [enableOrders] });
    const step = await run(sandbox, paused);
    const patch = ['list columns', 'patch schemas', 'read schemas'];
    expect(step.sent.slice(2)).toEqual(['read schemas', 'reload schemas', ...patch, ...patch]);
    const [first, second] = bodies(step, 'patch schemas').map((body) => JSON.stringify(body));
    expect(first).toContain('orders');
    expect(second).not.toContain('orders');
    expect(step.clock.sleeps).toEqual([500]);
  });

  test('that made the same changes leaves nothing to update', async () => {
    const makeThem = (stored: StoredConnection): void => {
      if (stored.schemaConfig) applySelection(stored.schemaConfig, selected);
    };
    const step = await run(await openExisting(synced, { schemaConflicts: [makeThem] }), paused);
    expect(step.log).toContain('The selection of connection shop is already up to date: ');
    expect(step.outputs).toMatchObject({ result: 'reused', changes: '' });
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
