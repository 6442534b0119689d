import type { Grade } from '../../fivetran/responses/connection.ts';

/** How the work on a connection ended, in words. */
export type Verdict = {
  grade: Exclude<Grade, 'skipped'>;
  /** A few words that follow the connection's name. */
  headline: string;
  /** The verdict in sentences, for the log. */
  message: string;
  /** What the message says beyond the headline, the tests and the next steps; may be empty. */
  details: string;
  /** Fivetran's own reasons that the message quotes. */
  quoted: readonly string[];
  /** What a person does next, in sentences; names stand in backticks. */
  next: string[];
};

const nothingMore = { details: '', quoted: [], next: [] };

/** The verdict on work that passed. */
export const passedVerdict = (headline: string, message: string): Verdict => ({
  ...nothingMore,
  grade: 'passed',
  headline,
  message,
});

/** The verdict on work that failed. */
export const failedVerdict = (headline: string, message: string, next: string[] = []): Verdict => ({
  ...nothingMore,
  grade: 'failed',
  headline,
  message,
  next,
});
