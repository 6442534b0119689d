import { asSentence, truncate } from '../text/format.ts';
import { asMapping } from '../text/mapping.ts';

/**
 * Why GitHub's API did not do what was asked. Unanswered is what may have been done nevertheless:
 * the connection broke, or the response was an error of the server or cannot be read.
 */
export type GitHubFailure =
  | { kind: 'refused'; status: number; reason: string }
  | { kind: 'rate-limited'; status: number }
  | { kind: 'unanswered'; reason: string };

/** Characters of GitHub's own words that are shown. */
const maxWords = 500;

/**
 * Classifies an error that Octokit threw: for a status that is an error, for a connection that
 * broke, or for a response that it cannot read.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
export function failureOf(error: unknown): GitHubFailure {
  const { status, response } = asMapping(error);
  if (typeof status !== 'number') {
    return { kind: 'unanswered', reason: 'GitHub sent an invalid response.' };
  }
  // Octokit gives a connection that broke the status 500, and no response.
  if (response === undefined) {
    return { kind: 'unanswered', reason: `GitHub cannot be reached (${causeOf(error)}).` };
  }
  const { headers, data } = asMapping(response);
  const { message } = asMapping(data);
  const said = typeof message === 'string' ? truncate(message, maxWords) : '';
  if (isRateLimit(status, asMapping(headers), said)) return { kind: 'rate-limited', status };
  const reason = asSentence(`GitHub answered ${status}${said && `: ${said}`}`);
  return status >= 500 || status === 408
    ? { kind: 'unanswered', reason }
    : { kind: 'refused', status, reason };
}

/**
 * GitHub reports its primary and secondary rate limits with 403 or 429. Some responses have no
 * header of their own.
 */
const isRateLimit = (status: number, headers: Record<string, unknown>, message: string): boolean =>
  status === 429 ||
  (status === 403 &&
    (headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0' ||
      /rate limit/i.test(message)));

/** The innermost cause of an error, in the words of Node.js. */
function causeOf(error: unknown): string {
  const { cause, errors, code, message } = asMapping(error);
  // A host with several addresses fails with one error that holds an error for each.
  const inner = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  if (inner !== undefined) return causeOf(inner);
  return truncate(String(message || code || 'no reason given'), maxWords);
}
