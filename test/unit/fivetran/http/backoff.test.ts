import { backoffMs, maxTries } from '../../../../src/fivetran/http/retry-timing.ts';

test('a request is sent at most four times', () => {
  expect(maxTries).toBe(4);
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
