import type { SetupTest } from '../../fivetran/responses/connection.ts';
import { truncate } from '../../text/format.ts';
import { type Bounds, truncateStrings } from './bounded.ts';

/** A setup test as the outputs report it. */
export type TestReport = Pick<SetupTest, 'title' | 'status' | 'message' | 'details'>;

/** A setup test without what the outputs leave out. */
export const testReport = ({ title, status, message, details }: SetupTest): TestReport => ({
  title,
  status,
  message,
  details,
});

/**
 * How setup tests are made to fit: details go first, then messages are cut; failed tests go last.
 */
export const testBounds = (limit: number): Bounds<TestReport> => ({
  limit,
  forms: [
    (test) => ({ ...test, details: truncateStrings(test.details, 1000) }),
    ({ details: _, ...test }) => test,
    ...[2000, 500, 100].map((length) => ({ details: _, ...test }: TestReport) => ({
      ...test,
      message: truncate(test.message, length),
    })),
  ],
  isVital: ({ status }) => !/^(passed|skipped|warning)$/i.test(status),
});
