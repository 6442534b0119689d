/** Permits for what may be done at once. */
export type Semaphore = {
  /** Resolves with a permit, in the order of asking. */
  acquire(): Promise<void>;
  release(): void;
  /** Hands out the permits that a limit which has grown allows. */
  refresh(): void;
};

/**
 * Creates a semaphore.
 *
 * @param limit how many permits may be out now
 */
export function createSemaphore(limit: () => number): Semaphore {
  let out = 0;
  const waiting: (() => void)[] = [];
  const refresh = (): void => {
    while (waiting.length > 0 && out < limit()) {
      out++;
      waiting.shift()?.();
    }
  };
  return {
    acquire: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        refresh();
      }),
    release(): void {
      out--;
      refresh();
    },
    refresh,
  };
}
