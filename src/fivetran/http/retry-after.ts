import type { Instant } from './attempt.ts';
import { parseHttpDate } from './timestamp.ts';

const defaultMs = 5000;
/** A shorter wait would make a tight loop of requests to a busy server. */
const leastMs = 1000;

/**
 * How long a 429 asks to wait, in milliseconds.
 *
 * `Retry-After` is whole seconds or a date (RFC 9110, section 10.2.3). A date is read against the
 * same answer's `Date`, so neither side's clock has to be right. 5 s when the header is missing or
 * unreadable, and never less than 1 s.
 */
export function retryAfterMs(header: string | undefined, answered: Instant | undefined): number {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.max(leastMs, Number(text) * 1000);
  const until = parseHttpDate(text);
  return until === undefined || !answered ? defaultMs : Math.max(leastMs, until - answered.server);
}
