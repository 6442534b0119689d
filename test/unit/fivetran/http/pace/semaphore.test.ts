import { createSemaphore } from '../../../../../src/fivetran/http/pace/semaphore.ts';

/** Runs tasks, each as soon as it has a permit. */
function semaphoreOf(limit: () => number) {
  const { acquire, release, refresh } = createSemaphore(limit);
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    await acquire();
    try {
      return await work();
    } finally {
      release();
    }
  };
  return Object.assign(run, { refresh });
}

/** A task that the test ends. */
function heldWork() {
  let end: (result: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  let hasBegun = false;
  const work = () => {
    hasBegun = true;
    return ended;
  };
  return { work, hasBegun: () => hasBegun, end };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('at most as many tasks as permits run in parallel', async () => {
  const semaphore = semaphoreOf(() => 2);
  const works = [heldWork(), heldWork(), heldWork(), heldWork()];
  const done = works.map(({ work }) => semaphore(work));
  await nextTurn();
  expect(works.map(({ hasBegun }) => hasBegun())).toEqual([true, true, false, false]);
  works[1]?.end('b');
  await nextTurn();
  expect(works.map(({ hasBegun }) => hasBegun())).toEqual([true, true, true, false]);
  for (const [at, { end }] of works.entries()) end(`${at}`);
  expect(await Promise.all(done)).toEqual(['0', 'b', '2', '3']);
});

test('a limit that has grown lets in as many more', async () => {
  let limit = 1;
  const semaphore = semaphoreOf(() => limit);
  const works = [heldWork(), heldWork(), heldWork(), heldWork()];
  for (const { work } of works) void semaphore(work);
  limit = 3;
  await nextTurn();
  expect(works.map(({ hasBegun }) => hasBegun())).toEqual([true, false, false, false]);
  semaphore.refresh();
  await nextTurn();
  expect(works.map(({ hasBegun }) => hasBegun())).toEqual([true, true, true, false]);
  for (const { end } of works) end('');
});

test('permits are granted in order', async () => {
  const semaphore = semaphoreOf(() => 1);
  const order: number[] = [];
  const first = heldWork();
  const all = [semaphore(first.work)];
  for (let at = 1; at <= 5; at++) {
    all.push(
      semaphore(async () => {
        order.push(at);
        return '';
      }),
    );
  }
  first.end('');
  await Promise.all(all);
  expect(order).toEqual([1, 2, 3, 4, 5]);
});

test('a new task does not jump the queue when a permit becomes free', async () => {
  const semaphore = semaphoreOf(() => 1);
  const order: string[] = [];
  const first = heldWork();
  const done = semaphore(first.work).then(() => semaphore(async () => void order.push('late')));
  const inLine = semaphore(async () => void order.push('in line'));
  first.end('');
  await Promise.all([done, inLine]);
  expect(order).toEqual(['in line', 'late']);
});

test.each([
  ['rejects', () => Promise.reject(new Error('no'))],
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
])('a task that %s releases its permit and passes on its error', async (_how, work) => {
  const semaphore = semaphoreOf(() => 1);
  await expect(semaphore(work)).rejects.toThrow('no');
  const failing = semaphore(work);
  const next = semaphore(async () => 'next');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
  expect(await semaphore(async () => 'after')).toBe('after');
});

test('with infinite permits nothing waits', async () => {
  const semaphore = semaphoreOf(() => Number.POSITIVE_INFINITY);
  const works = Array.from({ length: 1000 }, heldWork);
  const done = works.map(({ work }) => semaphore(work));
  await nextTurn();
  expect(works.every(({ hasBegun }) => hasBegun())).toBe(true);
  for (const { end } of works) end('');
  await Promise.all(done);
});

test('no permit is lost or added over many tasks', async () => {
  const semaphore = semaphoreOf(() => 3);
  let inParallel = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inParallel);
    await nextTurn();
    inParallel--;
    if (most % 2) throw new Error('no');
  };
  for (let round = 0; round < 5; round++) {
    most = 0;
    await Promise.allSettled(Array.from({ length: 30 }, () => semaphore(work)));
    expect(most).toBe(3);
  }
});
