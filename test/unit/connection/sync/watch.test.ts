import { endOf, syncWatch } from '../../../../src/connection/sync/watch.ts';
import type { FivetranClient } from '../../../../src/fivetran/client.ts';
import type { ServerTime } from '../../../../src/fivetran/http/attempt.ts';
import { type Connection, readConnection } from '../../../../src/fivetran/responses/connection.ts';
import { virtualClock } from '../../../harness/virtual-clock.ts';

const [early, late] = ['2026-01-05T12:00:00Z', '2026-01-05T12:00:09Z'];

function answered(fields: Record<string, unknown>): Connection {
  const connection = readConnection({ id: 'crm_id', ...fields });
  if (!connection) throw new Error('the answer of a test is not a connection');
  return connection;
}

/** What the watch says to each of these states of a sync, one poll after the other. */
const watching = (...polls: Record<string, unknown>[]) => watchingAt(undefined, ...polls);

/** The same, with the server's clock at each poll. */
const watchingAt = async (date: ServerTime | undefined, ...polls: Record<string, unknown>[]) =>
  (await endsAt(date, {}, ...polls)).map((end) => end?.message);

/** The whole ends. */
async function endsAt(
  date: ServerTime | undefined,
  fivetran: Partial<FivetranClient>,
  ...polls: Record<string, unknown>[]
) {
  const clock = virtualClock();
  const watch = syncWatch(
    {
      before: answered({}),
      startedAt: 0,
      deadline: { until: 3_600_000, timeoutMinutes: 60 },
      elapsed: () => '9 s',
    },
    { clock, fivetran: fivetran as FivetranClient, log: () => {} },
  );
  const ends = [];
  for (const poll of polls) ends.push(await watch(answered(poll), date));
  return ends;
}

const inState = (sync_state: string) => ({ status: { sync_state } });

describe('a sync ends', () => {
  test.each([
    ['succeeded', {}, { succeeded_at: late }],
    ['failed', {}, { failed_at: late }],
    ['succeeded', { succeeded_at: early, failed_at: early }, { succeeded_at: late }],
    ['failed', {}, { succeeded_at: early, failed_at: late }],
    ['succeeded', {}, { succeeded_at: late, failed_at: early }],
    ['succeeded', {}, { succeeded_at: late, failed_at: late }],
    ['failed', {}, { succeeded_at: 'lately', failed_at: late }],
    ['succeeded', { succeeded_at: 'lately' }, { succeeded_at: 'just now' }],
  ])('as %s when %j becomes %j', (end, before, change) => {
    expect(endOf(answered(before), answered({ ...before, ...change }), undefined)).toBe(end);
  });

  test.each([
    [{}, {}],
    [{ succeeded_at: early, failed_at: late }, {}],
    [{ succeeded_at: 'lately' }, {}],
    [{ succeeded_at: early }, { succeeded_at: null }],
    [{ failed_at: early }, { failed_at: null }],
    [{ succeeded_at: early }, { succeeded_at: early.replace('Z', '.000000Z') }],
  ])('not yet when %j becomes %j', (before, change) => {
    expect(endOf(answered(before), answered({ ...before, ...change }), undefined)).toBeUndefined();
  });
});

test.each([
  [late, 999, 'succeeded'],
  [late, 1000, undefined],
  [late.replace('Z', '.500Z'), 500, 'succeeded'],
  [late.replace('Z', '.500Z'), 501, undefined],
])(
  'an end at %s, of a sync that was started %i ms into that second: %s',
  (succeeded_at, ms, end) => {
    const start = Date.parse(late) + ms;
    expect(endOf(answered({}), answered({ succeeded_at }), start)).toBe(end);
  },
);

test('a sync that has not begun yet is not taken for a cancelled one', async () => {
  const scheduled = Array(10).fill(inState('scheduled'));
  expect(await watching(...scheduled)).toEqual(Array(10).fill(undefined));
  const [end] = (await watching(inState('syncing'), ...scheduled)).filter(Boolean);
  expect(end).toContain('cancelled');
});

test('an end without a result counts only when three polls in a row show it', async () => {
  const [on, off] = [inState('syncing'), inState('scheduled')];
  expect(await watching(on, off, off, on, off, off)).toEqual(Array(6).fill(undefined));
  expect((await watching(on, off, off, off)).at(-1)).toContain('cancelled');
});

describe('a sync that was rescheduled beyond the time limit', () => {
  const date = { server: Date.parse(early), local: 0, sent: 0 };
  const until = (rescheduled_for: unknown, sync_state = 'rescheduled') => ({
    status: { sync_state, rescheduled_for },
  });

  test('ends the wait at once', async () => {
    const [end] = await endsAt(date, {}, until('2026-01-05T18:00:00Z'));
    expect(end).toEqual({
      state: 'timed out',
      message:
        'Fivetran rescheduled the sync for 2026-01-05T18:00:00Z, which is beyond sync_timeout_minutes. It continues in Fivetran then.',
    });
  });

  test.each([
    ['it has begun since', date, until('2026-01-05T18:00:00Z', 'syncing')],
    ['it is due with the time limit', date, until('2026-01-05T13:00:00Z')],
    ['it is late, and its schedule is not manual', date, until('2026-01-05T11:00:00Z')],
    ['its time is unreadable', date, until('tonight')],
    ['its time is missing', date, until(null)],
    ["the server's clock is unknown", undefined, until('2026-01-05T18:00:00Z')],
  ])('is waited for when %s', async (_when, at, poll) => {
    expect(await watchingAt(at, poll)).toEqual([undefined]);
  });
});

test('a sync that was rescheduled on a manual schedule is started once for each time', async () => {
  const starts: unknown[] = [];
  const sync: FivetranClient['sync'] = async (...args) => starts.push(args);
  const at = (time: string) => ({
    schedule_type: 'manual',
    status: { sync_state: 'rescheduled', rescheduled_for: `2026-01-05T11:0${time}:00Z` },
  });
  const date = { server: Date.parse(early), local: 0, sent: 0 };
  const ends = await endsAt(date, { sync }, at('0'), at('0'), at('5'));
  expect(ends).toEqual([undefined, undefined, undefined]);
  expect(starts).toEqual(Array(2).fill(['crm_id', undefined, 3_600_000]));
});

test('a failed sync quotes the first three reasons that Fivetran gives, as sentences', async () => {
  const tasks = [
    { code: 'reconnect', message: 'Reconnect the source' },
    { code: 'resync_table', message: null },
    {},
    { message: 'Wait.' },
    { message: 'Too many' },
  ];
  const [end] = await endsAt(undefined, {}, { failed_at: late, status: { tasks } });
  const reasons = ['Reconnect the source.', 'resync_table.', 'Wait.'];
  expect(end).toEqual({
    state: 'failed',
    message: ['The sync failed after 9 s.', ...reasons].join(' Fivetran says: '),
    reasons,
  });
});

test('a pause counts only when three polls in a row show it', async () => {
  const [on, off] = [{ paused: false }, { paused: true }];
  expect(await watching(off, off, on, off, off)).toEqual(Array(5).fill(undefined));
  await expect(watching(off, off, off)).rejects.toMatchObject({
    message: 'Connection crm_id was paused while its sync was running.',
    shortReason: 'paused during its sync',
  });
});
