import { expectAgreement, OLDER, on } from '../agreement.ts';
import { closeAll, moment, tryWith } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';

afterEach(closeAll);

const LOST_CREATE = on('create', { kind: 'reset', when: 'after' });
const UNSEEN_CREATE = on('create', { kind: 'reset', when: 'before' });

/** A look-up that answers with an empty page, whatever there is. */
const BLIND_LOOK_UP = on('look up', {
  kind: 'status',
  status: 200,
  body: { code: 'Success', data: { items: [] } },
});

const SKEWS = [0, 3_600_000, -3_600_000];
const CONFLICTS = [400, 409] as const;

describe('a connection that was there before', () => {
  test.each(
    SKEWS.flatMap((clockSkewMs) =>
      [...CONFLICTS].map((conflictStatus) => ({ clockSkewMs, conflictStatus })),
    ),
  )('is named, and never taken over: %j', async ({ clockSkewMs, conflictStatus }) => {
    const created_at = moment(clockSkewMs - 3_600_000);
    for (const faults of [[], [UNSEEN_CREATE], [LOST_CREATE]]) {
      const connections = [{ ...OLDER, created_at }];
      const run = await tryWith({ clockSkewMs, conflictStatus, connections, faults });
      expectAgreement(run, [OLDER.id]);
      expect(run.sent).toEqual(['create', 'look up']);
      expect(run.state.result).toBeUndefined();
      expect(run.verdict.grade).toBe('failed');
      expect(run.verdict.sentence).toMatch(/older_one.* Give another name in config, .*if_exists/);
      expect(run.verdict.sentence).not.toMatch(/may exist/);
    }
  });

  test('is not taken over when it is only some seconds older', async () => {
    const connections = [{ ...OLDER, created_at: moment(-1500) }];
    const run = await tryWith({ connections, faults: [UNSEEN_CREATE] });
    expectAgreement(run, [OLDER.id]);
    expect(run.verdict.sentence).toMatch(/older_one/);
  });

  test.each([undefined, null, 'yesterday', 17])('is not when its age is %j', async (created_at) => {
    const item = { ...OLDER, group_id: 'decent_dropsy', created_at };
    const body = { code: 'Success', data: { items: [item] } };
    const faults = [UNSEEN_CREATE, on('look up', { kind: 'status', status: 200, body })];
    const { verdict, state, sent } = await tryWith({ faults });
    expect(sent).toEqual(['create', 'look up']);
    expect(state.result).toBeUndefined();
    expect(verdict.sentence).toMatch(/Whether this step created it can not be told\. .*older_one/);
  });

  test('is not because of a part of its name, or the same name in another group', async () => {
    const connections = [
      { ...OLDER, schema: 'crm_2' },
      { ...OLDER, id: 'elsewhere', group_id: 'quaint_harbor', created_at: moment(1) },
    ];
    const run = await tryWith({ connections, faults: [UNSEEN_CREATE] });
    expectAgreement(run, ['older_one', 'elsewhere']);
    expect(run.sent).toEqual(['create', 'look up', 'create']);
    expect(run.state.result).toBe('created');
  });
});

test('one that somebody else was faster to make is not taken over', async () => {
  const connections = [{ ...OLDER, created_at: moment(1000) }];
  for (const conflictStatus of CONFLICTS) {
    const run = await tryWith({ connections, conflictStatus });
    expectAgreement(run, [OLDER.id]);
    expect(run.state.result).toBeUndefined();
    expect(run.verdict.sentence).toMatch(/older_one/);
  }
});

test('one that only a look-up without a filter would show is not taken over', async () => {
  const items = [
    { ...OLDER, schema: 'crm_2', group_id: 'decent_dropsy', created_at: moment(1) },
    { ...OLDER, group_id: 'quaint_harbor', created_at: moment(1) },
  ];
  const body = { code: 'Success', data: { items } };
  const faults = [UNSEEN_CREATE, on('look up', { kind: 'status', status: 200, body })];
  const run = await tryWith({ faults });
  expectAgreement(run);
  expect(run.sent).toEqual(['create', 'look up', 'create']);
});

test.each([OLDER.created_at, moment(1000)])(
  'another service under the name is never taken over (created %s)',
  async (created_at) => {
    for (const faults of [[], [UNSEEN_CREATE], [LOST_CREATE]]) {
      const connections = [{ ...OLDER, service: 'postgres', created_at }];
      const run = await tryWith({ connections, faults });
      expectAgreement(run, [OLDER.id]);
      expect(run.state.result).toBeUndefined();
      expect(run.verdict.sentence).toMatch(/older_one/);
    }
  },
);

describe('a lost create', () => {
  test.each(SKEWS)('is known again on a server whose clock is %i ms off', async (clockSkewMs) => {
    const run = await tryWith({ clockSkewMs, faults: [LOST_CREATE] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'look up', 'test']);
    expect(run.log).toMatch(new RegExp(`Found connection ${run.ids[0]}, which this step created`));
    expect(run.verdict.grade).toBe('passed');
  });

  test('is known again after a long wait for the rate limit', async () => {
    const wait = { kind: 'rate-limit', headers: { 'Retry-After': '300' } } as const;
    const faults = [
      on('create', wait),
      on('create', { ...LOST_CREATE, nth: 2 }),
      on('look up', wait),
    ];
    const run = await tryWith({ faults });
    expectAgreement(run);
    expect(run.clock.sleeps).toEqual([300_000, 300_000]);
    expect(run.verdict.grade).toBe('passed');
  });

  test.each(CONFLICTS)('that came late is known by its conflict (%i)', async (conflictStatus) => {
    const run = await tryWith({ conflictStatus, faults: [LOST_CREATE, BLIND_LOOK_UP] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'look up', 'create', 'look up', 'test']);
    expect(run.verdict.grade).toBe('passed');
  });

  test.each(CONFLICTS)('that no look-up shows may exist (%i)', async (conflictStatus) => {
    const faults: Fault[] = [LOST_CREATE, { ...BLIND_LOOK_UP, nth: 'all' }];
    const run = await tryWith({ conflictStatus, faults });
    expect(run.ids).toHaveLength(1);
    expect(run.verdict.grade).toBe('failed');
    expect(run.verdict.sentence).toMatch(/ may exist/);
  });
});

describe('without a name to look for', () => {
  const spec = { config: {} };

  test.each(['before', 'after'] as const)('a create lost %s may exist', async (when) => {
    for (const kind of ['reset', 'status', 'empty', 'html', 'redirect'] as const) {
      const run = await tryWith({ spec, faults: [on('create', { kind, when })] });
      expectAgreement(run);
      expect(run.ids).toHaveLength(when === 'after' ? 1 : 0);
      expect(run.sent).toEqual(['create']);
      expect(run.verdict.grade).toBe('failed');
      expect(run.verdict.sentence).toMatch(
        /A 15five connection of unknown name in group decent_dropsy may exist now: look for it/,
      );
    }
  });

  test('a create at the rate limit is sent again', async () => {
    const run = await tryWith({ spec, faults: [on('create', { kind: 'rate-limit' })] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'create']);
    expect(run.verdict.grade).toBe('passed');
  });
});
