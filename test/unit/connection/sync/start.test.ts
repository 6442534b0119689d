import type { Context } from '../../../../src/connection/state.ts';
import { waitForSync } from '../../../../src/connection/sync/start.ts';
import type { FivetranClient } from '../../../../src/fivetran/client.ts';
import {
  FivetranError,
  OutcomeUnknownError,
  RefusedError,
} from '../../../../src/fivetran/http/errors.ts';
import { type Connection, readConnection } from '../../../../src/fivetran/responses/connection.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';
import { type VirtualClock, virtualClock } from '../../../harness/virtual-clock.ts';

/** When the wait begins, on the step's clock. */
const begin = 30_000;
/** The server's clock when the step's shows a time. */
const serverAt = (ms: number): number => Date.parse('2026-01-05T12:00:00Z') + ms;
const timestamp = (ms: number): string => new Date(serverAt(ms)).toISOString();

function connection(sync_state = 'scheduled', more: object = {}): Connection {
  const status = { setup_state: 'connected', sync_state };
  const read = readConnection({ id: 'crm_id', paused: false, status, ...more });
  if (!read) throw new Error('the connection of a test is not readable');
  return read;
}
const succeeded = (at: number) => connection('scheduled', { succeeded_at: timestamp(at) });
const paused = connection('paused', { paused: true });

type Fakes = {
  /** What reads before the sync return; the last one again and again. */
  gets?: Connection[];
  /** What polls return; an error is thrown. */
  polls?: (Connection | Error)[];
  sync?: (onInFlight: (inFlight: boolean) => void, clock: VirtualClock) => number;
  spec?: object;
  state?: Partial<Context['state']>;
  minutes?: number;
  waiting?: string[];
  /** How long each read takes. */
  readMs?: number;
  update?: FivetranClient['update'];
};

/** Waits for a sync; `deadlines` are those of all requests, from the beginning. */
async function waitWith(fakes: Fakes) {
  const { gets = [connection()], polls = [connection('syncing')], sync = () => 1 } = fakes;
  const clock = virtualClock();
  clock.advance(begin);
  const sent: string[] = [];
  const lines: string[] = [];
  const waiting = new Set(fakes.waiting);
  let atPoll = 0;
  const sends = (name: string, deadline: number | undefined) =>
    sent.push(`${name} until ${deadline === undefined ? 'the end' : (deadline - begin) / 1000}`);
  const next = <T>(answers: T[]): T => (answers.length > 1 ? answers.shift() : answers[0]) as T;
  const fivetran: Partial<FivetranClient> = {
    async get(_id, deadline) {
      sends('read', deadline);
      clock.advance(fakes.readMs ?? 0);
      return next(gets);
    },
    async poll(_id, deadline) {
      sends('poll', deadline);
      atPoll = waiting.size;
      const answer = next(polls);
      if (answer instanceof Error) throw answer;
      const now = clock.now();
      return { connection: answer, date: { server: serverAt(now), local: now, sent: now } };
    },
    async sync(_id, onInFlight = () => {}, deadline) {
      sends('sync', deadline);
      return sync(onInFlight, clock);
    },
    async update(id, update) {
      sends(`update ${JSON.stringify(update.fields)}`, update.deadline);
      return (fakes.update as FivetranClient['update'])(id, update);
    },
  };
  const state: Context['state'] = {
    ...{ subject: 'It', openCreates: 0, notes: [], connection: connection() },
    ...fakes.state,
  };
  const ctx = {
    ...{ fivetran, state, clock, waiting, log: (line: string) => lines.push(line) },
    ...{ warn: () => {}, logTests: () => {}, receive: () => {} },
  } as Context;
  const spec = { request: {}, wait_for_sync: {}, ...fakes.spec } as PresentSpec;
  const timeoutMinutes = fakes.minutes ?? 1;
  const thrown: unknown = await waitForSync(connection(), { timeoutMinutes }, { spec, ctx }).then(
    () => undefined,
    (error) => error,
  );
  return {
    ...{ sync: state.sync, thrown, lines, sent, sleeps: clock.sleeps, atPoll, waiting },
    took: clock.now() - begin,
  };
}

test('a sync is waited for from the beginning of the wait', async () => {
  const run = await waitWith({ polls: [connection('syncing'), succeeded(begin + 12_000)] });
  expect(run.sync).toEqual({ state: 'succeeded', message: 'The sync succeeded after 13 s.' });
  expect(run.lines).toEqual(['Started a sync of connection crm_id; waiting up to 1 minute.']);
  expect([run.atPoll, run.waiting.size]).toEqual([1, 0]);
  expect(run.sent).toEqual(['read until 60', 'sync until 60', 'poll until 65', 'poll until 65']);
});

test('the more connections wait, the less often each is polled', async () => {
  const waiting = Array.from({ length: 99 }, (_, at) => `${at}`);
  const run = await waitWith({ waiting, gets: [connection('')], polls: [connection('')] });
  expect(run.lines).toContain('Waiting for the sync of connection crm_id: 20 s so far.');
  expect(run.sleeps).toEqual([25_000, 25_000, 10_000]);
  expect(run.sync).toMatchObject({ state: 'timed out' });
  expect(run.took).toBe(60_000);
});

describe('a start that fails', () => {
  const refused = (status: number, code = '') =>
    new RefusedError({ purpose: 'start', status, code, reason: '', conflictHint: '' });
  const failing = (error: Error, more: { isSent?: boolean; isLate?: boolean } = {}) =>
    waitWith({
      sync(onInFlight, clock) {
        if (more.isSent) onInFlight(true);
        if (more.isLate) clock.advance(60_000);
        throw error;
      },
    });
  const unsent = new FivetranError({ message: 'Not sent.', shortReason: 'not sent' });
  const unknown = new OutcomeUnknownError({ message: 'No answer.', shortReason: 'no response' });

  test.each([
    ['in time', unsent, {}],
    ['by a refusal, though late', refused(403), { isLate: true }],
    ['by a defect, though late', new TypeError('a defect'), { isLate: true }],
  ])('%s throws its error', async (_what, error, more) => {
    const run = await failing(error, more);
    expect(run.thrown).toBe(error);
    expect(run.sync).toBeUndefined();
  });

  test('late is a sync that was not started in time', async () => {
    const run = await failing(unsent, { isLate: true });
    expect(run.sync).toEqual({
      state: 'timed out',
      message: 'No sync could be started within 1 minute (sync_timeout_minutes).',
    });
    expect(run.lines.at(-1)).toBe('Not sent.');
  });

  test.each([false, true])('once it was sent may have started one (late: %s)', async (isLate) => {
    const { thrown } = await failing(unknown, { isSent: true, isLate });
    expect(String(thrown)).toContain('No answer. The sync of connection crm_id may have started.');
  });

  test.each([[{}], [{ isSent: true }], [{ isLate: true }]])(
    'of a connection that is gone says so (%j)',
    async (more) => {
      const { thrown, sync } = await failing(refused(404, 'NotFound_Connection'), more);
      expect(thrown).toMatchObject({ message: 'Connection crm_id no longer exists.' });
      expect(sync).toBeUndefined();
    },
  );
});

describe('an end that a later read shows', () => {
  test('does not count when it is earlier than the start', async () => {
    const run = await waitWith({
      sync(onInFlight, clock) {
        clock.advance(10_000);
        onInFlight(true);
        onInFlight(false);
        return 1;
      },
      polls: [succeeded(begin + 5000)],
    });
    expect(run.sync?.state).toBe('timed out');
  });

  test.each<[string, boolean[], string]>([
    ['of another sync when the first start was limited', [true, false, true, false], 'timed out'],
    ['of our own when the first start was unanswered', [true, true, false], 'succeeded'],
  ])('is %s', async (_what, inFlight, end) => {
    const run = await waitWith({
      sync(onInFlight) {
        for (const one of inFlight) onInFlight(one);
        return 2;
      },
      polls: [succeeded(begin)],
    });
    expect(run.sync?.state).toBe(end);
    expect(run.sent.slice(0, 3)).toEqual(['read until 60', 'sync until 60', 'poll until 60']);
  });

  test('may be missing', async () => {
    const unanswered = new OutcomeUnknownError({ message: 'x', shortReason: 'x' });
    const run = await waitWith({ sync: () => 2, polls: [unanswered, succeeded(begin + 1000)] });
    expect(run.sync?.state).toBe('succeeded');
  });
});

describe("a sync of Fivetran's own", () => {
  const running = connection('syncing');

  test('ends without a result', async () => {
    const run = await waitWith({ gets: [running], polls: [connection(), succeeded(begin + 9000)] });
    expect(run.sync?.state).toBe('succeeded');
    expect(run.sent.slice(0, 3)).toEqual(['read until 60', 'poll until 65', 'sync until 60']);
  });

  test.each(['succeeded_at', 'failed_at'])(
    'ends when %s changes, and may have a successor',
    async (field) => {
      const next = connection('syncing', { [field]: timestamp(begin + 4000) });
      const run = await waitWith({
        gets: [running, connection()],
        polls: [next, succeeded(begin + 9000)],
      });
      expect(run.sync?.state).toBe('succeeded');
      expect(run.sent.slice(0, 4)).toEqual([
        ...['read until 60', 'poll until 65'],
        ...['read until 60', 'sync until 60'],
      ]);
      expect(run.lines.filter((line) => line.includes('already syncing'))).toHaveLength(1);
    },
  );
});

describe('a connection that is shown as paused', () => {
  test.each<[string, Fakes]>([
    ['unpaused', { spec: { request: { paused: false } } }],
    ['unpaused after its selection', { spec: { selection: {} } }],
    ['created paused', { state: { result: 'created' }, update: async () => paused }],
  ])('although it was %s is read two more times', async (_what, fakes) => {
    const run = await waitWith({ gets: [paused], ...fakes });
    expect(String(run.thrown)).toContain('crm_id cannot sync: it is paused. No sync was started.');
    expect(run.sleeps).toEqual([5000, 5000]);
    const update = 'update {"paused":false,"run_setup_tests":false} until 60';
    const isUpdated = fakes.update !== undefined;
    expect(run.sent).toEqual([
      'read until 60',
      ...(isUpdated ? [update] : []),
      ...['read until 60', 'read until 60'],
    ]);
    expect(run.lines).toEqual(
      isUpdated ? ['Fivetran created connection crm_id paused; unpausing it for its sync.'] : [],
    );
  });

  test.each([
    [0, [5000, 1000]],
    [5900, [100, 0]],
  ])('is read within the time limit, when a read takes %i ms', async (readMs, sleeps) => {
    const spec = { request: { paused: false } };
    const run = await waitWith({ gets: [paused], spec, minutes: 0.1, readMs });
    expect(run.sleeps).toEqual(sleeps);
  });

  test('is not unpaused again when the request says that it is not paused', async () => {
    const spec = { request: { paused: false } };
    const fakes = { gets: [paused, connection()], state: { result: 'created' as const }, spec };
    const run = await waitWith({ ...fakes, polls: [succeeded(begin + 9000)] });
    expect(run.sync?.state).toBe('succeeded');
  });
});
