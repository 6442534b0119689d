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
