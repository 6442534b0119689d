import type { Instant } from './attempt.ts';

const defaultMs = 5000;
/** Less would ask a server that is already too busy in a tight loop. */
const leastMs = 1000;

/**
 * How long a 429 asks to wait, in milliseconds.
 *
 * `Retry-After` is whole seconds or a date (RFC 9110, section 10.2.3); a date is read against the
 * same answer's `Date`, so a clock that is wrong on either side does not matter. 5 s when the header
 * is missing or unreadable, and never under 1 s.
 */
export function retryAfterMs(header: string | undefined, answered: Instant | undefined): number {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.max(leastMs, Number(text) * 1000);
  const until = Date.parse(text);
  if (/^[A-Za-z]{3}/.test(text) && !Number.isNaN(until) && answered) {
    return Math.max(leastMs, until - answered.server);
  }
  return defaultMs;
}
