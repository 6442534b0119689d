import type { Clock } from './clock.ts';
import type { Api } from './exchange.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { createSemaphore, type Semaphore } from './semaphore.ts';

/** Writes one line to a log. */
export type Log = (line: string) => void;

/** What all requests of a run share. */
export type Session = {
  api: Api;
  clock: Clock;
  signal: AbortSignal;
  rateLimit: RateLimit;
  /** Limits how many requests are under way at once. */
  semaphore: Semaphore;
  /** Answers that stay the same during a run, by path. */
  cache: Map<string, Promise<unknown>>;
  /** Gets one line per request, for debug logging. */
  debug: Log;
};

/** Creates the session that all requests of one run share. */
export function createSession(
  api: Api,
  clock: Clock,
  signal: AbortSignal,
  { maxParallel = Number.POSITIVE_INFINITY, debug = () => {} }: SessionOptions = {},
): Session {
  return {
    api,
    clock,
    signal,
    rateLimit: createRateLimit(clock),
    semaphore: createSemaphore(maxParallel),
    cache: new Map(),
    debug,
  };
}
type SessionOptions = { maxParallel?: number; debug?: Log };
