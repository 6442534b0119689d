import { backoffMs, retryAfterMs } from '../../../../src/fivetran/http/retry-timing.ts';

const SERVER = Date.parse('Sun, 06 Nov 1994 08:49:37 GMT');
const answered = { server: SERVER, local: 123_456, sent: 123_000 };
const inSeconds = (seconds: number) => new Date(SERVER + seconds * 1000).toUTCString();

describe('seconds', () => {
  test.each([
    ['1', 1000],
    ['7', 7000],
    ['007', 7000],
    [' 30 ', 30_000],
    ['3600', 3_600_000],
  ])('%j', (header, ms) => {
    expect(retryAfterMs(header, answered)).toBe(ms);
    expect(retryAfterMs(header, undefined)).toBe(ms);
  });

  test('zero still waits a second', () => {
    expect(retryAfterMs('0', answered)).toBe(1000);
  });

  test('a huge number is kept, so that the run refuses it', () => {
    expect(retryAfterMs('9'.repeat(30), answered)).toBeGreaterThan(1e30);
    expect(retryAfterMs('9'.repeat(400), answered)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a date', () => {
  test('is read against the Date of the same answer', () => {
    expect(retryAfterMs(inSeconds(42), answered)).toBe(42_000);
  });

  test('can have either of the obsolete forms', () => {
    expect(retryAfterMs('Sunday, 06-Nov-94 08:49:47 GMT', answered)).toBe(10_000);
    expect(retryAfterMs('Sun Nov  6 08:49:47 1994 GMT', answered)).toBe(10_000);
  });

  test.each([-3600, -1, 0])('%i s from the answer waits a second', (seconds) => {
    expect(retryAfterMs(inSeconds(seconds), answered)).toBe(1000);
  });

  test('is ignored when the answer has no Date', () => {
    expect(retryAfterMs(inSeconds(42), undefined)).toBe(5000);
  });
});

describe('an unreadable value waits five seconds', () => {
  test.each([
    undefined,
    '',
    ' ',
    '-5',
    '1.5',
    '1e9',
    '+3',
    '0x10',
    'soon',
    'Sun, 99 Foo 1994',
    '5, 7',
    '10 s',
    'NaN',
    'Infinity',
    '1994-11-06T08:59:37Z',
  ])('%j', (header) => {
    expect(retryAfterMs(header, answered)).toBe(5000);
  });
});

test.each([
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [5, 16_000],
  [6, 30_000],
  [60, 30_000],
  [2000, 30_000],
])('after try %i the wait is between 0 and %i ms', (tries, ceiling) => {
  expect(backoffMs(tries, 0)).toBe(0);
  expect(backoffMs(tries, 0.5)).toBe(ceiling / 2);
  expect(backoffMs(tries, 0.999)).toBe(Math.round(ceiling * 0.999));
});

test('the wait is in whole milliseconds', () => {
  expect(backoffMs(1, 1 / 3)).toBe(333);
});
