import type { Clock } from './clock.ts';

/** How long all waits of one run for Fivetran's rate limit may take together. */
const budgetMs = 10 * 60 * 1000;

/** The one gate that all requests of a run pass. */
export type RateLimit = {
  /** Resolves when requests may be sent, or at the time `by`, whichever is first. */
  opened(by?: number): Promise<void>;
  /** Holds all requests back for `ms`; false when the run's waits would exceed 10 minutes. */
  close(ms: number): boolean;
};

/** Makes an open gate. Waits that overlap count once. */
export function makeRateLimit(clock: Clock): RateLimit {
  let opensAt = 0;
  let waited = 0;
  return {
    async opened(by = Number.POSITIVE_INFINITY) {
      while (clock.now() < Math.min(opensAt, by)) {
        await clock.sleep(Math.min(opensAt, by) - clock.now());
      }
    },
    close(ms) {
      const until = clock.now() + ms;
      const longer = until - Math.max(opensAt, clock.now());
      if (longer <= 0) return true;
      if (waited + longer > budgetMs) return false;
      waited += longer;
      opensAt = until;
      return true;
    },
  };
}
