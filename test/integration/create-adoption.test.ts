import { ending, expectAgreement, OLDER } from '../harness/agreement.ts';
import { BLIND_LOOK_UP, LOST_CREATE, on, UNPROCESSED_CREATE } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing, openSandbox, timestampAt } from '../harness/sandboxes.ts';
import type { StepRun } from '../harness/step.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import type { Fault } from '../sandbox/faults.mjs';

const skews = [0, 3_600_000, -3_600_000];
const conflicts = [400, 409] as const;

const listing = (items: object[]) =>
  on('look up', { kind: 'status', status: 200, body: { code: 'Success', data: { items } } });

describe('a connection that existed before', () => {
  test.each(
    skews.flatMap((clockSkewMs) =>
      conflicts.map((conflictStatus) => ({ clockSkewMs, conflictStatus })),
    ),
  )('is named, and never adopted: %j', async ({ clockSkewMs, conflictStatus }) => {
    const created_at = timestampAt(clockSkewMs - 3_600_000);
    for (const faults of [[], [UNPROCESSED_CREATE], [LOST_CREATE]]) {
      const connections = [{ ...OLDER, created_at }];
      const run = await runStep({}, { clockSkewMs, conflictStatus, connections, faults });
      expectAgreement(run, [OLDER.id]);
      expect(run.sent).toEqual(['create', 'look up']);
      expect(run.outputs.result).toBe('');
      expect(run.exitCode).toBe(1);
      expect(failureOf(run)).toMatch(/older_one.*if_exists.*another name in config/);
      expect(failureOf(run)).not.toMatch(/may exist/);
    }
  });

  test('is not adopted when it is a few seconds older', async () => {
    const connections = [{ ...OLDER, created_at: timestampAt(-1500) }];
    const run = await runStep({}, { connections, faults: [UNPROCESSED_CREATE] });
    expectAgreement(run, [OLDER.id]);
    expect(failureOf(run)).toContain('older_one');
  });

  test('is not adopted when it was created while the step waited for the rate limit', async () => {
    const limited = on('create', { kind: 'rate-limit', headers: { 'Retry-After': '3' } });
    const connections = [{ ...OLDER, created_at: timestampAt(2000) }];
    const faults = [limited, on('create', { kind: 'reset', nth: 2 })];
    const run = await runStep({ inputs: { on_failed_tests: 'delete' } }, { connections, faults });
    expectAgreement(run, [OLDER.id]);
    expect(run.sent).toEqual(['create', 'create', 'look up']);
    expect(run.ids).toEqual(['older_one']);
    expect(failureOf(run)).toContain('older_one');
  });

  test.each([undefined, null, 'yesterday', 17, '99999'])(
    'is not adopted when its created_at is %j',
    async (created_at) => {
      const item = { ...OLDER, group_id: 'decent_dropsy', created_at };
      const run = await runStep({}, { faults: [UNPROCESSED_CREATE, listing([item])] });
      expect(run.sent).toEqual(['create', 'look up']);
      expect(run.outputs.result).toBe('');
      expect(run.exitCode).toBe(1);
      expect(failureOf(run)).toMatch(
        /unknown whether this step created connection older_one\..*Look at it in the Fivetran dashboard\. .*if_exists: update/,
      );
    },
  );

  test('is used with a warning when it cannot be told whether this step created it', async () => {
    const item = { ...OLDER, group_id: 'decent_dropsy', created_at: 'yesterday' };
    const faults = [listing([]), UNPROCESSED_CREATE, { ...listing([item]), nth: 2 }];
    const run = await runStep({ inputs: { if_exists: 'reuse' } }, { connections: [OLDER], faults });
    expect(run.sent).toEqual(['look up', 'create', 'look up', 'test']);
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'older_one' });
    expect(annotated(run, 'warning')).toEqual([
      expect.stringMatching(/unknown whether this step created connection older_one/),
    ]);
  });

  test.each([
    ['2026-01-05T11:00:00', 'an hour before the step'],
    ['2026-01-05 11:59:58', 'two seconds before the step'],
  ])(
    'is not adopted when its created_at has no zone, which means UTC: %s, %s',
    async (created_at) => {
      const item = { ...OLDER, group_id: 'decent_dropsy', created_at };
      const zone = process.env.TZ;
      process.env.TZ = 'America/Los_Angeles';
      try {
        const run = await runStep({}, { faults: [UNPROCESSED_CREATE, listing([item])] });
        expect(run.sent).toEqual(['create', 'look up']);
        expect(run.outputs.result).toBe('');
        expect(failureOf(run)).toContain('older_one');
      } finally {
        process.env.TZ = zone ?? '';
        if (zone === undefined) delete process.env.TZ;
      }
    },
  );

  test('is not adopted for a part of its name, or for its name in another group', async () => {
    const connections = [
      { ...OLDER, schema: 'crm_2' },
      { ...OLDER, id: 'elsewhere', group_id: 'quaint_harbor', created_at: timestampAt(1) },
    ];
    const run = await runStep({}, { connections, faults: [UNPROCESSED_CREATE] });
    expectAgreement(run, ['older_one', 'elsewhere']);
    expect(run.sent).toEqual(['create', 'look up', 'create']);
    expect(run.outputs.result).toBe('created');
  });

  test('is not adopted when only an unfiltered list contains it', async () => {
    const items = [
      { ...OLDER, schema: 'crm_2', group_id: 'decent_dropsy', created_at: timestampAt(1) },
      { ...OLDER, group_id: 'quaint_harbor', created_at: timestampAt(1) },
    ];
    const run = await runStep({}, { faults: [UNPROCESSED_CREATE, listing(items)] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'look up', 'look up', 'create']);
  });
});

test('a connection that another client created first is not adopted', async () => {
  const connections = [{ ...OLDER, created_at: timestampAt(1000) }];
  for (const conflictStatus of conflicts) {
    const run = await runStep({}, { connections, conflictStatus });
    expectAgreement(run, [OLDER.id]);
    expect(run.outputs.result).toBe('');
    expect(failureOf(run)).toContain('older_one');
  }
});

test.each([OLDER.created_at, timestampAt(1000)])(
  'a connection of another service is never adopted (created %s)',
  async (created_at) => {
    for (const faults of [[], [UNPROCESSED_CREATE], [LOST_CREATE]]) {
      const connections = [{ ...OLDER, service: 'postgres', created_at }];
      const run = await runStep({}, { connections, faults });
      expectAgreement(run, [OLDER.id]);
      expect(run.outputs.result).toBe('');
      expect(failureOf(run)).toContain('older_one');
    }
  },
);

describe('a create whose answer is lost', () => {
  test.each(skews)('is found when the server clock is off by %i ms', async (clockSkewMs) => {
    const run = await runStep({}, { clockSkewMs, faults: [LOST_CREATE] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'look up', 'test']);
    expect(run.log).toContain(`Found connection ${run.ids[0]}`);
    expect(run.exitCode).toBe(0);
  });

  test('is found after a long wait for the rate limit', async () => {
    const wait = { kind: 'rate-limit', headers: { 'Retry-After': '300' } } as const;
    const faults = [
      on('create', wait),
      on('create', { ...LOST_CREATE, nth: 2 }),
      on('look up', wait),
    ];
    const run = await runStep({}, { faults });
    expectAgreement(run);
    expect(run.clock.sleeps).toEqual([300_000, 300_000]);
    expect(run.exitCode).toBe(0);
  });

  test.each(conflicts)(
    'and that takes effect late is found through the conflict (%i)',
    async (status) => {
      const faults = [LOST_CREATE, BLIND_LOOK_UP];
      const run = await runStep({}, { conflictStatus: status, faults });
      expectAgreement(run);
      expect(run.sent).toEqual(['create', 'look up', 'create', 'look up', 'test']);
      expect(run.exitCode).toBe(0);
    },
  );

  test.each(conflicts)(
    'and that no look-up finds is reported as possibly existing (%i)',
    async (conflictStatus) => {
      const faults: Fault[] = [LOST_CREATE, { ...BLIND_LOOK_UP, nth: 'all' }];
      const run = await runStep({}, { conflictStatus, faults });
      expect(run.ids).toHaveLength(1);
      expect(run.exitCode).toBe(1);
      expect(failureOf(run)).toMatch(/ may exist/);
    },
  );

  test('and that takes effect after the step was reported as possible', async () => {
    const sandbox = await openSandbox({ faults: [on('create', { kind: 'reset', nth: 'all' })] });
    const run = await runStep({}, { sandbox });
    expect(run.ids).toEqual([]);
    expect(failureOf(run)).toMatch(/may exist, or appear later/);
    expect(run.summary).toMatch(/may exist, or appear later/);
    sandbox.seed(existing({ created_at: undefined }));
    expect(sandbox.connections).toHaveLength(1);
  });
});

describe.each([
  ['of another service', { service: 'postgres' }],
  ['in another group', { group_id: 'quaint_harbor' }],
])('a create that is answered with a connection %s', (_what, other) => {
  test('is reported as unknown, and nothing is adopted or deleted', async () => {
    const data = { id: 'another_id', schema: 'crm', status: { setup_state: 'broken' }, ...other };
    const body = { code: 'Success', data };
    const answered = on('create', { kind: 'status', status: 201, body, nth: 'all' });
    const run = await runStep(
      { inputs: { on_failed_tests: 'delete' } },
      { connections: [{ id: 'another_id', schema: 'not_ours', ...other }], faults: [answered] },
    );
    expect(run.sent).not.toContain('delete');
    expect(run.outputs.connection_id ?? '').toBe('');
    expect(run.ids).toEqual(['another_id']);
    expect(ending(run)).toBe('may exist');
  });
});

describe('without a name to look for', () => {
  test.each(['before', 'after'] as const)(
    'a create that is lost %s it is processed may exist',
    async (when) => {
      for (const kind of ['reset', 'status', 'empty', 'html', 'redirect'] as const) {
        const run = await runStep(
          { inputs: { config: '' } },
          { faults: [on('create', { kind, when })] },
        );
        expectAgreement(run);
        expect(run.ids).toHaveLength(when === 'after' ? 1 : 0);
        expect(run.sent).toEqual(['create']);
        expect(run.outputs.connection_id ?? '').toBe('');
        expect(run.outputs.result).toBe('');
        expect(failureOf(run)).toMatch(/15five connection .*in group decent_dropsy may exist/);
        expect(run.summary).toMatch(/may exist/);
      }
    },
  );

  test('a rate-limited create is sent again', async () => {
    const faults = [on('create', { kind: 'rate-limit' })];
    const run = await runStep({ inputs: { config: '' } }, { faults });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'create']);
    expect(run.exitCode).toBe(0);
  });
});

describe('a clock that cannot be relied on', () => {
  /** Lets the look-up take so long, with a `Date` from when it began. */
  const slowLookUp = (ms: number) => {
    const clock = virtualClock();
    const onLine = (line: string) => {
      if (line.startsWith('GET /v1/connections:')) clock.advance(ms);
    };
    return { clock, onLine, fault: on('look up', { kind: 'skew', ms: -ms }) };
  };
  const deleting = { inputs: { on_failed_tests: 'delete' } };
  const failing = { scenario: 'failed-tests' };
  const equal = (sinceBeginMs: number) => ({
    ...OLDER,
    ...failing,
    destination_schema_names: 'FIVETRAN_NAMING',
    created_at: timestampAt(sinceBeginMs),
  });

  function expectLeftAlone(run: StepRun): void {
    expectAgreement(run, [OLDER.id]);
    expect(run.sent).toEqual(['create', 'look up']);
    expect(run.ids).toEqual([OLDER.id]);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toContain(OLDER.id);
  }

  test('does not adopt a connection from before the create when the look-up takes 6 s', async () => {
    const { clock, onLine, fault } = slowLookUp(6000);
    const faults = [UNPROCESSED_CREATE, fault];
    expectLeftAlone(
      await runStep(deleting, { connections: [equal(-4000)], faults, clock, onLine }),
    );
  });

  test.each([-3_600_000, -20_000, 5000, 3_600_000])(
    'does not adopt a connection from before the create when Date is off by %i ms',
    async (ms) => {
      const faults = [UNPROCESSED_CREATE, on('look up', { kind: 'skew', ms })];
      expectLeftAlone(await runStep(deleting, { connections: [equal(-4000)], faults }));
    },
  );

  test.each([-3_600_000, -20_000, 5000, 9000])(
    'does not call its own connection another one when Date is off by %i ms',
    async (ms) => {
      const faults = [LOST_CREATE, on('look up', { kind: 'skew', ms })];
      const run = await runStep(deleting, { faults, ...failing });
      expect(run.sent).toEqual(['create', 'look up']);
      expect(run.ids).toHaveLength(1);
      expect(failureOf(run)).toMatch(/unknown whether this step created/);
      expect(failureOf(run)).toContain(String(run.ids[0]));
      expect(failureOf(run)).not.toMatch(/delete that connection|Choose another name/i);
    },
  );

  test('does not adopt without Date', async () => {
    const faults = [LOST_CREATE, on('look up', { kind: 'slow', ms: 0, headers: { Date: '' } })];
    const run = await runStep(deleting, { faults, ...failing });
    expect(run.sent).not.toContain('delete');
    expect(failureOf(run)).toMatch(/unknown whether this step created/);
  });
});

describe('a list that lags behind', () => {
  test.each(conflicts)('is read again after the name is refused as taken (%i)', async (status) => {
    const world = { conflictStatus: status, listLagMs: 8000, faults: [LOST_CREATE] };
    const run = await runStep({}, world);
    expectAgreement(run);
    expect(run.exitCode).toBe(0);
    expect(run.outputs.result).toBe('created');
    expect(run.clock.now()).toBeLessThan(16_000);
  });

  test('for too long leaves a connection that may exist', async () => {
    const run = await runStep({}, { listLagMs: 60_000, faults: [LOST_CREATE] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'look up', 'create', ...Array(4).fill('look up')]);
    expect(ending(run)).toBe('may exist');
    expect(run.log).toMatch(/name crm is taken, but no connection is listed under it/);
    expect(run.clock.sleeps.slice(1)).toEqual([2000, 5000, 8000]);
  });

  test('is not waited for where every create was answered', async () => {
    const connections = [{ ...OLDER, created_at: timestampAt(-1000) }];
    const run = await runStep({}, { listLagMs: 60_000, connections });
    expect(run.sent).toEqual(['create', 'look up']);
    expect(run.clock.now()).toBe(0);
    expect(failureOf(run)).not.toMatch(/may exist/);
  });
});

test.each([300, 700, 2000, 4000])(
  'a create that takes effect %i ms late stays the only one',
  async (lateMs) => {
    const faults = [1, 2, 3, 4].map((nth) =>
      on('create', { kind: 'status', status: 503, lateMs, nth }),
    );
    for (const count of [1, 2, 3, 4]) {
      const run = await runStep({}, { faults: faults.slice(0, count) });
      run.sandbox.settle();
      expect(run.sandbox.connections).toHaveLength(1);
      if (run.exitCode === 0)
        expect(run.outputs.connection_id).toBe(run.sandbox.connections[0]?.id);
      else expect(['may exist', 'names it']).toContain(ending(run));
    }
  },
);
