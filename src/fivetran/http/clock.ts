import { setTimeout as timeout } from 'node:timers/promises';
import { CancelledError } from './errors.ts';

/** Time and chance as arguments, so that a test can pass its own and wait for nothing. */
export type Clock = {
  /** Milliseconds since the step began; never jumps. */
  now(): number;
  /** The time of day: milliseconds since the epoch. It may be wrong, and may jump. */
  date(): number;
  /** Resolves after `ms` milliseconds; rejects with a CancelledError when the run is cancelled. */
  sleep(ms: number): Promise<void>;
  /** At least 0, below 1. */
  random(): number;
  /** Calls back every `ms` milliseconds until the returned function is called. */
  every(ms: number, call: () => void): () => void;
};

/** The machine's own clock. */
export function createSystemClock(signal: AbortSignal): Clock {
  return {
    // Counts from the start of the process, which is the beginning of the step.
    now: () => process.uptime() * 1000,
    date: Date.now,
    sleep: (ms) =>
      timeout(ms, undefined, { signal }).catch(() => {
        throw new CancelledError();
      }),
    random: Math.random,
    every(ms, call) {
      const timer = setInterval(call, ms);
      return () => clearInterval(timer);
    },
  };
}
