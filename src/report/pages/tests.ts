import type { Grade, SetupTest } from '../../fivetran/responses/connection.ts';
import { pluralize, truncate } from '../../text/format.ts';
import { shortened } from '../markup/fit.ts';
import { andMore, escapeCell, fitsCell, folded, htmlTable, paragraph } from '../markup/html.ts';
import { countTests, describeCounts, marks, sortTests } from '../verdict/tests.ts';

/** Characters shown of each text; what the table cuts is in the details. */
const cellLimits = { title: 150, message: 300, details: 8000 };

/** A mark and what it belongs to, which stay on one line. */
export const marked = (grade: Grade, html: string): string => `${marks[grade]}&#160;${html}`;

/** The cells of a test: its result, its title, and its message of at most `length` characters. */
export const testCells = ({ grade, status, title, message }: SetupTest, length: number) => [
  marked(grade, escapeCell(status)),
  escapeCell(shortened(title, cellLimits.title)),
  escapeCell(shortened(message, length)),
];

/**
 * The setup tests, the failed ones first; folded when none failed or warned. Has a message column
 * when a test has a message.
 */
export function testTable(tests: readonly SetupTest[], budget: number): string[] {
  const [first] = tests;
  if (!first) return [];
  const columns = tests.some(({ message }) => message !== '') ? 3 : 2;
  const head = ['Result', 'Setup test', 'Message'].slice(0, columns);
  const rows = sortTests(tests).map((test) =>
    testCells(test, cellLimits.message).slice(0, columns),
  );
  const { html, hidden } = htmlTable(head, rows, budget);
  const all = [html, ...andMore(hidden, 'setup test').map(paragraph)];
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
  return sortTests(tests).flatMap(({ grade, title, message, details }) => {
    if (grade !== 'failed' && grade !== 'warned') return [];
    const parts = [
      message.length > cellLimits.message || !fitsCell(message) ? message : '',
      details === undefined || details === null ? '' : detailsText(details),
    ].filter(Boolean);
    return parts.length > 0
      ? [{ title, text: truncate(parts.join('\n\n'), cellLimits.details) }]
      : [];
  });
}

const detailsText = (details: unknown): string =>
  typeof details === 'string' ? details : JSON.stringify(details, null, 2);
