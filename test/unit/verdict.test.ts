import { dashboardUrl, verdictOn } from '../../src/report/verdict.ts';
import { progressOf } from './progress-of.ts';

const passed = { title: 'Connecting', status: 'PASSED', message: '' };
const failed = { title: 'Validating credentials', status: 'FAILED', message: 'no' };

const verdictWith = (setup_state: unknown, ...statuses: string[]) =>
  verdictOn(
    progressOf({
      status: { setup_state },
      setup_tests: statuses.map((status) => ({ title: `Test ${status}`, status })),
    }),
  );

test.each([
  ['PASSED', 'passed'],
  ['SKIPPED', 'passed'],
  ['passed', 'passed'],
  ['WARNING', 'warned'],
  ['FAILED', 'failed'],
  ['JOB_FAILED', 'failed'],
  ['DEFERRED', 'failed'],
  ['', 'failed'],
  ['toString', 'failed'],
])('a test that ended as %j makes it %s', (status, grade) => {
  expect(verdictWith('connected', 'PASSED', status).grade).toBe(grade);
});

test.each([
  ['connected', 'passed'],
  ['incomplete', 'warned'],
  ['broken', 'failed'],
  ['half_connected', 'passed'],
  [undefined, 'passed'],
])('with no failed test, the setup state %s makes it %s', (state, grade) => {
  expect(verdictWith(state, 'PASSED').grade).toBe(grade);
});

test('says what became of the connection', () => {
  expect(verdictWith('connected', 'PASSED', 'SKIPPED').sentence).toMatch(
    /^Connection open_mosaic was created and is connected: .*2 setup tests/,
  );
  expect(verdictWith('connected').sentence).toContain('no setup test ran');
});

test('names the failed tests, and how many there are', () => {
  const { sentence, next } = verdictOn(progressOf({ setup_tests: [passed, failed] }));
  expect(sentence).toContain('1 of 2 setup tests failed: Validating credentials.');
  expect(next).not.toEqual([]);
});

test('names the first few of many failed tests', () => {
  const setup_tests = Array.from({ length: 8 }, (_, at) => ({ ...failed, title: `Test ${at}` }));
  const { sentence } = verdictOn(progressOf({ setup_tests }));
  expect(sentence).toContain(
    '8 of 8 setup tests failed: Test 0, Test 1, Test 2, Test 3, Test 4, and 3 more.',
  );
});

test('an incomplete connection points to the connect card, if there is one', () => {
  const status = { setup_state: 'incomplete' };
  const uri = 'https://fivetran.com/connect-card?auth=t';
  const withCard = verdictOn(progressOf({ status, connect_card: { token: 't', uri } }));
  expect(withCard.next.join()).toContain('connect_card_uri');
  expect(withCard.next.join()).not.toContain(uri);
  expect(verdictOn(progressOf({ status })).next.join()).toContain('connect_card_config');
});

test('a broken connection points to the dashboard', () => {
  const { sentence, next } = verdictWith('broken', 'PASSED');
  expect(sentence).toContain('broken');
  expect(next.join()).toContain('dashboard');
});

test('an error is told with what is known of the connection', () => {
  const error = 'Could not run the setup tests: Fivetran answered 500.';
  expect(verdictOn(progressOf({}, { error }))).toMatchObject({
    grade: 'failed',
    sentence: `Connection open_mosaic was created. ${error}`,
  });
  const nothing = { connection: undefined, result: undefined };
  expect(verdictOn(progressOf({}, { ...nothing, error })).sentence).toBe(error);
});

test('a create without an outcome leaves a doubt, which names what to look for', () => {
  const more = {
    connection: undefined,
    result: undefined,
    error: 'No answer.',
    inFlight: 'create' as const,
  };
  const { grade, sentence } = verdictOn(progressOf({}, more));
  expect(grade).toBe('failed');
  expect(sentence).toMatch(
    /^No answer\. A 15five connection named crm in group decent_dropsy may exist/,
  );
});

test.each([
  ['open_mosaic', 'open_mosaic'],
  ['../x?y#z', '..%2Fx%3Fy%23z'],
  ['a"><b>', 'a%22%3E%3Cb%3E'],
])('the dashboard of %s is one place at Fivetran', (id, part) => {
  expect(dashboardUrl(id)).toBe(`https://fivetran.com/dashboard/connectors/${part}/status`);
});
