import {
  createRateLimit,
  type RateLimit,
} from '../../../../../src/fivetran/http/pace/rate-limit.ts';
import { virtualClock } from '../../../../harness/virtual-clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function rateLimitOn({ maxParallel = 8, waitMinutes = 10 } = {}) {
  const clock = virtualClock();
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  return { clock, lines, rateLimit: createRateLimit(clock, { maxParallel, waitMinutes, log }) };
}

/** Waits for a turn, which the test expects to come. */
async function enter(rateLimit: RateLimit, by?: number) {
  const entered = await rateLimit.enter(by);
  if (entered.kind !== 'turn') throw new Error(`no turn: ${entered.kind}`);
  return entered.turn;
}

/** Sends a request that ends with a 429, or gets through. */
async function send(rateLimit: RateLimit, retryAfterMs?: number, isPoll = false): Promise<void> {
  const turn = await enter(rateLimit);
  if (retryAfterMs === undefined) turn.passed();
  else turn.limited({ retryAfterMs, isPoll });
  turn.end();
}

/** How many of the requests that want a turn have one, once nothing more happens. */
async function entered(wanted: Promise<unknown>[]): Promise<number> {
  let count = 0;
  for (const turn of wanted) void turn.then(() => count++);
  await new Promise((resolve) => setImmediate(resolve));
  return count;
}

describe('a wait', () => {
  test('holds nothing back before there is one', async () => {
    const { clock, rateLimit } = rateLimitOn();
    await send(rateLimit);
    expect(clock.sleeps).toEqual([]);
    expect(rateLimit.waitingUntil()).toBeUndefined();
    expect(rateLimit.waitedMs()).toBe(0);
  });

  test('ends when the 429 says, with one line that names the time', async () => {
    const { clock, lines, rateLimit } = rateLimitOn();
    const [first, second] = [await enter(rateLimit), await enter(rateLimit)];
    first.limited({ retryAfterMs: 90 * SECOND });
    second.limited({ retryAfterMs: 90 * SECOND });
    for (const turn of [first, second]) turn.end();
    expect(rateLimit.waitingUntil()).toBe(clock.date() + 90 * SECOND);
    await send(rateLimit);
    expect(clock.now()).toBe(90 * SECOND);
    expect(lines).toEqual([
      "Fivetran's rate limit is reached (429): all requests wait 1 min 30 s, until 12:02 UTC.",
    ]);
    expect(rateLimit.waitedMs()).toBe(90 * SECOND);
    expect(rateLimit.waitingUntil()).toBeUndefined();
    clock.advance(MINUTE);
    await send(rateLimit, 30 * SECOND);
    await send(rateLimit);
    clock.advance(MINUTE);
    expect(rateLimit.waitedMs()).toBe(120.5 * SECOND);
  });

  test('tells the time by the server’s clock where it is known', async () => {
    const { lines, rateLimit } = rateLimitOn();
    const turn = await enter(rateLimit);
    const date = { server: Date.UTC(2030, 0, 1, 23, 59, 30), local: 0, sent: -SECOND };
    turn.limited({ retryAfterMs: MINUTE, date });
    expect(lines[0]).toContain('until 00:01 UTC.');
    expect(rateLimit.waitingUntil()).toBe(Date.UTC(2030, 0, 2, 0, 0, 30));
  });

  test('is extended by a 429 to a request that was sent before it, and not shortened', async () => {
    const { clock, lines, rateLimit } = rateLimitOn();
    const limits = [3, 9, 12, 1];
    const turns = await Promise.all(limits.map(() => enter(rateLimit)));
    for (const [at, seconds] of limits.entries()) {
      turns[at]?.limited({ retryAfterMs: seconds * SECOND });
      turns[at]?.end();
    }
    await send(rateLimit);
    expect(clock.now()).toBe(12 * SECOND);
    expect(rateLimit.waitedMs()).toBe(12 * SECOND);
    expect(lines.map((line) => /wait \d+ s/.exec(line)?.[0])).toEqual(['wait 3 s', 'wait 9 s']);
  });

  test('ends at the deadline of a request that has one', async () => {
    const { clock, rateLimit } = rateLimitOn();
    await send(rateLimit, 9 * SECOND);
    expect(await rateLimit.enter(4 * SECOND)).toEqual({ kind: 'late' });
    expect(clock.now()).toBe(4 * SECOND);
    expect(await rateLimit.enter(3 * SECOND)).toEqual({ kind: 'late' });
    expect(clock.sleeps).toEqual([4 * SECOND]);
    expect(rateLimit.waitedMs()).toBe(4 * SECOND);
  });

  test('is a little longer for a run whose requests got through, so that others get theirs', async () => {
    const { clock, rateLimit } = rateLimitOn();
    for (const seconds of [90, 30]) {
      await send(rateLimit);
      await send(rateLimit, seconds * SECOND);
    }
    await send(rateLimit, 60 * SECOND);
    await send(rateLimit);
    expect(clock.sleeps).toEqual([91 * SECOND, 30.5 * SECOND, 60 * SECOND]);
  });
});

describe('after a wait', () => {
  test('requests return one by one until one gets through', async () => {
    const { rateLimit } = rateLimitOn({ maxParallel: 4 });
    await send(rateLimit, 5 * SECOND);
    const wanted = [1, 2, 3, 4, 5].map(() => enter(rateLimit));
    expect(await entered(wanted)).toBe(1);
    (await wanted[0])?.end();
    expect(await entered(wanted)).toBe(2);
    (await wanted[1])?.passed();
    expect(await entered(wanted)).toBe(5);
  });

  test('more of them return while none is answered', async () => {
    const { clock, rateLimit } = rateLimitOn({ maxParallel: 5 });
    await send(rateLimit, 5 * SECOND);
    const wanted = [1, 2, 3, 4, 5, 6, 7].map(() => enter(rateLimit));
    const counts: number[] = [];
    for (let second = 0; second < 5; second++) {
      counts.push(await entered(wanted));
      clock.advance(SECOND);
    }
    expect(counts).toEqual([1, 2, 4, 5, 5]);
  });

  test('one that is limited begins another wait for all', async () => {
    const { clock, lines, rateLimit } = rateLimitOn();
    await send(rateLimit, 5 * SECOND);
    const wanted = [1, 2, 3].map(() => enter(rateLimit));
    const first = await wanted[0];
    first?.limited({ retryAfterMs: 7 * SECOND });
    first?.end();
    expect(await entered(wanted)).toBe(2);
    expect(clock.now()).toBe(12 * SECOND);
    expect(lines).toHaveLength(2);
  });

  test('a response to a request that was sent before it opens nothing', async () => {
    const { rateLimit } = rateLimitOn({ maxParallel: 4 });
    const early = await enter(rateLimit);
    await send(rateLimit, 5 * SECOND);
    early.end();
    const wanted = [1, 2, 3].map(() => enter(rateLimit));
    early.passed();
    expect(await entered(wanted)).toBe(1);
  });
});

describe('the run gives up', () => {
  const refusals = async (rateLimit: RateLimit, ms: number): Promise<number> => {
    for (let count = 1; count < 100; count++) {
      await send(rateLimit, ms);
      if (rateLimit.failure()) return count;
    }
    return Number.POSITIVE_INFINITY;
  };

  test.each([
    [60 * SECOND, 11],
    [600 * SECOND, 2],
    [250 * SECOND, 4],
    [601 * SECOND, 1],
    [Number.POSITIVE_INFINITY, 1],
  ])('when nothing got through for ten minutes: waits of %i ms', async (ms, count) => {
    const { rateLimit } = rateLimitOn();
    expect(await refusals(rateLimit, ms)).toBe(count);
    expect(await rateLimit.enter()).toEqual({ kind: 'ended', failure: rateLimit.failure() });
  });

  test('and says why, and that it concerns the run', async () => {
    const asked = rateLimitOn({ waitMinutes: 5 });
    await send(asked.rateLimit, 90 * MINUTE);
    expect(asked.rateLimit.failure()).toMatchObject({
      message: "Fivetran's rate limit asks to wait 90 min, and rate_limit_wait_minutes is 5.",
      shortReason: 'rate limit',
      hint: expect.stringContaining('raise rate_limit_wait_minutes'),
      endsRun: true,
    });
    expect(asked.lines).toEqual([]);
    const endless = rateLimitOn();
    await send(endless.rateLimit, Number.POSITIVE_INFINITY);
    expect(endless.rateLimit.failure()?.message).toContain('asks to wait more than a day');
    const stalled = rateLimitOn({ waitMinutes: 5 });
    await refusals(stalled.rateLimit, 301 * SECOND - SECOND);
    expect(stalled.rateLimit.failure()?.message).toBe(
      "Fivetran's rate limit has let no request through for 5 min, and rate_limit_wait_minutes is 5.",
    );
  });

  test('at once when it may not wait at all', async () => {
    const { rateLimit } = rateLimitOn({ waitMinutes: 0 });
    expect(await refusals(rateLimit, SECOND)).toBe(1);
  });

  test('never while requests get through between the waits', async () => {
    const { clock, rateLimit } = rateLimitOn();
    for (let round = 0; round < 50; round++) {
      await send(rateLimit, 10 * MINUTE);
      await send(rateLimit);
    }
    expect(rateLimit.failure()).toBeUndefined();
    expect(clock.now()).toBeGreaterThan(500 * MINUTE);
  });

  test('never over time alone', async () => {
    const { clock, rateLimit } = rateLimitOn();
    await send(rateLimit, 10 * MINUTE);
    clock.advance(24 * 60 * MINUTE);
    expect((await rateLimit.enter()).kind).toBe('turn');
  });

  test('not over a late refusal of a request that was sent before the wait', async () => {
    const { clock, rateLimit } = rateLimitOn();
    const late = await enter(rateLimit);
    await send(rateLimit, 9 * MINUTE);
    clock.advance(20 * MINUTE);
    late.limited({ retryAfterMs: MINUTE });
    late.end();
    expect(rateLimit.failure()).toBeUndefined();
    await send(rateLimit);
    expect(clock.now()).toBe(21 * MINUTE);
  });

  test('later when a request that was sent before the wait gets through', async () => {
    const { clock, rateLimit } = rateLimitOn();
    const late = await enter(rateLimit);
    await send(rateLimit, 9 * MINUTE);
    clock.advance(8 * MINUTE);
    late.passed();
    late.end();
    await send(rateLimit, 3 * MINUTE);
    await send(rateLimit, MINUTE);
    expect(rateLimit.failure()).toBeUndefined();
  });

  test('not over polls, whatever they are asked to wait', async () => {
    const { clock, rateLimit } = rateLimitOn();
    for (let round = 0; round < 20; round++) await send(rateLimit, MINUTE, true);
    await send(rateLimit, Number.POSITIVE_INFINITY, true);
    expect(rateLimit.failure()).toBeUndefined();
    expect(await rateLimit.enter(clock.now() + MINUTE)).toEqual({ kind: 'late' });
    await send(rateLimit);
    expect(clock.now()).toBe((20 + 6 * 60) * MINUTE);
  });

  const failure = { message: 'No.', shortReason: 'no', endsRun: true };

  test('and those that wait for their turn get none', async () => {
    const { rateLimit } = rateLimitOn({ maxParallel: 1 });
    const turn = await enter(rateLimit);
    const waiting = rateLimit.enter();
    rateLimit.end(failure);
    turn.end();
    expect(await waiting).toEqual({ kind: 'ended', failure });
  });

  test('and those that wait hear of it at once', async () => {
    const { clock, rateLimit } = rateLimitOn();
    clock.sleep = () => new Promise(() => {});
    await send(rateLimit, MINUTE);
    const waiting = rateLimit.enter();
    rateLimit.end(failure);
    rateLimit.end({ ...failure, message: 'Nor this.' });
    expect(await waiting).toEqual({ kind: 'ended', failure });
  });
});
