import type { Grade, SetupTest } from '../../fivetran/responses/connection.ts';

/** The mark of each grade. */
export const marks: Record<Grade, string> = {
  failed: '❌',
  warned: '⚠️',
  passed: '✅',
  skipped: '⚪',
};

/** The grades in the order in which a reader wants to see and count them. */
const byUrgency: readonly Grade[] = ['failed', 'warned', 'passed', 'skipped'];

/** How many setup tests have each grade. */
export type TestCounts = Record<Grade, number>;

/** Counts setup tests by their grade. */
export function countTests(tests: readonly SetupTest[] = []): TestCounts {
  const counts: TestCounts = { failed: 0, warned: 0, passed: 0, skipped: 0 };
  for (const test of tests) counts[test.grade]++;
  return counts;
}

/** `1 failed, 1 passed, 1 skipped`; empty when no test ran. */
export const describeCounts = (counts: TestCounts): string =>
  byUrgency
    .filter((grade) => counts[grade] > 0)
    .map((grade) => `${counts[grade]} ${grade}`)
    .join(', ');

/** The tests with the failed ones first, then those that warned, passed, and were skipped. */
export const sortTests = (tests: readonly SetupTest[]): SetupTest[] =>
  [...tests].sort((a, b) => byUrgency.indexOf(a.grade) - byUrgency.indexOf(b.grade));
