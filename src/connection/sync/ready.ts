import { FivetranError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { readAgain, setPaused } from '../changes.ts';
import { followUps, known } from '../plan/follow-ups.ts';
import type { Context } from '../state.ts';
import { type Deadline, firstPollMs, pollUntil } from './poll.ts';
import { convincingPolls } from './watch.ts';

/**
 * Unpauses the connection where that is needed, and waits for a sync that runs already: its end is not
 * the one of the sync that the step starts.
 *
 * @returns the connection just before the sync is started; undefined when the time is up
 */
export async function readyToSync(
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
    if (connection.status.sync_state === 'syncing')
      connection = await readAgain(id, ctx, deadline.until);
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
  let connection = await readAgain(id, ctx, until);
  let isUnpaused = spec.request.paused === false || spec.selection !== undefined;
  if (!isUnpaused && followUps(spec, known(connection, state.result)).unpauses) {
    log(`Fivetran created connection ${id} paused; unpausing it for its sync.`);
    connection = await setPaused(id, { paused: false, deadline: until }, ctx);
    isUnpaused = true;
  }
  for (let polls = 1; connection.isPaused && isUnpaused && polls < convincingPolls; polls++) {
    await clock.sleep(Math.max(0, Math.min(firstPollMs, until - clock.now())));
    connection = await readAgain(id, ctx, until);
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
