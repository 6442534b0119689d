import { CancelledError, FivetranError, OutcomeUnknownError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { duration, pluralize } from '../../text/format.ts';
import type { SyncEnd } from '../results.ts';
import { type Context, observe } from '../state.ts';
import { convincingPolls, endOf, syncWatch, type Watch } from './watch.ts';

const firstPollMs = 5000;
const lastPollMs = 30_000;
const progressMs = 20_000;
/** How long the last read, which starts when the time is up, may take. */
const lastReadMs = 5000;

/**
 * Starts a sync and waits until it has succeeded or failed (`succeeded_at` or `failed_at` changed), or
 * the time is up. The end is in `context.state.sync`.
 *
 * @throws FivetranError when the connection cannot sync, or Fivetran refuses
 */
export async function waitForSync(spec: PresentSpec, context: Context): Promise<void> {
  const { state, clock, log, fivetran } = context;
  if (!spec.wait_for_sync || !state.connection) return;
  const { id } = state.connection;
  const { timeoutMinutes } = spec.wait_for_sync;
  const begin = clock.now();
  const until = begin + timeoutMinutes * 60_000;
  const elapsed = (): string => duration(clock.now() - begin);
  const stop = clock.every(progressMs, () => {
    const { sync_state } = state.connection?.status ?? {};
    const now = sync_state ? `, now ${sync_state}` : '';
    log(`Waiting for the sync of connection ${id}: ${elapsed()} so far${now}.`);
  });
  /** What a cancellation leaves behind. */
  let left = '';
  try {
    let before = await ready(id, spec, until, context);
    if (before.status.sync_state === 'syncing') {
      log(`Connection ${id} is already syncing; waiting for that sync to end before starting one.`);
      const poll = await pollUntil(id, until, context, (now) =>
        now.status.sync_state !== 'syncing' || endOf(before, now) !== undefined ? now : undefined,
      );
      if (!poll) {
        state.sync = timedOut(timeoutMinutes);
        return;
      }
      before = poll;
    }
    left = ` The sync of connection ${id} may have started.`;
    await fivetran.sync(id);
    left = ` The sync of connection ${id} continues in Fivetran.`;
    log(
      `Started a sync of connection ${id}; waiting up to ${pluralize(timeoutMinutes, 'minute')}.`,
    );
    const watch = syncWatch({ before, until, elapsed }, context);
    state.sync = (await pollUntil(id, until, context, watch)) ?? timedOut(timeoutMinutes);
  } catch (error) {
    if (error instanceof CancelledError) throw new CancelledError(`${error.message}${left}`);
    if (error instanceof OutcomeUnknownError) {
      throw left ? error.followedBy(left.trim()) : error;
    }
    throw error;
  } finally {
    stop();
  }
}

const timedOut = (minutes: number): SyncEnd => ({
  state: 'timed out',
  message: `The sync did not end within ${pluralize(minutes, 'minute')} (sync_timeout_minutes). It continues in Fivetran.`,
});

/** Reads the connection until it can sync. Fivetran may show it as paused right after unpausing. */
async function ready(
  id: string,
  spec: PresentSpec,
  until: number,
  context: Context,
): Promise<Connection> {
  const isUnpaused = spec.request.paused === false || spec.selection !== undefined;
  let polls = 1;
  let connection = await read(id, context);
  while (connection.isPaused && isUnpaused && polls++ < convincingPolls) {
    await context.clock.sleep(Math.max(0, Math.min(firstPollMs, until - context.clock.now())));
    connection = await read(id, context);
  }
  const reason = connection.isPaused
    ? 'it is paused'
    : connection.status.setup_state === 'incomplete'
      ? 'its setup is incomplete'
      : undefined;
  if (reason) {
    throw new FivetranError({
      message: `Connection ${id} cannot sync: ${reason}. No sync was started.`,
      shortReason: 'no sync',
    });
  }
  return connection;
}

/** Polls until `watch` returns something; undefined when the time is up. */
async function pollUntil<T>(
  id: string,
  until: number,
  context: Context,
  watch: Watch<T>,
): Promise<T | undefined> {
  const { clock, fivetran, state } = context;
  for (let ms = firstPollMs; ; ms = Math.min(ms * 1.5, lastPollMs)) {
    const left = until - clock.now();
    if (left <= 0) return undefined;
    await clock.sleep(Math.min(ms, left));
    try {
      const answer = await fivetran.poll(id, until + lastReadMs);
      if (!answer)
        throw new FivetranError({
          message: `Connection ${id} was deleted while its sync was running.`,
          shortReason: 'deleted during its sync',
        });
      const end = await watch(observe(state, answer.connection), answer.date);
      if (end !== undefined) return end;
    } catch (error) {
      // A poll that goes unanswered says nothing about the sync: the next one may be answered.
      if (!(error instanceof OutcomeUnknownError)) throw error;
    }
  }
}

async function read(id: string, { fivetran, state }: Context): Promise<Connection> {
  const connection = await fivetran.get(id);
  if (!connection)
    throw new FivetranError({
      message: `Connection ${id} no longer exists.`,
      shortReason: 'it no longer exists',
    });
  return observe(state, connection);
}
