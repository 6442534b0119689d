import { on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import type { VirtualWorld } from '../harness/run-step.ts';
import { capturedConfig } from '../sandbox/api/schemas/config.mjs';
import type { Fault } from '../sandbox/faults.mjs';
import {
  isPaused,
  open,
  openUnread,
  paused,
  refused,
  run,
  runAny,
  storedIn,
  synced,
  wanted,
  withLockedTable,
} from './table-selection-shop.ts';

test('a schema that may not be read fails the step without a reload', async () => {
  const step = await run(await open({ faults: [on('read schemas', refused)] }));
  expect(step.exitCode).toBe(1);
  expect(step.sent).not.toContain('reload schemas');
  expect(step.outputs.error).toMatch(/Could not read the schemas .* 403/);
});

test('under ALLOW_ALL, a new connection is reloaded with everything preserved', async () => {
  const schemas = { audit: { tables: { events: { enabled: false } } } };
  const inputs = { ...paused, schema_change_handling: 'ALLOW_ALL', schemas };
  const step = await runAny(await open(), inputs);
  expect(bodies(step, 'reload schemas')).toEqual([{ exclude_mode: 'PRESERVE' }]);
  expect(bodies(step, 'patch schemas')).toHaveLength(1);
});

test.each([
  { when: 'before', reloads: 2, is: 'again' },
  { when: 'after', reloads: 1, is: 'once' },
] as const)(
  'a reload whose answer is lost $when it took effect is sent $is to a connection that has synced',
  async ({ when, reloads }) => {
    const faults = [on('reload schemas', { kind: 'reset', when })];
    const sandbox = await openUnread(synced, { faults });
    storedIn(sandbox).schemaConfig = undefined;
    const step = await run(sandbox, paused);
    expect(failureOf(step)).toBe('');
    // A connection that syncs is never disabled as a whole.
    const expected = Array(reloads).fill({ exclude_mode: 'PRESERVE' });
    expect(bodies(step, 'reload schemas')).toEqual(expected);
    expect(step.clock.sleeps).toEqual([500]);
    expect(sandbox.selection('shop')).toEqual(wanted);
  },
);

describe('a reload that a gateway gives up on', () => {
  const timeOut = on('reload schemas', { kind: 'status', status: 504 });

  /** Runs the step while the first reload takes effect after some minutes. */
  async function runWithLateReload(minutes: number, more: Fault[] = []) {
    const sandbox = await open({ faults: [timeOut, ...more] });
    let isDone = false;
    const onWait: VirtualWorld['onWait'] = ({ ms }) => {
      if (isDone || ms < minutes * 60_000) return;
      isDone = true;
      storedIn(sandbox).schemaConfig = capturedConfig(sandbox.state, storedIn(sandbox), 'EXCLUDE');
    };
    return { sandbox, step: await run(sandbox, {}, { onWait }) };
  }

  test.each([0, 1, 25, 59])('ends %i minutes later, before the selection', async (minutes) => {
    const { sandbox, step } = await runWithLateReload(minutes);
    expect(failureOf(step)).toBe('');
    expect(step.sent.filter((name) => name === 'reload schemas')).toHaveLength(1);
    expect(sandbox.selection(step.ids[0] ?? '')).toEqual(wanted);
    expect(isPaused(sandbox)).toBe(false);
  });

  test('is waited for with growing pauses, across reads that fail', async () => {
    const { sandbox, step } = await runWithLateReload(10, [
      on('read schemas', { kind: 'reset', nth: [2, 3, 4, 5, 6, 7, 8, 9] }),
    ]);
    expect(failureOf(step)).toBe('');
    expect(sandbox.selection(step.ids[0] ?? '')).toEqual(wanted);
    const pauses = step.clock.sleeps.filter((ms) => ms >= 5000);
    expect(pauses).toEqual([
      5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000, 120_000, 120_000,
    ]);
    expect(step.log).toContain('The reload may still be running; waiting for its schema.');
    expect(step.log).toMatch(/No reloaded schema after .*, at most 60 min\./);
  });

  test('is not waited for after a refused read', async () => {
    const { step } = await runWithLateReload(10, [on('read schemas', { ...refused, nth: 2 })]);
    expect(step.outputs.error).toMatch(/stays paused.* 403/);
    expect(step.clock.sleeps).toEqual([5000]);
  });

  test('has not ended while the schema is empty, or anything of it syncs that could be disabled', async () => {
    const sandbox = await open({ ...withLockedTable('journal'), faults: [timeOut] });
    const schemas = (mode: 'PRESERVE' | 'EXCLUDE') =>
      capturedConfig(sandbox.state, storedIn(sandbox), mode)?.schemas ?? {};
    const off = schemas.bind(undefined, 'EXCLUDE');
    const stages = [
      () => ({}),
      () => schemas('PRESERVE'),
      () => ({ ...off(), audit: { ...schemas('PRESERVE').audit, enabled: true } }),
      // Only the locked table syncs.
      () => ({
        public: { ...off().public, enabled: true },
        audit: { ...schemas('PRESERVE').audit, enabled: false },
      }),
    ];
    const onWait: VirtualWorld['onWait'] = () => {
      const stored = storedIn(sandbox);
      const stage = stages.shift();
      const captured = capturedConfig(sandbox.state, stored, 'EXCLUDE');
      if (stage && captured) stored.schemaConfig = Object.assign(captured, { schemas: stage() });
    };
    const step = await runAny(sandbox, {}, { onWait });
    expect(failureOf(step)).toBe('');
    const reads = Array(4).fill('read schemas');
    expect(step.sent.slice(3, 9)).toEqual(['reload schemas', ...reads, 'list columns']);
    const synced = ['public.orders', 'public.users', 'public.journal'];
    expect(Object.keys(sandbox.selection(step.ids[0] ?? ''))).toEqual(synced);
  });

  test('is given up after an hour, with the connection paused, and a re-run completes it', async () => {
    const { sandbox, step } = await runWithLateReload(600);
    expect(step.exitCode).toBe(1);
    expect(step.sent.filter((name) => name === 'reload schemas')).toHaveLength(1);
    expect(step.sent).not.toContain('patch schemas');
    expect(step.outputs.error).toMatch(
      /stays paused, because .* Its schema did not appear within 60 min. The reload may still end: it disables every schema and table\./,
    );
    expect(failureOf(step)).toContain('Wait until the connection has a schema in the Fivetran');
    const waitedMs = step.clock.sleeps.reduce((sum, ms) => sum + ms, 0);
    expect(Math.floor(waitedMs / 120_000)).toBe(30);
    expect(isPaused(sandbox)).toBe(true);
    expect(failureOf(await run(sandbox))).toBe('');
    expect(isPaused(sandbox)).toBe(false);
  });
});
