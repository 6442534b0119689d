import { CancelledError, FivetranError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { duration, pluralize } from '../../text/format.ts';
import { readAgain, setPaused } from '../changes.ts';
import { followUps, known } from '../follow-ups.ts';
import type { SyncEnd } from '../results.ts';
import type { Context } from '../state.ts';
import { type Deadline, firstPollMs, pollUntil } from './poll.ts';
import { convincingPolls, syncWatch } from './watch.ts';

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
    const before = await readyToSync(id, deadline, { spec, ctx });
    if (!before) {
      state.sync = timedOut(deadline);
      return;
    }
    const onSent = (isOpen: boolean): void => {
      left = isOpen ? `The sync of connection ${id} may have started.` : '';
    };
    const startedAt = await start(id, { deadline, onSent }, ctx);
    left = `The sync of connection ${id} continues in Fivetran.`;
    log(
      `Started a sync of connection ${id}; waiting up to ${pluralize(timeoutMinutes, 'minute')}.`,
    );
    const watch = syncWatch({ before, startedAt, deadline, elapsed }, ctx);
    state.sync = (await pollUntil(id, { deadline, watch }, ctx)) ?? timedOut(deadline);
  } catch (error) {
    if (!left || state.isGone) throw error;
    if (error instanceof CancelledError) throw new CancelledError(`${error.message} ${left}`);
    throw error instanceof FivetranError ? error.followedBy(left) : error;
  } finally {
    stop();
    ctx.waiting.delete(id);
  }
}

const timedOut = ({ timeoutMinutes }: Deadline): SyncEnd => ({
  state: 'timed out',
  message: `The sync did not end within ${pluralize(timeoutMinutes, 'minute')} (sync_timeout_minutes). It continues in Fivetran.`,
});

/**
 * Starts a sync.
 *
 * @returns when the first request that may have started it was sent, on the step's clock
 */
async function start(
  id: string,
  { deadline, onSent }: { deadline: Deadline; onSent: (isOpen: boolean) => void },
  { fivetran, clock }: Context,
): Promise<number> {
  let sentAt = clock.now();
  let isInFlight = false;
  const onInFlight = (inFlight: boolean): void => {
    if (inFlight && !isInFlight) sentAt = clock.now();
    isInFlight = inFlight;
    onSent(inFlight);
  };
  await fivetran.sync(id, onInFlight, deadline.until);
  return sentAt;
}

/**
 * Unpauses the connection where that is needed, and waits for a sync that runs already: its end is not
 * the one of the sync that the step starts.
 *
 * @returns the connection just before the sync is started; undefined when the time is up
 */
async function readyToSync(
  id: string,
  deadline: Deadline,
  { spec, ctx }: { spec: PresentSpec; ctx: Context },
): Promise<Connection | undefined> {
  let connection = await readyConnection(id, deadline, { spec, ctx });
  while (connection.status.sync_state === 'syncing') {
    const running = connection;
    ctx.log(
      `Connection ${id} is already syncing; waiting for that sync to end before starting one.`,
    );
    const ended = await pollUntil(
      id,
      { deadline, watch: async (now) => (hasEnded(running, now) ? now : undefined) },
      ctx,
    );
    if (!ended) return undefined;
    connection = ended;
    if (connection.status.sync_state === 'syncing') connection = await readAgain(id, ctx);
  }
  return connection;
}

const hasEnded = (running: Connection, now: Connection): boolean =>
  now.status.sync_state !== 'syncing' ||
  now.succeeded_at !== running.succeeded_at ||
  now.failed_at !== running.failed_at;

/** Reads the connection until it can sync. Fivetran may show it as paused right after unpausing. */
async function readyConnection(
  id: string,
  { until }: Deadline,
  { spec, ctx }: { spec: PresentSpec; ctx: Context },
): Promise<Connection> {
  const { clock, state, log } = ctx;
  let connection = await readAgain(id, ctx);
  let isUnpaused = spec.request.paused === false || spec.selection !== undefined;
  if (!isUnpaused && followUps(spec, known(connection, state.result)).unpauses) {
    log(`Fivetran created connection ${id} paused; unpausing it for its sync.`);
    connection = await setPaused(id, false, ctx);
    isUnpaused = true;
  }
  for (let polls = 1; connection.isPaused && isUnpaused && polls < convincingPolls; polls++) {
    await clock.sleep(Math.max(0, Math.min(firstPollMs, until - clock.now())));
    connection = await readAgain(id, ctx);
  }
  const reason = connection.isPaused
    ? 'it is paused'
    : connection.status.setup_state === 'incomplete'
      ? 'its setup is incomplete'
      : undefined;
  if (reason === undefined) return connection;
  throw new FivetranError({
    message: `Connection ${id} cannot sync: ${reason}. No sync was started.`,
    shortReason: 'no sync',
  });
}
