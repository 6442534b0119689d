import { makeSemaphore } from '../../src/fivetran/semaphore.ts';

/** Work that ends when it is told to. */
function held() {
  let end: (result: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  let begun = false;
  const work = () => {
    begun = true;
    return ended;
  };
  return { work, begun: () => begun, end };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('so much work is done at once as there are slots, and no more', async () => {
  const slots = makeSemaphore(2);
  const works = [held(), held(), held(), held()];
  const done = works.map(({ work }) => slots(work));
  await settled();
  expect(works.map(({ begun }) => begun())).toEqual([true, true, false, false]);
  works[1]?.end('b');
  await settled();
  expect(works.map(({ begun }) => begun())).toEqual([true, true, true, false]);
  for (const [at, { end }] of works.entries()) end(`${at}`);
  expect(await Promise.all(done)).toEqual(['0', 'b', '2', '3']);
});

test('who waits comes in turn', async () => {
  const slots = makeSemaphore(1);
  const order: number[] = [];
  const first = held();
  const all = [slots(first.work)];
  for (let at = 1; at <= 5; at++) {
    all.push(
      slots(async () => {
        order.push(at);
        return '';
      }),
    );
  }
  first.end('');
  await Promise.all(all);
  expect(order).toEqual([1, 2, 3, 4, 5]);
});

test('who comes as a slot becomes free does not go before those in line', async () => {
  const slots = makeSemaphore(1);
  const order: string[] = [];
  const first = held();
  const done = slots(first.work).then(() => slots(async () => void order.push('late')));
  const inLine = slots(async () => void order.push('in line'));
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
])('work that %s gives its slot back, and its error to who asked', async (_how, work) => {
  const slots = makeSemaphore(1);
  await expect(slots(work)).rejects.toThrow('no');
  const failing = slots(work);
  const next = slots(async () => 'next');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
  expect(await slots(async () => 'after')).toBe('after');
});

test('slots without number hold nothing back', async () => {
  const slots = makeSemaphore(Number.POSITIVE_INFINITY);
  const works = Array.from({ length: 1000 }, held);
  const done = works.map(({ work }) => slots(work));
  await settled();
  expect(works.every(({ begun }) => begun())).toBe(true);
  for (const { end } of works) end('');
  await Promise.all(done);
});

test('a slot is never lost, nor one too many, over many works', async () => {
  const slots = makeSemaphore(3);
  let atOnce = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++atOnce);
    await settled();
    atOnce--;
    if (most % 2) throw new Error('no');
  };
  for (let round = 0; round < 5; round++) {
    most = 0;
    await Promise.allSettled(Array.from({ length: 30 }, () => slots(work)));
    expect(most).toBe(3);
  }
});
