import type { Connection } from '../fivetran/answers.ts';
import type { Clock } from '../fivetran/clock.ts';
import { FivetranError, OutcomeUnknownError } from '../fivetran/errors.ts';
import type { ConnectionSpec } from '../inputs/fields.ts';
import { type Context, observe } from './state.ts';

const firstPollMs = 5000;
const lastPollMs = 30_000;
const progressLineMs = 20_000;
/** How long the last look may take that begins when the time is up. */
const lastLookMs = 5000;

/**
 * Starts a sync, and waits until it has succeeded or failed (`succeeded_at` or `failed_at` changed)
 * or the time is up. The end stands in `tools.progress.sync`.
 *
 * @throws FivetranError when the connection can't sync, or Fivetran refuses
 */
export async function waitForSync(
  { sync_timeout_minutes }: Pick<ConnectionSpec, 'sync_timeout_minutes'>,
  context: Context,
  clock: Clock,
): Promise<void> {
  const { fivetran, state, say } = context;
  const id = state.connection?.id ?? '';
  const before = await read(id, context);
  refuseUnready(before);
  await fivetran.sync(id);
  say(`Connection ${id} is syncing: waiting up to ${sync_timeout_minutes} min for the end.`);

  const begin = clock.now();
  const passed = (): string => `${Math.round((clock.now() - begin) / 1000)} s`;
  const limit = sync_timeout_minutes * 60_000;
  const stop = clock.every(progressLineMs, () => {
    const { sync_state, update_state } = state.connection?.status ?? {};
    const known = [sync_state, update_state].filter(Boolean).join(', ') || 'nothing said yet';
    say(`Waiting for the sync of connection ${id}, ${passed()} so far: ${known}.`);
  });
  try {
    for (let poll = firstPollMs; ; poll = Math.min(poll * 1.5, lastPollMs)) {
      const left = limit - (clock.now() - begin);
      if (left <= 0) {
        state.sync = {
          state: 'timed out',
          sentence: `The sync did not end within ${sync_timeout_minutes} min (sync_timeout_minutes); it goes on at Fivetran.`,
        };
        return;
      }
      await clock.sleep(Math.min(poll, left));
      const now = await unlessUnanswered(read(id, context, begin + limit + lastLookMs));
      if (!now) continue;
      const end = endOf(before, now);
      if (end) {
        state.sync = { state: end, sentence: `The sync ${end} after ${passed()}.` };
        return;
      }
      if (isPaused(now)) {
        throw new FivetranError(`Connection ${id} was paused while its sync was waited for.`);
      }
    }
  } finally {
    stop();
  }
}

/** A look at the sync that is not answered is no end of it: the next one may be. */
const unlessUnanswered = (answer: Promise<Connection>): Promise<Connection | undefined> =>
  answer.catch((error) => {
    if (error instanceof OutcomeUnknownError) return undefined;
    throw error;
  });

async function read(
  id: string,
  { fivetran, state }: Context,
  deadline?: number,
): Promise<Connection> {
  const connection = await fivetran.get(id, deadline);
  if (!connection) throw new FivetranError(`Connection ${id} is gone: somebody deleted it.`);
  return observe(state, connection);
}

/** Whether a connection is paused, and so can't sync. */
export const isPaused = ({ paused, status }: Connection): boolean =>
  paused === 'true' || status.sync_state === 'paused';

function refuseUnready(connection: Connection): void {
  const { id, status } = connection;
  const reason = isPaused(connection)
    ? 'is paused'
    : status.setup_state === 'incomplete'
      ? 'is incomplete: its setup has to be finished first'
      : undefined;
  if (reason)
    throw new FivetranError(`Connection ${id} can't sync, it ${reason}. No sync was started.`);
}

/** How a sync ended, by what changed since it was started; undefined while it runs. */
function endOf(before: Connection, now: Connection): 'succeeded' | 'failed' | undefined {
  const changed = (field: 'succeeded_at' | 'failed_at'): boolean =>
    now[field] !== undefined && now[field] !== before[field];
  const [succeeded, failed] = [changed('succeeded_at'), changed('failed_at')];
  if (!succeeded || !failed) return succeeded ? 'succeeded' : failed ? 'failed' : undefined;
  return Date.parse(now.succeeded_at ?? '') >= Date.parse(now.failed_at ?? '')
    ? 'succeeded'
    : 'failed';
}
