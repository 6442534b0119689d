import type { ConnectorType } from '../responses/connector-type.ts';
import type { Clock } from './clock.ts';
import type { Api } from './exchange.ts';
import { createRateLimit, type RateLimit } from './pace/rate-limit.ts';

/** Writes one line to a log. */
export type Log = (line: string) => void;

/** What all requests of a run share. */
export type Session = {
  api: Api;
  clock: Clock;
  signal: AbortSignal;
  /** Decides when requests are sent, and how many at once. */
  rateLimit: RateLimit;
  /** What stays the same during a run. */
  cache: {
    groups: Map<string, Promise<true>>;
    connectorTypes: Map<string, Promise<ConnectorType>>;
    /** The ids of all services, under one key. */
    services: Map<'all', Promise<string[]>>;
  };
  /** Gets one line per request, for debug logging. */
  debug: Log;
};

export type SessionOptions = {
  api: Api;
  clock: Clock;
  /** Aborts when the run is cancelled. */
  signal: AbortSignal;
  /** How many requests may be under way at once; without it, any number. */
  maxParallel?: number;
  /** How long the run waits for the rate limit while no request gets through. */
  rateLimitWaitMinutes: number;
  /** Gets what concerns the whole run. */
  log: Log;
  debug: Log;
};

/** Creates the session that all requests of one run share. */
export function createSession({
  api,
  clock,
  signal,
  maxParallel = Number.POSITIVE_INFINITY,
  rateLimitWaitMinutes: waitMinutes,
  log,
  debug,
}: SessionOptions): Session {
  const rateLimit = createRateLimit(clock, { maxParallel, waitMinutes, log });
  const cache = { groups: new Map(), connectorTypes: new Map(), services: new Map() };
  return { api, clock, signal, rateLimit, cache, debug };
}
