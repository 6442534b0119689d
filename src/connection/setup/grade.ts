import type { Connection, Grade, SetupTest } from '../../fivetran/responses/connection.ts';

type WithTests = Pick<Connection, 'setup_tests'>;

/** The setup tests of a connection with this grade. */
export const testsGraded = (connection: WithTests | undefined, grade: Grade): SetupTest[] =>
  (connection?.setup_tests ?? []).filter((test) => test.grade === grade);

/** The setup tests of a connection that failed. */
export const failedTests = (connection: WithTests | undefined): SetupTest[] =>
  testsGraded(connection, 'failed');

/** Whether Fivetran could not run a setup test, so that it says nothing about the setup. */
export const couldNotRun = ({ status }: SetupTest): boolean =>
  status.toUpperCase() === 'JOB_FAILED';

/** Whether a setup test failed because its status is none that this version of the action knows. */
export const hasUnknownStatus = ({ grade, status }: SetupTest): boolean =>
  grade === 'failed' && !['FAILED', 'JOB_FAILED'].includes(status.toUpperCase());

/** Whether a connection's setup failed: a test failed, or Fivetran reports it as broken. */
export const setupFailed = (connection: Connection | undefined): boolean =>
  failedTests(connection).length > 0 || connection?.status.setup_state === 'broken';
