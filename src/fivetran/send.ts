import type { Attempt, Instant, Request } from './attempt.ts';
import { backoffMs, maxTries } from './backoff.ts';
import type { Clock } from './clock.ts';
import { CancelledError, FivetranError, OutcomeUnknownError } from './errors.ts';
import { type Api, sendOnce } from './http.ts';
import { makeRateLimit, type RateLimit } from './rate-limit.ts';
import { makeSemaphore, type Semaphore } from './semaphore.ts';

/** Called with a line for the log. */
export type Log = (line: string) => void;

/** What all requests of a run share. */
export type Session = {
  api: Api;
  clock: Clock;
  signal: AbortSignal;
  gate: RateLimit;
  /** Lets so many requests be under way at once, and no more. */
  slots: Semaphore;
  /** What was asked for by path, for answers that stay the same during a run. */
  cache: Map<string, Promise<unknown>>;
};

/** Opens the line to Fivetran that all requests of one run share. */
export function openSession(
  api: Api,
  clock: Clock,
  signal: AbortSignal,
  { atOnce = Number.POSITIVE_INFINITY }: { atOnce?: number } = {},
): Session {
  return {
    api,
    clock,
    signal,
    gate: makeRateLimit(clock),
    slots: makeSemaphore(atOnce),
    cache: new Map(),
  };
}

/** What Fivetran made of a request that was sent until its outcome was settled. */
export type SendResult<T> =
  | { kind: 'answered'; data: T; date: Instant | undefined; afterUnknown: boolean }
  | { kind: 'rejected'; error: FivetranError; status: number; afterUnknown: boolean }
  | { kind: 'unknown'; error: FivetranError };

/**
 * Sends a request until its outcome is settled. What was not processed (429, never sent) is sent
 * again; what may have been processed is sent again only when it is `repeatable`.
 *
 * @returns `afterUnknown` when an earlier try may already have done it
 * @throws FivetranError when it was never processed, 4 tries on, or the rate limit's waits exceed 10 minutes
 * @throws CancelledError when the run is cancelled
 */
export async function send<T>(
  line: Session,
  request: Request<T>,
  repeatable: boolean,
  say: Log,
): Promise<SendResult<T>> {
  let afterUnknown = false;
  for (let tries = 1; ; ) {
    const outcome = await line.slots(async () => {
      const { deadline, purpose } = request;
      await line.gate.opened(deadline);
      if (line.signal.aborted) throw new CancelledError('The run was cancelled.');
      if (deadline !== undefined && line.clock.now() >= deadline) {
        throw new OutcomeUnknownError(`Could not ${purpose}: the time for it is up.`);
      }
      request.onInFlight?.(true);
      const outcome = await watched(line, request, say);
      if (outcome.kind !== 'unknown') request.onInFlight?.(false);
      // Still within the slot: who waits for one must find the gate closed.
      if (outcome.kind === 'limited') {
        hold(line.gate, outcome.retryAfterMs, purpose, say);
      }
      return outcome;
    });
    switch (outcome.kind) {
      case 'answered':
      case 'rejected':
        return { ...outcome, afterUnknown };
      case 'limited':
        continue;
      case 'unknown':
        afterUnknown = true;
        if (!repeatable || tries === maxTries) return outcome;
        break;
      case 'unsent':
        if (tries === maxTries) {
          if (afterUnknown) return { kind: 'unknown', error: outcome.error };
          throw outcome.error;
        }
        break;
      default:
        outcome satisfies never;
    }
    await pause(line, tries++, outcome.error, say);
  }
}

/** Waits before the next try of what just failed, and says so. */
export async function pause(line: Session, tries: number, error: Error, say: Log): Promise<void> {
  const ms = backoffMs(tries, line.clock.random());
  say(`${error.message} Try ${tries + 1} of ${maxTries} follows in ${seconds(ms)}.`);
  await line.clock.sleep(ms);
}

function hold(gate: RateLimit, ms: number, purpose: string, say: Log): void {
  if (!gate.close(ms)) {
    throw new FivetranError(
      `Could not ${purpose}: Fivetran's rate limit asks to wait ${seconds(ms)} more, and this run ` +
        "would then have waited over 10 minutes for it. Run it again later, or lower the account's load.",
    );
  }
  say(`Fivetran's rate limit is reached (429): all requests wait ${seconds(ms)}.`);
}

/** One exchange; says every 10 s what is waited for. */
async function watched<T>(line: Session, request: Request<T>, say: Log): Promise<Attempt<T>> {
  const begin = line.clock.now();
  const stop = line.clock.every(10_000, () => {
    const passed = seconds(line.clock.now() - begin);
    say(
      `Waiting for Fivetran to ${request.purpose}: ${passed} so far, at most ${line.api.timeoutSeconds} s.`,
    );
  });
  try {
    return await sendOnce(line.api, request, line.clock, line.signal);
  } finally {
    stop();
  }
}

const seconds = (ms: number): string =>
  ms < 9950 ? `${Math.ceil(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`;
