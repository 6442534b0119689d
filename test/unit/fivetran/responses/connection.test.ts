import * as fc from 'fast-check';
import { readConnectCard, readConnection } from '../../../../src/fivetran/responses/connection.ts';
import { readEnvelope, readPage } from '../../../../src/fivetran/responses/envelope.ts';

const id = 'open_mosaic';
const testsOf = (...setup_tests: unknown[]) => readConnection({ id, setup_tests })?.setup_tests;

test('an answer as in the reference is read', () => {
  const answer = {
    id,
    group_id: 'decent_dropsy',
    service: '15five',
    schema: 'crm',
    paused: false,
    schedule_type: 'auto',
    created_at: '2026-01-05T12:00:00.000000Z',
    status: {
      setup_state: 'connected',
      sync_state: 'rescheduled',
      update_state: 'on_schedule',
      schema_status: 'ready',
      is_historical_sync: true,
      rescheduled_for: '2026-01-05T13:00:00Z',
      tasks: [{ code: 'reconnect', message: 'Reconnect', details: 'x' }],
    },
    setup_tests: [{ title: 'Connecting', status: 'PASSED', message: '' }],
    connect_card: { token: 't', uri: 'https://fivetran.com/connect-card?auth=t' },
  };
  const tasks = [{ code: 'reconnect', message: 'Reconnect' }];
  const status = { ...answer.status, tasks };
  expect(readConnection(answer)).toMatchObject({ ...answer, status, raw: answer });
});

test('only a missing id makes an answer unusable', () => {
  const fields = [
    'group_id',
    'service',
    'schema',
    'paused',
    'schedule_type',
    'created_at',
    'succeeded_at',
    'failed_at',
    'status',
    'setup_tests',
    'connect_card',
    'config',
  ];
  const anything = fc.record(Object.fromEntries(fields.map((field) => [field, fc.jsonValue()])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(anything, (answer) => {
      const read = readConnection({ ...answer, id });
      expect(read?.id).toBe(id);
      const { setup_state, schema_status, rescheduled_for } = read?.status ?? {};
      const texts = [read?.group_id, read?.schema, setup_state, schema_status, rescheduled_for];
      for (const field of texts) expect(['string', 'undefined']).toContain(typeof field);
      for (const list of [read?.setup_tests, read?.status.tasks, read?.status.warnings]) {
        expect(list).toBeInstanceOf(Array);
      }
    }),
  );
});

test('every setup test has a title, a status and a message', () => {
  const field = fc.jsonValue();
  const test = fc.record(
    { title: field, status: field, message: field, details: field },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(test), (tests) => {
      const read = testsOf(...tests);
      expect(read).toHaveLength(tests.length);
      for (const one of read ?? []) {
        expect(one).toMatchObject({
          title: expect.stringMatching(/\S/),
          status: expect.stringMatching(/./s),
          message: expect.any(String),
        });
      }
    }),
  );
});

test.each([
  [{ title: null, status: null, message: null }, 'Untitled test', 'UNKNOWN', ''],
  [{ title: ' ', status: '' }, 'Untitled test', 'UNKNOWN', ''],
  [{ title: 12, status: 5, message: 404 }, 'Untitled test', 'UNKNOWN', '404'],
  [{ title: 'a', status: 'b', message: { text: 'c' } }, 'a', 'b', '{"text":"c"}'],
])('a test of %j can be read', (test, title, status, message) => {
  expect(testsOf(test)).toMatchObject([{ title, status, message }]);
});

test.each(['text', 5, null, { b: [1] }, [{ hash: 'x' }, 'text', null]])(
  'details of %j stay unchanged',
  (details) => {
    expect(testsOf({ title: 'a', status: 'FAILED', details })?.[0]?.details).toEqual(details);
  },
);

test('numbers can be text and text can be numbers; unknown fields are kept in the raw response', () => {
  const answer = { id: 7, schema: 15, paused: 'true', sync_frequency: '360', quantum: { a: null } };
  expect(readConnection(answer)).toMatchObject({
    id: '7',
    schema: '15',
    paused: true,
    raw: answer,
  });
  expect(readConnection({ id, paused: true })?.paused).toBe(true);
});

test.each([
  undefined,
  null,
  5,
  'text',
  [],
  {},
  { id: null },
  { id: '' },
  { id: {} },
  { id: 'x'.repeat(201) },
  { data: { id } },
])('%j contains no connection', (data) => {
  expect(readConnection(data)).toBeUndefined();
});

test.each([
  [{}, false, false],
  [{ status: { sync_state: 'scheduled', is_historical_sync: true } }, false, false],
  [{ paused: true }, true, false],
  [{ status: { sync_state: 'paused' } }, true, false],
  [{ succeeded_at: '2026-01-05T12:00:00Z' }, false, true],
  [{ failed_at: '2026-01-05T12:00:00Z' }, false, true],
  [{ status: { is_historical_sync: false } }, false, true],
  [{ status: { sync_state: 'syncing' } }, false, true],
  [{ status: { sync_state: 'rescheduled' } }, false, true],
])('a connection with %j: is paused %s, has synced %s', (fields, isPaused, hasSynced) => {
  expect(readConnection({ id, ...fields })).toMatchObject({ isPaused, hasSynced });
});

test('items that are not tests are left out', () => {
  const failed = { title: 'b', status: 'FAILED' };
  expect(testsOf(null, 'text', [], { title: 'a', status: 'passed' }, 5, failed)).toMatchObject([
    { title: 'a', status: 'passed', grade: 'passed' },
    failed,
  ]);
});

test('a connect card without a uri is ignored', () => {
  const uri = 'https://fivetran.com/connect-card?auth=t';
  expect(readConnectCard({ connect_card: { token: 't', uri } })).toEqual({ token: 't', uri });
  for (const connect_card of [undefined, null, {}, { token: 't' }, { uri: {} }, 'text']) {
    expect(readConnectCard({ connect_card })).toBeUndefined();
  }
});

describe('a page of a list', () => {
  test('has its items as they came, and the next cursor', () => {
    expect(readPage({ items: [null, 5], next_cursor: 'next' })).toEqual({
      items: [null, 5],
      next_cursor: 'next',
    });
    expect(readPage({ items: [], next_cursor: null })).toEqual({ items: [] });
  });

  test.each([undefined, null, [], {}, { items: null }, { items: {} }])('is not %j', (data) => {
    expect(readPage(data)).toBeUndefined();
  });
});

test.each([
  [
    { code: 'Success', message: 'ok', data: 5 },
    { code: 'Success', message: 'ok', data: 5 },
  ],
  [
    { code: 5, message: null },
    { code: '5', message: undefined },
  ],
  [
    { code: {}, message: [] },
    { code: undefined, message: undefined },
  ],
  [[], {}],
  [null, {}],
])('the frame of %j is read', (body, frame) => {
  expect(readEnvelope(body)).toMatchObject(frame);
});

test('a very large answer is truncated', () => {
  const details = Array.from({ length: 36_000 }, (_, at) => ({ at }));
  const connection = readConnection({
    id: 'x',
    setup_tests: [{ title: 'Many', status: 'FAILED', details }],
    list: [{ a: 1, b: 2 }],
  });
  const kept = connection?.setup_tests[0]?.details as unknown[];
  expect(kept.length).toBeLessThan(30_000);
  expect(kept[0]).toEqual({ at: 0 });
  expect(kept.at(-1)).toMatch(/truncated/);
  expect(connection?.raw.list).toEqual([expect.stringMatching(/truncated/)]);
});

describe('very many setup tests', () => {
  const passed = Array.from({ length: 36_000 }, (_, at) => ({
    title: `Test ${at}`,
    status: 'PASSED',
  }));

  test('are cut between two of them, so that no half one counts as failed', () => {
    for (const extra of [{}, { a: 1 }, { a: 1, b: 2 }]) {
      const tests = readConnection({
        id,
        ...extra,
        setup_tests: structuredClone(passed),
      })?.setup_tests;
      expect(tests?.length).toBeGreaterThan(10_000);
      expect(tests?.filter(({ grade }) => grade !== 'passed')).toEqual([]);
    }
  });

  test('are cut so that one that failed is kept', () => {
    const failed = { title: 'Last', status: 'FAILED' };
    const warned = { title: 'Very last', status: 'WARNING' };
    const tests = testsOf(...passed, failed, warned);
    expect(tests?.filter(({ grade }) => grade !== 'passed')).toMatchObject([failed, warned]);
  });
});
