import { CancelledError, FivetranError, RefusedError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { duration, pluralize } from '../../text/format.ts';
import { unlessGone } from '../changes.ts';
import type { SyncEnd } from '../results.ts';
import type { Context } from '../state.ts';
import { type Deadline, poll, pollUntil } from './poll.ts';
import { readyToSync } from './ready.ts';
import { endOf, onServer, syncWatch } from './watch.ts';

const progressMs = 20_000;

/**
 * Starts a sync and waits until it has succeeded or failed, or the time is up. The end is in
 * `ctx.state.sync`. Every end that leaves a sync running says that it continues.
 *
 * @throws FivetranError when the connection cannot sync or be read, or Fivetran refuses
 */
export async function waitForSync(
  { id }: Connection,
  { timeoutMinutes }: { timeoutMinutes: number },
  { spec, ctx }: { spec: PresentSpec; ctx: Context },
): Promise<void> {
  const { state, clock, log } = ctx;
  const begin = clock.now();
  const deadline: Deadline = { until: begin + timeoutMinutes * 60_000, timeoutMinutes };
  const elapsed = (): string => duration(clock.now() - begin);
  const stop = clock.every(progressMs, () => {
    const { sync_state } = state.connection?.status ?? {};
    const now = sync_state ? `, now ${sync_state}` : '';
    log(`Waiting for the sync of connection ${id}: ${elapsed()} so far${now}.`);
  });
  ctx.waiting.add(id);
  /** What an error leaves behind. */
  let left = '';
  try {
    const ready = await readyToSync(id, deadline, { spec, ctx });
    if (!ready) {
      state.sync = neverStarted(
        deadline,
        'The step started no sync, because the one that was already running did not end',
      );
      return;
    }
    const onInFlight = (inFlight: boolean): void => {
      left = inFlight ? `The sync of connection ${id} may have started.` : '';
    };
    const { before, startedAt } = await start(ready, { deadline, onInFlight }, ctx);
    left = `The sync of connection ${id} continues in Fivetran.`;
    log(
      `Started a sync of connection ${id}; waiting up to ${pluralize(timeoutMinutes, 'minute')}.`,
    );
    const watch = syncWatch({ before, startedAt, deadline, elapsed }, ctx);
    state.sync = (await pollUntil(id, { deadline, watch }, ctx)) ?? timedOut(deadline);
  } catch (thrown) {
    const error = unlessGone(thrown, ctx);
    const isSettled = error instanceof RefusedError || state.isGone;
    const isLate = error instanceof FivetranError && clock.now() >= deadline.until;
    if (!left && isLate && !isSettled) {
      log(error.message);
      state.sync = neverStarted(deadline, 'No sync could be started');
      return;
    }
    if (!left || state.isGone) throw error;
    const canSayMore = error instanceof CancelledError || error instanceof FivetranError;
    throw canSayMore ? error.followedBy(left) : error;
  } finally {
    stop();
    ctx.waiting.delete(id);
  }
}

const timedOut = ({ timeoutMinutes }: Deadline): SyncEnd => ({
  state: 'timed out',
  message: `The sync did not end within ${pluralize(timeoutMinutes, 'minute')} (sync_timeout_minutes). It continues in Fivetran.`,
});

const neverStarted = ({ timeoutMinutes }: Deadline, what: string): SyncEnd => ({
  state: 'timed out',
  message: `${what} within ${pluralize(timeoutMinutes, 'minute')} (sync_timeout_minutes).`,
});

/**
 * Starts a sync.
 *
 * @param ready the connection just before
 * @returns when the first request that may have started it was sent, on the step's clock, and the
 * connection as it was then: after a start that was limited or repeated, read again, because another
 * sync may have ended meanwhile
 */
async function start(
  ready: Connection,
  { deadline, onInFlight }: { deadline: Deadline; onInFlight: (inFlight: boolean) => void },
  ctx: Context,
): Promise<{ before: Connection; startedAt: number }> {
  const { fivetran, clock } = ctx;
  let startedAt = clock.now();
  let isInFlight = false;
  let isRepeated = false;
  const watch = (inFlight: boolean): void => {
    if (inFlight && isInFlight) isRepeated = true;
    if (inFlight && !isInFlight) startedAt = clock.now();
    isInFlight = inFlight;
    onInFlight(inFlight);
  };
  const timesSent = await fivetran.sync(ready.id, watch, deadline.until);
  if (timesSent === 1) return { before: ready, startedAt };
  const response = await poll(ready.id, deadline.until, ctx);
  if (response === 'unanswered') return { before: ready, startedAt };
  const { connection, date } = response;
  // An unanswered try may have started a sync that has ended since.
  const hasEnded = isRepeated && date && endOf(ready, connection, onServer(startedAt, date));
  return { before: hasEnded ? ready : connection, startedAt };
}
