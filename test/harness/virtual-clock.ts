import type { Clock } from '../../src/fivetran/http/clock.ts';

/** The start of a step with a virtual clock, on the server's clock; within a second, as usual. */
export const BEGIN = Date.UTC(2026, 0, 5, 12, 0, 0, 250);

/** A clock that moves only when a test advances it or a sleep passes. */
export type VirtualClock = Clock & {
  /** How long each sleep was asked to take, in milliseconds, in the order of asking. */
  readonly sleeps: number[];
  /** Lets time pass, and calls back whoever asked to be called meanwhile. */
  advance(ms: number): void;
};

/**
 * Makes a clock whose sleeps take no time: they resolve at once and move the clock to where they
 * would have ended. Sleeps that overlap do so here too.
 *
 * @param random what each draw gives; one half when left out
 */
export function virtualClock(random: () => number = () => 0.5): VirtualClock {
  const sleeps: number[] = [];
  const timers = new Set<{ ms: number; due: number; call: () => void }>();
  let time = 0;

  function moveTo(target: number): void {
    for (;;) {
      const [next] = [...timers].filter(({ due }) => due <= target).sort((a, b) => a.due - b.due);
      if (!next) break;
      time = Math.max(time, next.due);
      next.due += next.ms;
      next.call();
    }
    time = Math.max(time, target);
  }

  return {
    sleeps,
    advance: (ms) => moveTo(time + ms),
    now: () => time,
    date: () => BEGIN + time,
    async sleep(ms) {
      sleeps.push(ms);
      const end = time + ms;
      await Promise.resolve();
      moveTo(end);
    },
    random,
    every(ms, call) {
      const timer = { ms, due: time + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
}
