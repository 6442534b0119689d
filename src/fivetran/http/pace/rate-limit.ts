import type { ServerTime } from '../attempt.ts';
import type { Clock } from '../clock.ts';
import type { Failure } from '../errors.ts';
import { createPatience } from './patience.ts';
import { createSemaphore } from './semaphore.ts';
import { createWaits } from './waits.ts';

/** What a 429 says. */
type Limited = {
  /** How long it asks to wait. */
  retryAfterMs: number;
  /** The server's clock when it responded. */
  date?: ServerTime | undefined;
  /** Whether the request is a poll, which does not count for giving up. */
  isPoll?: boolean | undefined;
};

/** One request's turn to be sent. */
export type Turn = {
  /** The response was none of the rate limit. */
  passed(): void;
  /** The response was a 429: all requests of the run wait, or the run gives up. */
  limited(response: Limited): void;
  /** The request has ended; the next one may be sent. */
  end(): void;
};

/** Decides when the requests of a run are sent, and whether. */
export type RateLimit = {
  /** Waits for a turn, at most until the time `by` on the step's clock. */
  enter(
    by?: number,
  ): Promise<{ kind: 'turn'; turn: Turn } | { kind: 'late' } | { kind: 'ended'; failure: Failure }>;
  /** Ends the run: no request gets a turn any more. */
  end(failure: Failure): void;
  /** Why no request gets a turn any more; undefined while they do. */
  failure(): Failure | undefined;
  /** When the present wait ends, in milliseconds since the epoch; undefined when there is none. */
  waitingUntil(): number | undefined;
  /** How long the run has waited so far, in milliseconds. */
  waitedMs(): number;
};

export type RateLimitOptions = {
  /** How many requests may be under way at once. */
  maxParallel: number;
  /** How long the run waits while no request gets through. */
  waitMinutes: number;
  /** Gets one line per wait. */
  log: (line: string) => void;
};

/** How long the polls of a run wait at most for one 429. */
const longestPollWaitMs = 6 * 60 * 60_000;
/** After a wait, the number of requests that may be under way doubles at this interval. */
const growthMs = 1000;

/**
 * Creates the rate limit that all requests of a run share.
 *
 * A 429 does not say which of Fivetran's limits was reached, so all requests wait together. After
 * the wait they return one by one, or in a number that grows while none gets a response, until
 * one gets through. Requests that were sent before a wait began belong to that wait.
 */
export function createRateLimit(
  clock: Clock,
  { maxParallel, waitMinutes, log }: RateLimitOptions,
): RateLimit {
  const patience = createPatience(clock, waitMinutes);
  const waits = createWaits(clock, log);
  let failure: Failure | undefined;
  /** Whether a request that was sent since the last wait has got through. */
  let hasPassed = false;
  let stopGrowing: (() => void) | undefined;
  let wake = (): void => {};
  const ended = new Promise<void>((resolve) => {
    wake = resolve;
  });

  const semaphore = createSemaphore(() => {
    if (!stopGrowing) return maxParallel;
    const seconds = Math.max(0, clock.now() - waits.end()) / growthMs;
    return Math.min(maxParallel, 2 ** Math.floor(seconds));
  });

  function end(reason: Failure): void {
    failure ??= reason;
    wake();
  }

  function hold(askedMs: number, date: ServerTime | undefined): void {
    let until = clock.now() + askedMs;
    if (waits.isOver()) {
      // Runs that share an account take turns: one that got through lets others go first.
      if (hasPassed) until += clock.random() * Math.min(askedMs / 30, 2000);
      hasPassed = false;
      waits.begin();
      stopGrowing ??= clock.every(growthMs, semaphore.refresh);
    }
    waits.extend(until, date);
  }

  function createTurn(): Turn {
    const waitsBefore = waits.count();
    /** Whether the request was sent before the last wait began. */
    const wasSentBefore = (): boolean => waitsBefore !== waits.count();
    return {
      passed(): void {
        const isBelated = wasSentBefore();
        patience.passed({ isBelated });
        // A belated response does not show that the limit lets requests through again.
        if (isBelated) return;
        hasPassed = true;
        stopGrowing?.();
        stopGrowing = undefined;
        semaphore.refresh();
      },
      limited({ retryAfterMs, date, isPoll }): void {
        const response = { askedMs: retryAfterMs, isBelated: wasSentBefore() };
        const givenUp = isPoll ? undefined : patience.limited(response);
        if (givenUp) end(givenUp);
        else hold(isPoll ? Math.min(retryAfterMs, longestPollWaitMs) : retryAfterMs, date);
      },
      end: semaphore.release,
    };
  }

  return {
    async enter(by = Number.POSITIVE_INFINITY) {
      for (;;) {
        if (failure) return { kind: 'ended', failure };
        const left = Math.min(waits.end(), by) - clock.now();
        if (left > 0) {
          await Promise.race([clock.sleep(left), ended]);
          continue;
        }
        if (clock.now() >= by) return { kind: 'late' };
        await semaphore.acquire();
        if (!failure && waits.isOver()) return { kind: 'turn', turn: createTurn() };
        semaphore.release();
      }
    },
    end,
    failure: () => failure,
    waitingUntil: waits.timeOfEnd,
    waitedMs: waits.waitedMs,
  };
}
