import { expectAgreement } from '../harness/agreement.ts';
import { answering, LOST_CREATE, on, UNPROCESSED_CREATE } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';

test.each([
  [
    '401',
    { scenario: 'unauthorized' },
    {},
    '401 Unauthorized',
    'Check that api_key and api_secret',
  ],
  ['401', { apiKey: 'right' }, { api_key: 'wrong' }, '401 Unauthorized', 'api_key and api_secret'],
  ['403', { scenario: 'forbidden' }, {}, '403 Forbidden', "the API key's role"],
  [
    '404',
    {},
    { group_id: 'none' },
    '404 NotFound_Group',
    'group_id is none',
    "not the destination's name",
  ],
  ['404', {}, { service: 'none' }, '404 NotFound_Service', 'has no service none', 'See https://'],
])('a %s fails with its code and what to check: %j %j', async (_, world, inputs, ...words) => {
  const run = await runStep({ inputs }, world);
  expect(run.exitCode).toBe(1);
  expect(run.sent.slice(0, 1)).toEqual(['create']);
  const [error = '', ...more] = annotated(run, 'error');
  expect(more).toEqual([]);
  for (const word of words) expect(error).toContain(word);
  expect(run.connections).toEqual([]);
});

test("an invalid value fails with Fivetran's own message", async () => {
  const run = await runStep({ inputs: { service: 'postgres', config: 'port: many' } });
  expect(run.exitCode).toBe(1);
  expect(run.sent).toEqual(['create']);
  expect(annotated(run, 'error')).toEqual([
    expect.stringMatching(/400 InvalidInput: Field 'config\.port' must be of type integer/),
  ]);
});

test.each([409, 400] as const)(
  'a taken name fails with the id of its connection when Fivetran answers %d',
  async (conflictStatus) => {
    const connections = [{ id: 'old_one', config: { schema: 'crm' } }];
    const run = await runStep({}, { conflictStatus, connections });
    expect(run.exitCode).toBe(1);
    expect(run.sent).toEqual(['create', 'look up']);
    expect(run.requests[1]).toMatchObject({ query: { group_id: 'decent_dropsy', schema: 'crm' } });
    const [error = '', ...more] = annotated(run, 'error');
    expect(more).toEqual([]);
    expect(error).toContain('. The group already has a connection of this name: old_one.');
    for (const word of [String(conflictStatus), 'Conflict', 'crm', 'if_exists']) {
      expect(error).toContain(word);
    }
    expect(run.ids).toEqual(['old_one']);
  },
);

test.each<[string, number, unknown, string]>([
  ['without a body', 400, '', 'Fivetran answered 400.'],
  [
    'with an HTML page',
    403,
    '<html><body><h1>Blocked</h1> by a proxy</body></html>',
    '403: Blocked by a proxy.',
  ],
  ['with JSON of another shape', 422, { error: 'x' }, 'Fivetran answered 422'],
  ['with JSON that is not an object', 400, '[1]', 'Fivetran answered 400'],
  ['with fields of unexpected types', 400, { code: 7, message: null }, 'Fivetran answered 400 7.'],
])('a refusal %s fails with what is readable of it', async (_, status, body, words) => {
  const run = await runStep(
    { inputs: { config: '' } },
    { faults: [{ kind: 'status', status, body }] },
  );
  expect(run.exitCode).toBe(1);
  expect(run.sent).toEqual(['create']);
  expect(annotated(run, 'error')).toEqual([expect.stringContaining(words)]);
});

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
        // What to check after the other refusals is about the look-up alone.
        expect(/Check that api_key/.test(failureOf(run))).toBe(status === 401);
        expect(failureOf(run)).not.toMatch(/API key's role|Check group_id/);
      }
    },
  );

  test.each([
    [409, /409.* named crm, crm_id: the service may ignore config\.table/],
    // A 400 can have any reason.
    [400, /answered 400(?!.*crm_id)/],
  ] as const)('as taken (%i), perhaps because the service ignores table', async (status, words) => {
    const run = await runStep(
      { inputs: { config: { schema: 'crm', table: 'orders' } } },
      { connections: [existing()], conflictStatus: status },
    );
    expect(run.sent.slice(0, 2)).toEqual(['create', 'look up']);
    expect(failureOf(run)).toMatch(words);
    expect(run.ids).toEqual(['crm_id']);
    expect(run.outputs.connection_id ?? '').toBe('');
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

test.each([
  [
    'NotFound_Service',
    { service: 'postgress' },
    /has no service postgress\. Did you mean postgres\?/,
  ],
  ['NotFound_ProxyAgent', {}, /^(?!.*has no service)/],
])('the hint of a create that is refused as %s is about that', async (code, inputs, hint) => {
  const body = { code, message: 'Not there.' };
  const services = answering('/v1/metadata/connector-types', { items: [{ id: 'postgres' }] });
  const faults = [on('create', { kind: 'status', status: 404, body }), services];
  const run = await runStep({ inputs }, { faults });
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(hint);
});
