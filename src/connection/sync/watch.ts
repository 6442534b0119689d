import type { ServerTime } from '../../fivetran/http/attempt.ts';
import { FivetranError } from '../../fivetran/http/errors.ts';
import { parseTimestamp } from '../../fivetran/http/timestamp.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import { asSentence } from '../../text/format.ts';
import type { SyncEnd } from '../results.ts';
import type { Context } from '../state.ts';

/** Judges a poll; undefined to poll again. `date` is the server's clock when it answered. */
export type Watch<T> = (
  now: Connection,
  date: ServerTime | undefined,
) => T | undefined | Promise<T | undefined>;

/** A sync that was started: the connection just before, and when to give up on the step's clock. */
type Started = { before: Connection; until: number; elapsed: () => string };

/** How many polls in a row must show an end without a result, or a pause, before it counts. */
export const convincingPolls = 3;
/** How long after `rescheduled_for` a manual sync is started again. */
const restartDelayMs = 60_000;

/** Decides after each poll whether the sync has ended, and restarts one that Fivetran rescheduled. */
export function syncWatch(
  { before, until, elapsed }: Started,
  { clock, fivetran, log }: Pick<Context, 'clock' | 'fivetran' | 'log'>,
): Watch<SyncEnd> {
  const { id } = before;
  let hasSynced = false;
  let idlePolls = 0;
  let pausedPolls = 0;
  let restartedFor: string | undefined;
  return async (now, date) => {
    const { sync_state, setup_state, rescheduled_for } = now.status;
    const end = endOf(before, now);
    if (end === 'succeeded')
      return { state: end, message: `The sync succeeded after ${elapsed()}.` };
    if (end) return failed(`The sync failed after ${elapsed()}.`, now);
    if (setup_state === 'broken' && before.status.setup_state !== 'broken') {
      return failed('The connection became broken while its sync was running.', now);
    }
    hasSynced ||= sync_state === 'syncing';
    idlePolls = hasSynced && sync_state === 'scheduled' ? idlePolls + 1 : 0;
    if (idlePolls >= convincingPolls) {
      return { state: 'failed', message: 'The sync ended without a result: it was cancelled.' };
    }
    pausedPolls = now.isPaused ? pausedPolls + 1 : 0;
    if (pausedPolls >= convincingPolls) {
      throw new FivetranError({
        message: `Connection ${id} was paused while its sync was running.`,
        shortReason: 'paused during its sync',
      });
    }
    if (sync_state !== 'rescheduled') return undefined;
    const at = parseTimestamp(rescheduled_for);
    if (at === undefined || !date) return undefined;
    const dueAt = date.local + (at - date.server);
    const isManual = now.schedule_type === 'manual';
    if (dueAt + (isManual ? restartDelayMs : 0) > until) {
      return {
        state: 'timed out',
        message: `Fivetran rescheduled the sync for ${rescheduled_for}, which is beyond sync_timeout_minutes.`,
      };
    }
    if (isManual && restartedFor !== rescheduled_for && clock.now() >= dueAt + restartDelayMs) {
      restartedFor = rescheduled_for;
      log(
        `Fivetran rescheduled the sync, but the connection's schedule is manual; starting it again.`,
      );
      await fivetran.sync(id);
    }
    return undefined;
  };
}

/** How a sync ended, by what changed since it was started; undefined while it runs. */
export function endOf(before: Connection, now: Connection): 'succeeded' | 'failed' | undefined {
  const hasChanged = (field: 'succeeded_at' | 'failed_at'): boolean =>
    now[field] !== undefined && timeOf(now[field]) !== timeOf(before[field]);
  const [succeeded, failed] = [hasChanged('succeeded_at'), hasChanged('failed_at')];
  if (!succeeded || !failed) return succeeded ? 'succeeded' : failed ? 'failed' : undefined;
  const [succeededAt = 0, failedAt = 0] = [
    parseTimestamp(now.succeeded_at),
    parseTimestamp(now.failed_at),
  ];
  return succeededAt >= failedAt ? 'succeeded' : 'failed';
}

/** A timestamp as a moment, however it is written; text that is none stays as it is. */
const timeOf = (text: string | undefined): number | string | undefined =>
  parseTimestamp(text) ?? text;

/** The end of a sync that failed, with Fivetran's own reasons from the tasks of the status. */
function failed(sentence: string, { status: { tasks } }: Connection): SyncEnd {
  const reasons = tasks.flatMap(({ message, code }) => message || code || []).slice(0, 3);
  const quoted = reasons.map(asSentence);
  const message = [sentence, ...quoted.map((reason) => `Fivetran says: ${reason}`)].join(' ');
  return { state: 'failed', message, reasons: quoted };
}
