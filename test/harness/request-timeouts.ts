import type { VirtualClock } from './virtual-clock.ts';

/** The timers of pending requests, which fire only when a test advances the clock. */
export type RequestTimeouts = {
  /** Advances the clock to the timers and fires them. */
  expire: () => void;
  /** Restores the real timers. */
  restore: () => void;
};

/**
 * Takes over the timers of a second and more, which are those of requests, from the machine. Only one
 * step at a time can run like this.
 */
export function takeOverTimeouts(clock: VirtualClock): RequestTimeouts {
  const { setTimeout, clearTimeout } = globalThis;
  const pending = new Set<{ ms: number; call: () => void }>();
  const set = (call: () => void, ms = 0): unknown => {
    if (ms < 1000) return setTimeout(call, ms);
    const timer = { ms, call };
    pending.add(timer);
    return timer;
  };
  const clear = (timer: unknown): void => {
    if (!pending.delete(timer as never)) clearTimeout(timer as NodeJS.Timeout);
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  return {
    expire() {
      for (const timer of pending) {
        pending.delete(timer);
        clock.advance(timer.ms);
        timer.call();
      }
    },
    restore: () => void Object.assign(globalThis, { setTimeout, clearTimeout }),
  };
}
