import type { Grade, SetupTest } from '../../fivetran/responses/connection.ts';
import { pluralize, truncate } from '../../text/format.ts';
import { andMore, escapeCell, fitsCell, folded, paragraph, table } from '../markup/html.ts';

/** The mark of each grade. */
export const marks: Record<Grade, string> = {
  failed: '❌',
  warned: '⚠️',
  skipped: '⚪',
  passed: '✅',
};

/** The grades in the order in which a reader wants to see them. */
const byUrgency: readonly Grade[] = ['failed', 'warned', 'skipped', 'passed'];
/** The grades in the order in which they are counted. */
const byMerit: readonly Grade[] = ['passed', 'failed', 'warned', 'skipped'];

/** How many setup tests have each grade. */
export type TestCounts = Record<Grade, number>;

export function countTests(tests: readonly SetupTest[] = []): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, warned: 0, skipped: 0 };
  for (const test of tests) counts[test.grade]++;
  return counts;
}

/** `1 passed, 1 failed, 1 skipped`; empty when no test ran. */
export const describeCounts = (counts: TestCounts): string =>
  byMerit
    .filter((grade) => counts[grade] > 0)
    .map((grade) => `${counts[grade]} ${grade}`)
    .join(', ');

/** A mark and what it belongs to, which stay on one line. */
export const marked = (grade: Grade, html: string): string => `${marks[grade]}&#160;${html}`;

/** The tests with the failed ones first, then those that warned, were skipped, and passed. */
export const sortTests = (tests: readonly SetupTest[]): SetupTest[] =>
  [...tests].sort((a, b) => byUrgency.indexOf(a.grade) - byUrgency.indexOf(b.grade));

/** Characters shown of each text; what the table truncates is in the details. */
const limits = { title: 150, message: 300, details: 8000 };

/** The setup tests, the failed ones first; folded when none failed or warned. Has a message column when a test has a message. */
export function testTable(tests: readonly SetupTest[], budget: number): string[] {
  const [first] = tests;
  if (!first) return [];
  const hasMessages = tests.some(({ message }) => message !== '');
  const rows = sortTests(tests).map((test) => [
    marked(test.grade, cell(test.status, limits.title)),
    cell(test.title, limits.title),
    ...(hasMessages ? [cell(test.message, limits.message)] : []),
  ]);
  const head = ['Result', 'Setup test', ...(hasMessages ? ['Message'] : [])];
  const { html, hidden } = table(head, rows, budget);
  const all = [html, ...andMore(hidden, 'setup tests.').map(paragraph)];
  const { failed, warned, ...fine } = countTests(tests);
  if (failed + warned > 0) return all;
  const count = pluralize(tests.length, 'setup test');
  const isUniform = Object.values(fine).includes(tests.length);
  const counts = describeCounts({ failed, warned, ...fine });
  const title = isUniform ? `${count} ${first.grade}` : `${count}: ${counts}`;
  return [folded(title, all.join(''))];
}

/** What the table does not show of the tests that failed or warned. */
export function testDetails(tests: readonly SetupTest[]): { title: string; text: string }[] {
  return sortTests(tests).flatMap((test) => {
    const { grade } = test;
    if (grade !== 'failed' && grade !== 'warned') return [];
    const { message, details } = test;
    const parts = [
      message.length > limits.message || !fitsCell(message) ? message : '',
      details === undefined || details === null ? '' : textOf(details),
    ].filter(Boolean);
    if (parts.length === 0) return [];
    const title = truncate(test.title, limits.title);
    return [{ title, text: truncate(parts.join('\n\n'), limits.details) }];
  });
}

const textOf = (details: unknown): string =>
  typeof details === 'string' ? details : JSON.stringify(details, null, 2);

const cell = (text: string, length: number): string => escapeCell(truncate(text, length));
