import { listProblems } from '../../../../src/connection/selection/problems.ts';

const problems = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => `${index}`.padEnd(length, '.'));

test.each([
  { count: 1, length: 10, shown: 1 },
  { count: 50, length: 10, shown: 50 },
  { count: 51, length: 10, shown: 50 },
  { count: 25, length: 99, shown: 25 },
  { count: 30, length: 99, shown: 25 },
  { count: 1, length: 5000, shown: 1 },
  { count: 2, length: 5000, shown: 1 },
])('of $count problems with $length characters each, $shown are listed', (one) => {
  const { count, length, shown } = one;
  const text = problems(count, length).slice(0, shown).join(' ');
  const isCut = shown < count;
  expect(listProblems(problems(count, length))).toBe(
    isCut ? `${count} problems (${shown} shown): ${text}` : text,
  );
});
