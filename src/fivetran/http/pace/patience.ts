import { duration } from '../../../text/format.ts';
import type { Clock } from '../clock.ts';
import type { Failure } from '../errors.ts';

/** How long a run bears with a rate limit that lets nothing through. */
export type Patience = {
  /** A response other than a 429 came. */
  passed(response: Arrival): void;
  /** A 429 came that asks to wait this long; returns why the run gives up, if it does. */
  limited(response: Arrival & { askedMs: number }): Failure | undefined;
};

/** A response, and whether its request was sent before the last wait began. */
type Arrival = { isBelated: boolean };

/**
 * Creates the patience of a run. It ends when a 429 comes after nothing got through for
 * `waitMinutes`, or asks for a longer wait; never over time alone.
 */
export function createPatience(clock: Pick<Clock, 'now'>, waitMinutes: number): Patience {
  const limitMs = waitMinutes * 60_000;
  /** When the first request was refused after one last got through. */
  let refusedSince: number | undefined;
  return {
    passed({ isBelated }): void {
      if (!isBelated) refusedSince = undefined;
      else if (refusedSince !== undefined) refusedSince = clock.now();
    },
    limited({ askedMs, isBelated }): Failure | undefined {
      if (askedMs > limitMs)
        return givenUp(`asks to wait ${boundedDuration(askedMs)}`, waitMinutes);
      if (isBelated) return undefined;
      refusedSince ??= clock.now();
      const ms = clock.now() - refusedSince;
      if (ms < limitMs) return undefined;
      return givenUp(`has let no request through for ${boundedDuration(ms)}`, waitMinutes);
    },
  };
}

const givenUp = (reason: string, waitMinutes: number): Failure => ({
  message: `Fivetran's rate limit ${reason}, and rate_limit_wait_minutes is ${waitMinutes}.`,
  shortReason: 'rate limit',
  hint: "Run it again later, raise rate_limit_wait_minutes, or reduce the account's load.",
  endsRun: true,
});

/** A duration in a sentence; a server can ask for one that no number can express. */
const boundedDuration = (ms: number): string =>
  ms > 24 * 60 * 60_000 ? 'more than a day' : duration(ms);
