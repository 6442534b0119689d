import type { Clock } from './clock.ts';

/** How long all waits of one run for Fivetran's rate limit may take together. */
const budgetMs = 10 * 60 * 1000;

/** The rate limit that all requests of a run share. */
export type RateLimit = {
  /** Resolves when requests may be sent, or at the time `by`, whichever comes first. */
  wait(by?: number): Promise<void>;
  /** Holds all requests back for `ms`; false when the run's waits would exceed 10 minutes. */
  hold(ms: number): boolean;
};

/** Makes a rate limit that holds nothing back yet. Waits that overlap count once. */
export function createRateLimit(clock: Clock): RateLimit {
  let heldUntil = 0;
  let waited = 0;
  return {
    async wait(by = Number.POSITIVE_INFINITY) {
      for (;;) {
        const left = Math.min(heldUntil, by) - clock.now();
        if (left <= 0) return;
        await clock.sleep(left);
      }
    },
    hold(ms) {
      const until = clock.now() + ms;
      const longer = until - Math.max(heldUntil, clock.now());
      if (longer <= 0) return true;
      if (waited + longer > budgetMs) return false;
      waited += longer;
      heldUntil = until;
      return true;
    },
  };
}
