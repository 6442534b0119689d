import type { ServerTime } from '../../fivetran/http/attempt.ts';
import { FivetranError } from '../../fivetran/http/errors.ts';
import { parseTimestamp } from '../../fivetran/http/timestamp.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import { asSentence } from '../../text/format.ts';
import type { SyncEnd } from '../results.ts';
import type { Context } from '../state.ts';
import type { Deadline, Watch } from './poll.ts';

/** A sync that was started. */
type Started = {
  /** The connection just before. */
  before: Connection;
  /** When it was started, on the step's clock. */
  startedAt: number;
  deadline: Deadline;
  elapsed: () => string;
};

/** How many polls in a row must show an end without a result, or a pause, before it counts. */
export const convincingPolls = 3;
/** How long after `rescheduled_for` a manual sync is started again. */
const restartDelayMs = 60_000;

/** Decides after each poll whether the sync has ended, and restarts one that Fivetran rescheduled. */
export function syncWatch(
  { before, startedAt, deadline, elapsed }: Started,
  { clock, fivetran, log }: Pick<Context, 'clock' | 'fivetran' | 'log'>,
): Watch<SyncEnd> {
  const { id } = before;
  let hasSynced = false;
  let idlePolls = 0;
  let pausedPolls = 0;
  let restartedFor: string | undefined;
  return async (now, date) => {
    const { sync_state, setup_state, rescheduled_for } = now.status;
    const end = endOf(before, now, date && onServer(startedAt, date));
    if (end === 'succeeded')
      return { state: end, message: `The sync succeeded after ${elapsed()}.` };
    if (end) return failed(`The sync failed after ${elapsed()}.`, now);
    if (setup_state === 'broken' && before.status.setup_state !== 'broken') {
      return failed('The connection became broken while its sync was running.', now);
    }
    hasSynced ||= sync_state === 'syncing';
    idlePolls = hasSynced && sync_state === 'scheduled' ? idlePolls + 1 : 0;
    if (idlePolls >= convincingPolls) {
      return { state: 'cancelled', message: 'The sync was cancelled: it ended without a result.' };
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
    if (dueAt + (isManual ? restartDelayMs : 0) > deadline.until) {
      return {
        state: 'timed out',
        message: `Fivetran rescheduled the sync for ${rescheduled_for}, which is beyond sync_timeout_minutes. It continues in Fivetran then.`,
      };
    }
    if (isManual && restartedFor !== rescheduled_for && clock.now() >= dueAt + restartDelayMs) {
      restartedFor = rescheduled_for;
      log(
        `Fivetran rescheduled the sync, but the connection's schedule is manual; starting it again.`,
      );
      await fivetran.sync(id, undefined, deadline.until);
    }
    return undefined;
  };
}

/** A time on the step's clock by the server's clock, or a little earlier. */
export const onServer = (time: number, { server, local }: ServerTime): number =>
  server - (local - time);

/**
 * How the sync ended: by an end that is later than the one known before, and not before the start.
 * Undefined while it runs.
 *
 * @param notBefore the start, by the server's clock in milliseconds since the epoch
 */
export function endOf(
  before: Connection,
  now: Connection,
  notBefore: number | undefined,
): 'succeeded' | 'failed' | undefined {
  const endAt = (field: 'succeeded_at' | 'failed_at'): number | undefined => {
    const at = parseTimestamp(now[field]);
    if (now[field] === undefined) return undefined;
    // Text that is no timestamp can only be compared.
    if (at === undefined) return now[field] === before[field] ? undefined : 0;
    const known = parseTimestamp(before[field]);
    if (known !== undefined && at <= known) return undefined;
    // A time in whole seconds stands for any moment of its second.
    const latest = at % 1000 === 0 ? at + 999 : at;
    return notBefore !== undefined && latest < notBefore ? undefined : at;
  };
  const [succeeded, hasFailed] = [endAt('succeeded_at'), endAt('failed_at')];
  if (succeeded === undefined) return hasFailed === undefined ? undefined : 'failed';
  return hasFailed !== undefined && hasFailed > succeeded ? 'failed' : 'succeeded';
}

/** The end of a sync that failed, with Fivetran's own reasons from the tasks of the status. */
function failed(sentence: string, { status: { tasks } }: Connection): SyncEnd {
  const reasons = tasks.flatMap(({ message, code }) => message || code || []).slice(0, 3);
  const quoted = reasons.map(asSentence);
  const message = [sentence, ...quoted.map((reason) => `Fivetran says: ${reason}`)].join(' ');
  return { state: 'failed', message, reasons: quoted };
}
