import type { Request } from '../../src/fivetran/attempt.ts';
import { CancelledError, FivetranError } from '../../src/fivetran/errors.ts';
import { send } from '../../src/fivetran/send.ts';
import { BEGIN, closeAll, lineTo, sandboxOn } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';
import { virtualClock } from '../virtual-clock.ts';

afterEach(closeAll);

const READ: Request<unknown> = {
  method: 'GET',
  path: '/v1/groups/decent_dropsy',
  purpose: 'read the group',
  read: (data) => data,
};

/** Settles one request; what it came to, and all that could be seen of it. */
async function settling(options: SandboxOptions & { repeatable?: boolean; random?: number }) {
  const { repeatable = true, random = 0.5, ...rest } = options;
  const clock = virtualClock(() => random);
  const sandbox = await sandboxOn(clock, rest);
  const lines: string[] = [];
  const settled = send(lineTo(sandbox, clock), READ, repeatable, (line) => lines.push(line));
  const outcome = await settled.catch((error: unknown) => error);
  return { outcome, lines, sleeps: clock.sleeps, count: sandbox.requests.length };
}

const limited = (retryAfter?: string, nth: Fault['nth'] = 1): Fault => ({
  kind: 'rate-limit',
  nth,
  ...(retryAfter !== undefined && { headers: { 'Retry-After': retryAfter } }),
});

describe('at the rate limit', () => {
  const inSeconds = (seconds: number) => new Date(BEGIN + seconds * 1000).toUTCString();
  test.each([
    ['seconds', '7', 7000, /429.* 7 s/],
    ['a date by the server’s clock', inSeconds(42), 42_000, /429.* 42 s/],
    ['nothing', undefined, 5000, /429.* 5 s/],
    ['what nobody can read', 'soon', 5000, /429.* 5 s/],
    ['no time at all', '0', 1000, /429.* 1 s/],
  ])('waits as the answer asks: %s', async (_, header, ms, line) => {
    for (const repeatable of [true, false]) {
      const { outcome, lines, sleeps, count } = await settling({
        faults: [limited(header)],
        repeatable,
      });
      expect(outcome).toMatchObject({ kind: 'answered', data: { id: 'decent_dropsy' } });
      expect(sleeps).toEqual([ms]);
      expect(lines).toEqual([expect.stringMatching(line)]);
      expect(count).toBe(2);
    }
  });

  test('a server an hour off means the same by its dates', async () => {
    const faults = [limited(inSeconds(3600 + 42))];
    const { sleeps } = await settling({ faults, clockSkewMs: 3_600_000 });
    expect(sleeps).toEqual([42_000]);
  });

  test('asks as often as it takes: a wait is no try', async () => {
    const { outcome, count } = await settling({ faults: [limited('1', [1, 2, 3, 4, 5, 6])] });
    expect(outcome).toMatchObject({ kind: 'answered' });
    expect(count).toBe(7);
  });

  test('fails rather than wait over ten minutes in all, and says so', async () => {
    const { outcome, sleeps, count } = await settling({ faults: [limited('250', 'all')] });
    expect(sleeps).toEqual([250_000, 250_000]);
    expect(count).toBe(3);
    expect(outcome).toBeInstanceOf(FivetranError);
    expect(String(outcome)).toMatch(/Could not read the group: .*250 s more.*over 10 minutes/);
  });

  test.each([
    ['over ten minutes', '601'],
    ['for ever', '9'.repeat(30)],
    ['longer than a number can say', '9'.repeat(400)],
  ])('refuses to wait %s', async (_, header) => {
    const { outcome, sleeps, count } = await settling({ faults: [limited(header)] });
    expect([sleeps, count]).toEqual([[], 1]);
    expect(String(outcome)).toMatch(/over 10 minutes/);
  });

  test('holds back all requests of the run together', async () => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock, { faults: [limited('30')] });
    const line = lineTo(sandbox, clock);
    await send(line, READ, true, () => {});
    line.gate.close(20_000);
    const both = [1, 2].map(() => send(line, READ, true, () => {}));
    expect(sandbox.requests).toHaveLength(2);
    await Promise.all(both);
    expect(clock.now()).toBe(50_000);
  });
});

describe('an unknown outcome', () => {
  const unknown: Fault[] = [
    { kind: 'reset', nth: 'all' },
    { kind: 'status', status: 500, nth: 'all' },
    { kind: 'status', status: 503, nth: 'all', when: 'after' },
    { kind: 'cut', nth: 'all' },
    { kind: 'invalid-json', nth: 'all' },
  ];

  test.each(unknown)('is never repeated on its own if it must not be: %j', async (fault) => {
    const { outcome, sleeps, count } = await settling({ faults: [fault], repeatable: false });
    expect(outcome).toMatchObject({ kind: 'unknown', error: expect.any(FivetranError) });
    expect([sleeps, count]).toEqual([[], 1]);
  });

  test.each(unknown)('is repeated up to four tries if it may be: %j', async (fault) => {
    const { outcome, lines, sleeps, count } = await settling({ faults: [fault] });
    expect(outcome).toMatchObject({ kind: 'unknown', error: expect.any(FivetranError) });
    expect(sleeps).toEqual([500, 1000, 2000]);
    expect(count).toBe(4);
    expect(lines).toEqual([
      expect.stringMatching(/^Could not read the group: .* Try 2 of 4 follows in 0.5 s\.$/),
      expect.stringMatching(/^Could not read the group: .* Try 3 of 4 follows in 1 s\.$/),
      expect.stringMatching(/^Could not read the group: .* Try 4 of 4 follows in 2 s\.$/),
    ]);
  });

  test('ends as soon as a try is answered', async () => {
    const { outcome, count } = await settling({ faults: [{ kind: 'reset', nth: [1, 2] }] });
    expect(outcome).toMatchObject({ kind: 'answered', afterUnknown: true });
    expect(count).toBe(3);
  });

  test('waits from nothing up to all of its backoff', async () => {
    const faults: Fault[] = [{ kind: 'reset', nth: 'all' }];
    expect((await settling({ faults, random: 0 })).sleeps).toEqual([0, 0, 0]);
    expect((await settling({ faults, random: 0.999 })).sleeps).toEqual([999, 1998, 3996]);
  });
});

test.each([400, 401, 403, 404, 409, 422])('a refusal with %i is final', async (status) => {
  const { outcome, count } = await settling({ faults: [{ kind: 'status', status }] });
  expect(outcome).toMatchObject({ kind: 'rejected', status, afterUnknown: false });
  expect(String((outcome as { error: Error }).error)).toContain(
    `Could not read the group: Fivetran answered ${status} Fault_${status}: A fault on request`,
  );
  expect(count).toBe(1);
});

test('says every ten seconds what it waits for, until it ends', async () => {
  const clock = virtualClock();
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const faults: Fault[] = [{ kind: 'hang' }];
  const sandbox = await sandboxOn(clock, { faults, log: () => arrived() });
  const run = new AbortController();
  const lines: string[] = [];
  const line = lineTo(sandbox, clock, { signal: run.signal });
  const settled = send(line, READ, true, (text) => lines.push(text));
  await arrival;
  clock.advance(9999);
  expect(lines).toEqual([]);
  clock.advance(1);
  clock.advance(20_000);
  expect(lines).toEqual([
    expect.stringMatching(/read the group: 10 s so far, at most 30 s/),
    expect.stringMatching(/read the group: 20 s so far/),
    expect.stringMatching(/read the group: 30 s so far/),
  ]);
  run.abort();
  await expect(settled).rejects.toThrow(CancelledError);
  clock.advance(60_000);
  expect(lines).toHaveLength(3);
});
