import type { ServerTime } from './attempt.ts';
import { parseHttpDate } from './timestamp.ts';

/** How often a request is sent at most, the first time included. */
export const maxTries = 4;

/**
 * How long to wait before the next try, in milliseconds: full jitter below a ceiling that doubles
 * from 1 s to 30 s, as in "Exponential Backoff And Jitter" of the AWS Architecture Blog.
 *
 * @param tries how often the request was sent so far, from 1
 * @param random at least 0, below 1
 */
export function backoffMs(tries: number, random: number): number {
  return Math.round(random * Math.min(30_000, 1000 * 2 ** (tries - 1)));
}

const defaultMs = 5000;
/** A shorter wait would make a tight loop of requests to a busy server. */
const leastMs = 1000;

/**
 * How long a 429 asks to wait, in milliseconds.
 *
 * `Retry-After` is whole seconds or a date (RFC 9110, section 10.2.3). A date is read against the
 * same response's `Date`, so neither side's clock has to be right. 5 s when the header is missing
 * or unreadable, and never less than 1 s.
 */
export function retryAfterMs(header: string | undefined, answered: ServerTime | undefined): number {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.max(leastMs, Number(text) * 1000);
  const until = parseHttpDate(text);
  return until === undefined || !answered ? defaultMs : Math.max(leastMs, until - answered.server);
}
