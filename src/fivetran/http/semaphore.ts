/** Runs work as soon as a permit is free. */
export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a semaphore. Work for which no permit is free waits in order. */
export function createSemaphore(permits: number): Semaphore {
  let free = permits;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
