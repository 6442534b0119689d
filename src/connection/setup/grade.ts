import type { Connection, SetupTest } from '../../fivetran/responses/connection.ts';

/** How a setup test counts. An unknown status counts as failed. */
export type Grade = 'passed' | 'skipped' | 'warned' | 'failed';

/** Fivetran's statuses of a setup test. */
const grades: Record<string, Grade> = { PASSED: 'passed', SKIPPED: 'skipped', WARNING: 'warned' };

/** The grade of a setup test. */
export function gradeOf({ status }: Pick<SetupTest, 'status'>): Grade {
  const known = status.toUpperCase();
  return Object.hasOwn(grades, known) ? (grades[known] as Grade) : 'failed';
}

/** The setup tests of a connection with this grade. */
export const testsGraded = (connection: Connection | undefined, grade: Grade): SetupTest[] =>
  (connection?.setup_tests ?? []).filter((test) => gradeOf(test) === grade);

/** The setup tests of a connection that failed. */
export const failedTests = (connection: Connection | undefined): SetupTest[] =>
  testsGraded(connection, 'failed');

/** Whether a connection's setup failed: a test failed, or Fivetran reports it as broken. */
export const setupFailed = (connection: Connection | undefined): boolean =>
  failedTests(connection).length > 0 || connection?.status.setup_state === 'broken';
