import * as fc from 'fast-check';
import { readConnection, readEnvelope, readPage } from '../../src/fivetran/answers.ts';

const id = 'open_mosaic';
const testsOf = (...setup_tests: unknown[]) => readConnection({ id, setup_tests })?.setup_tests;

test('an answer as the reference has it is read', () => {
  const answer = {
    id,
    group_id: 'decent_dropsy',
    service: '15five',
    schema: 'crm',
    paused: false,
    created_at: '2026-01-05T12:00:00.000000Z',
    status: { setup_state: 'connected', sync_state: 'scheduled', update_state: 'on_schedule' },
    setup_tests: [{ title: 'Connecting', status: 'PASSED', message: '' }],
    connect_card: { token: 't', uri: 'https://fivetran.com/connect-card?auth=t' },
  };
  expect(readConnection(answer)).toMatchObject({ ...answer, paused: 'false', answer });
});

test('no field but the id can make an answer unusable', () => {
  const fields = [
    'group_id',
    'service',
    'schema',
    'paused',
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
      for (const field of [read?.group_id, read?.schema, read?.status.setup_state]) {
        expect(['string', 'undefined']).toContain(typeof field);
      }
      for (const list of [read?.setup_tests, read?.status.tasks, read?.status.warnings]) {
        expect(list).toBeInstanceOf(Array);
      }
    }),
  );
});

test('no setup test can make an answer unusable, and each has a title, a status and a message', () => {
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
])('a test of %j is readable', (test, title, status, message) => {
  expect(testsOf(test)).toMatchObject([{ title, status, message }]);
});

test.each(['text', 5, null, { b: [1] }, [{ hash: 'x' }, 'text', null]])(
  'details of %j stay as they are',
  (details) => {
    expect(testsOf({ title: 'a', status: 'FAILED', details })?.[0]?.details).toEqual(details);
  },
);

test('numbers as text and text as numbers are the same, and unknown fields stay in the answer', () => {
  const answer = { id: 7, schema: 15, paused: 'true', sync_frequency: '360', quantum: { a: null } };
  expect(readConnection(answer)).toMatchObject({ id: '7', schema: '15', paused: 'true', answer });
  expect(readConnection({ id, paused: true })?.paused).toBe('true');
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
  { data: { id } },
])('there is no connection in %j', (data) => {
  expect(readConnection(data)).toBeUndefined();
});

test('what is no test is left out', () => {
  expect(testsOf(null, 'text', [], { title: 'a', status: 'PASSED' }, 5)).toMatchObject([
    { title: 'a', status: 'PASSED' },
  ]);
});

const isB = (item: { id: string }): boolean => item.id === 'b';

test('a page has the connection that is wanted, and where to go on', () => {
  const page = { items: [{ id }, { id: 'b', schema: 'x' }], next_cursor: 'next' };
  const found = { connection: { id: 'b', schema: 'x' }, next_cursor: 'next' };
  expect(readPage(page, isB)).toMatchObject(found);
  expect(readPage({ items: [{ id }] }, isB)).toEqual({});
  expect(readPage({ items: [], next_cursor: null }, isB)).toEqual({});
});

test('a page with something unreadable is none, unless it has what is wanted', () => {
  for (const item of [null, {}, { id: '' }, 'text']) {
    expect(readPage({ items: [{ id }, item] }, isB)).toBeUndefined();
    expect(readPage({ items: [item, { id: 'b' }] }, isB)?.connection).toMatchObject({ id: 'b' });
  }
});

test.each([undefined, null, [], {}, { items: null }, { items: {} }])('%j is no page', (data) => {
  expect(readPage(data, isB)).toBeUndefined();
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
