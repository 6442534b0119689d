/** Runs work as soon as a slot is free. */
export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes so many slots; who finds none free waits in line. */
export function makeSemaphore(count: number): Semaphore {
  let free = count;
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
