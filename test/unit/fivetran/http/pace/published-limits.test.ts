import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendWithRetries } from '../../../../../src/fivetran/http/send.ts';
import { closeAtEnd } from '../../../../harness/cleanup.ts';
import { seededRandom } from '../../../../harness/random.ts';
import { type VirtualClock, virtualClock } from '../../../../harness/virtual-clock.ts';
import { CREATE, senderIn, sessionWith } from '../session.ts';

/** A rolling window: at most `count` creates within `seconds`. */
type Window = { count: number; seconds: number };

const perMinute: Window = { count: 20, seconds: 60 };
const published: Window[] = [perMinute, { count: 600, seconds: 3600 }];

/** When a window admits the next create after these, in milliseconds. */
const admittedFrom = (admitted: number[], windows: Window[]): number =>
  Math.max(
    0,
    ...windows.map(({ count, seconds }) => {
      const oldest = admitted.at(-count);
      return oldest === undefined ? 0 : oldest + seconds * 1000;
    }),
  );

/** How long `count` creates take at least, in milliseconds. */
function floorOf(count: number, windows: Window[]): number {
  const admitted: number[] = [];
  while (admitted.length < count) {
    admitted.push(Math.max(admitted.at(-1) ?? 0, admittedFrom(admitted, windows)));
  }
  return admitted.at(-1) ?? 0;
}

/** A server that limits creates, and says in whole seconds when there is room. */
async function startLimited(clock: VirtualClock, windows: Window[]) {
  const admitted: number[] = [];
  let refused = 0;
  const server = createServer((request, response) => {
    request.resume();
    const waitMs = admittedFrom(admitted, windows) - clock.now();
    if (waitMs > 0) {
      refused++;
      response.writeHead(429, { 'Retry-After': Math.ceil(waitMs / 1000) }).end();
      return;
    }
    admitted.push(clock.now());
    response.writeHead(201).end(JSON.stringify({ code: 'Success', data: { id: 'x' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAtEnd({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, admitted, refused: () => refused };
}

/** Creates `count` connections, eight at once; returns the log of the run. */
async function createAll(url: string, clock: VirtualClock, count: number, waitMinutes: number) {
  const options = { maxParallel: 8, rateLimitWaitMinutes: waitMinutes };
  const session = sessionWith(url, clock, options);
  const queue = Array.from({ length: count }, () => CREATE).values();
  const worker = async (): Promise<void> => {
    for (const create of queue) {
      expect(await sendWithRetries(senderIn(session), create)).toMatchObject({ kind: 'answered' });
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return session.lines;
}

test('900 creates take little longer than the limits demand, and few are refused', async () => {
  const clock = virtualClock(seededRandom(1));
  const server = await startLimited(clock, published);
  const lines = await createAll(server.url, clock, 900, 60);
  expect(server.admitted).toHaveLength(900);
  expect(clock.now()).toBeLessThanOrEqual(1.05 * floorOf(900, published) + 60_000);
  const waits = lines.filter((line) => line.includes('(429)')).length;
  expect(server.refused()).toBeLessThanOrEqual(8 * waits);
});

test.each([1, 2, 3])('two runs that share an account both end (seed %i)', async (seed) => {
  const clock = virtualClock(seededRandom(seed));
  const server = await startLimited(clock, [perMinute]);
  await Promise.all([1, 2].map(() => createAll(server.url, clock, 100, 3)));
  expect(server.admitted).toHaveLength(200);
});
