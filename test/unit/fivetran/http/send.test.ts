import { sendWithRetries } from '../../../../src/fivetran/http/send.ts';
import { BEGIN } from '../../../harness/sandboxes.ts';
import { virtualClock } from '../../../harness/virtual-clock.ts';
import type { Fault } from '../../../sandbox/faults.mjs';
import type { SandboxOptions } from '../../../sandbox/sandbox.mjs';
import { READ, sandboxOn, senderIn, sending, sessionWith } from './session.ts';

/** Sends one request to a new sandbox; returns its result and what the sandbox received. */
async function sendTo(options: SandboxOptions & { idempotent?: boolean; random?: number }) {
  const { idempotent = true, random = 0.5, ...rest } = options;
  const clock = virtualClock(() => random);
  const sandbox = await sandboxOn(clock, rest);
  const outcome = await sending(sessionWith(sandbox.url, clock), { ...READ, idempotent });
  return { ...outcome, sleeps: clock.sleeps, count: sandbox.requests.length };
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
    ['something unreadable', 'soon', 5000, /429.* 5 s/],
    ['no time at all', '0', 1000, /429.* 1 s/],
  ])('waits as long as the answer requests: %s', async (_, header, ms, line) => {
    for (const idempotent of [true, false]) {
      const { kind, lines, sleeps, count } = await sendTo({
        faults: [limited(header)],
        idempotent,
      });
      expect(kind).toBe('answered');
      expect(sleeps).toEqual([ms]);
      expect(lines).toEqual([expect.stringMatching(line)]);
      expect(count).toBe(2);
    }
  });

  test('a date is read against the server clock, even one that is an hour off', async () => {
    const faults = [limited(inSeconds(3600 + 42))];
    const { lines, sleeps } = await sendTo({ faults, clockSkewMs: 3_600_000 });
    expect(sleeps).toEqual([42_000]);
    expect(lines[0]).toContain('until 13:01 UTC');
  });

  test('waits do not count as tries', async () => {
    const { kind, count } = await sendTo({ faults: [limited('1', [1, 2, 3, 4, 5, 6])] });
    expect(kind).toBe('answered');
    expect(count).toBe(7);
  });
});

describe('an unknown outcome', () => {
  const faults: Fault[] = [
    { kind: 'reset', nth: 'all' },
    { kind: 'status', status: 500, nth: 'all' },
    { kind: 'status', status: 503, nth: 'all', when: 'after' },
    { kind: 'cut', nth: 'all' },
    { kind: 'invalid-json', nth: 'all' },
  ];

  test.each(faults)('of a request that is not idempotent is not retried: %j', async (fault) => {
    const { kind, sleeps, count } = await sendTo({ faults: [fault], idempotent: false });
    expect(kind).toBe('unknown');
    expect([sleeps, count]).toEqual([[], 1]);
  });

  test.each(faults)('of an idempotent request is retried, up to four tries: %j', async (fault) => {
    const { lines, sleeps, count, ...outcome } = await sendTo({ faults: [fault] });
    expect(outcome).toMatchObject({ kind: 'unknown', sentAt: 0 });
    expect(sleeps).toEqual([500, 1000, 2000]);
    expect(count).toBe(4);
    expect(lines).toEqual([
      expect.stringMatching(/^Could not read the group: .* Retrying in 0.5 s \(try 2 of 4\)\.$/),
      expect.stringMatching(/^Could not read the group: .* Retrying in 1 s \(try 3 of 4\)\.$/),
      expect.stringMatching(/^Could not read the group: .* Retrying in 2 s \(try 4 of 4\)\.$/),
    ]);
  });

  test('ends with the first answered try', async () => {
    const outcome = await sendTo({ faults: [{ kind: 'reset', nth: [1, 2] }] });
    expect(outcome).toMatchObject({ kind: 'answered', afterUnknown: true, count: 3 });
  });

  test('stays unknown when no other try can be sent', async () => {
    const faults: Fault[] = [{ kind: 'reset' }, limited('3600', 2)];
    expect(await sendTo({ faults })).toMatchObject({ kind: 'unknown', count: 2 });
  });

  test('waits a random time up to the backoff', async () => {
    const reset: Fault[] = [{ kind: 'reset', nth: 'all' }];
    expect((await sendTo({ faults: reset, random: 0 })).sleeps).toEqual([0, 0, 0]);
    expect((await sendTo({ faults: reset, random: 0.999 })).sleeps).toEqual([999, 1998, 3996]);
  });
});

test.each([400, 401, 403, 404, 409, 422])('a refusal with %i is final', async (status) => {
  const outcome = await sendTo({ faults: [{ kind: 'status', status }] });
  expect(outcome).toMatchObject({ kind: 'rejected', status, afterUnknown: false, count: 1 });
  expect(outcome.message).toContain(
    `Could not read the group: Fivetran answered ${status} Fault_${status}: A fault on request`,
  );
});

test('every ten seconds the log names the pending request', async () => {
  const clock = virtualClock();
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const faults: Fault[] = [{ kind: 'hang' }];
  const sandbox = await sandboxOn(clock, { faults, log: () => arrived() });
  const run = new AbortController();
  const session = sessionWith(sandbox.url, clock, { signal: run.signal });
  const { lines } = session;
  const sent = sendWithRetries(senderIn(session), READ);
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
  await expect(sent).rejects.toMatchObject({ name: 'CancelledError', shortReason: 'cancelled' });
  clock.advance(60_000);
  expect(lines).toHaveLength(3);
});
