import { expectAgreement } from '../harness/agreement.ts';
import { LOST_CREATE, on, UNPROCESSED_CREATE } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';

const refused = (status: number, nth = 1) => on('create', { kind: 'status', status, nth });

describe('a create that Fivetran refuses', () => {
  test.each([401, 403, 404, 405, 406, 415, 422])('with %i is final', async (status) => {
    const run = await runStep({}, { faults: [refused(status)] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create']);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(
      new RegExp(
        `^Could not create the connection: Fivetran answered ${status} Fault_${status}: A`,
      ),
    );
    expect(failureOf(run)).not.toMatch(/may exist/);
  });

  test.each([400, 409])('with %i for another reason than its name is final', async (status) => {
    const run = await runStep({}, { faults: [refused(status)] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'look up']);
    expect(failureOf(run)).toContain(`answered ${status}`);
    expect(failureOf(run)).not.toMatch(/may exist|already has a connection of this name: /);
  });

  test.each([400, 401, 403, 404, 409])(
    'with %i after an unanswered try may still exist',
    async (status) => {
      for (const unanswered of [UNPROCESSED_CREATE, on('create', { kind: 'html', status: 504 })]) {
        const run = await runStep({}, { faults: [unanswered, refused(status, 2)] });
        expectAgreement(run);
        expect(run.sent.filter((request) => request === 'create')).toHaveLength(2);
        expect(run.ids).toEqual([]);
        expect(failureOf(run)).toContain(`answered ${status}`);
        expect(failureOf(run)).toMatch(/may exist/);
        expect(run.outputs.result).toBe('');
      }
    },
  );

  test.each([401, 403, 404])(
    'is reported as unknown when its look-up is refused with %i',
    async (status) => {
      for (const create of [LOST_CREATE, UNPROCESSED_CREATE]) {
        const faults = [create, on('look up', { kind: 'status', status, nth: 'all' })];
        const run = await runStep({}, { faults });
        expectAgreement(run);
        expect(run.sent).toEqual(['create', 'look up']);
        expect(failureOf(run)).toMatch(
          new RegExp(`Could not create the .* look up the connection crm: .*${status}`),
        );
        expect(failureOf(run)).toMatch(/ may exist/);
      }
    },
  );

  test.each([400, 409] as const)(
    'as taken (%i) because the service ignores table: the plain schema is looked up',
    async (conflictStatus) => {
      // 15five has schemas only: Fivetran names the connection crm and ignores table.
      const run = await runStep(
        { inputs: { config: { schema: 'crm', table: 'orders' } } },
        { connections: [existing()], conflictStatus },
      );
      expect(run.sent.slice(0, 2)).toEqual(['create', 'look up']);
      expect(run.requests.at(-1)?.query).toMatchObject({ schema: 'crm' });
      expect(failureOf(run)).toContain('crm_id');
      expect(run.ids).toEqual(['crm_id']);
    },
  );

  describe('as taken while the metadata of the service cannot be read', () => {
    const metadata = {
      method: 'GET',
      path: '/v1/metadata/connector-types/{id}',
      kind: 'status',
      status: 403,
      nth: 'all',
    } as const;
    const taken = (inputs: object, conflictStatus: 400 | 409 = 409) =>
      runStep(
        { inputs: { config: { schema: 'crm', table: 'orders' }, ...inputs } },
        { connections: [existing({ sync_frequency: 60 })], conflictStatus, faults: [metadata] },
      );

    test.each([
      ['would be refused', {}],
      ['would be updated', { if_exists: 'update', sync_frequency: 5 }],
    ])('names a connection of the plain name that %s, and leaves it alone', async (_, inputs) => {
      const run = await taken(inputs);
      expect(run.exitCode).toBe(1);
      expect(failureOf(run)).toMatch(
        /409.*no connection crm\.orders, but one named crm: crm_id\. .*cannot be determined/,
      );
      expect(run.sent).not.toContain('patch');
      expect(run.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 60 }]);
      expect(run.outputs.result).toBe('');
    });

    test.each([
      ['reuse', {}],
      ['update', { sync_frequency: 60 }],
    ])('uses a connection of the plain name that needs no change (%s)', async (if_exists, more) => {
      const run = await taken({ if_exists, ...more });
      expect(run.exitCode).toBe(0);
      expect(run.sent).not.toContain('patch');
      expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
    });

    test('updates the secrets of a connection of the plain name, which no answer shows', async () => {
      const config = { schema: 'crm', table: 'orders', api_key: 'new-key-of-the-source' };
      const run = await taken({ if_exists: 'update', config });
      expect(bodies(run, 'patch')).toMatchObject([{ config: { api_key: config.api_key } }]);
      expect(run.outputs).toMatchObject({ result: 'updated', connection_id: 'crm_id' });
    });

    test('is not assumed for a 400, which can have any reason', async () => {
      const run = await taken({}, 400);
      expect(run.exitCode).toBe(1);
      expect(failureOf(run)).toContain('answered 400');
      expect(failureOf(run)).not.toContain('crm_id');
    });
  });
});

describe('at the rate limit', () => {
  const limited = (seconds: number, nth: number | 'all' = 1) =>
    ({ kind: 'rate-limit', headers: { 'Retry-After': `${seconds}` }, nth }) as const;

  test('a create waits and is sent again', async () => {
    const run = await runStep({}, { faults: [on('create', limited(60))] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'create']);
    expect(run.clock.sleeps).toEqual([60_000]);
    expect(run.log).toMatch(/429.* 1 min/);
    expect(run.exitCode).toBe(0);
  });

  test('a create that is never let through is reported as not created', async () => {
    const run = await runStep({}, { faults: [on('create', limited(400, 'all'))] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'create', 'create']);
    expect(run.ids).toEqual([]);
    expect(failureOf(run)).toMatch(/let no request through for 13 min 20 s.*wait_minutes is 10\./);
    expect(failureOf(run)).not.toMatch(/may exist/);
  });

  test('one wait of more than ten minutes fails at once', async () => {
    const run = await runStep({}, { faults: [on('create', limited(3600))] });
    expect(run.sent).toEqual(['create']);
    expect(run.clock.sleeps).toEqual([]);
    expect(failureOf(run)).toMatch(/asks to wait 60 min, and rate_limit_wait_minutes is 10\./);
  });

  test.each([LOST_CREATE, UNPROCESSED_CREATE])(
    'a look-up that would wait too long reports the create as unknown: %j',
    async (create) => {
      const run = await runStep({}, { faults: [create, on('look up', limited(400, 'all'))] });
      expectAgreement(run);
      expect(failureOf(run)).toMatch(/rate_limit_wait_minutes is 10\..* may exist/);
    },
  );

  test('a second create that would wait too long reports the first as unknown', async () => {
    const faults = [UNPROCESSED_CREATE, on('create', { ...limited(700), nth: 2 })];
    const run = await runStep({}, { faults });
    expectAgreement(run);
    expect(failureOf(run)).toMatch(/rate_limit_wait_minutes is 10\..* may exist/);
  });
});

test('a create that cannot be sent is reported as not created', async () => {
  const run = await runStep({}, { prepare: ({ close }) => void close() });
  expectAgreement(run);
  expect(run.ids).toEqual([]);
  expect(run.clock.sleeps).toEqual([500, 1000, 2000]);
  expect(failureOf(run)).toMatch(/refused|does not accept connections/);
  expect(failureOf(run)).not.toMatch(/may exist/);
});
