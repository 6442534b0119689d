import type { ServerTime } from '../../fivetran/http/attempt.ts';
import { OutcomeUnknownError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import { gone } from '../changes.ts';
import { type Context, observe } from '../state.ts';

export const firstPollMs = 5000;
const lastPollMs = 30_000;
/** How long the last read, which starts when the time is up, may take. */
const lastReadMs = 5000;
/** With so much time for each connection that waits, 14,400 polls an hour leave room for other requests. */
const perConnectionMs = 250;

/** When to give up on the step's clock, and the limit that the user set. */
export type Deadline = { until: number; timeoutMinutes: number };

/** Judges a poll; undefined to poll again. `date` is the server's clock when it answered. */
export type Watch<T> = (now: Connection, date: ServerTime | undefined) => Promise<T | undefined>;

/**
 * Polls a connection until `watch` returns something; undefined when the time is up. A poll that is not
 * answered says nothing about the sync: the next one comes later.
 *
 * @throws FivetranError when the connection is gone, or Fivetran refuses to show it
 */
export async function pollUntil<T>(
  id: string,
  { deadline: { until }, watch }: { deadline: Deadline; watch: Watch<T> },
  ctx: Context,
): Promise<T | undefined> {
  const { clock } = ctx;
  for (let ms = firstPollMs; ; ms = Math.min(ms * 1.5, lastPollMs)) {
    const left = until - clock.now();
    if (left <= 0) return undefined;
    const interval = Math.max(ms, ctx.waiting.size * perConnectionMs);
    await clock.sleep(Math.min(interval, left));
    const response = await poll(id, until + lastReadMs, ctx);
    if (response === 'unanswered') continue;
    const end = await watch(observe(response.connection, ctx), response.date);
    if (end !== undefined) return end;
  }
}

async function poll(id: string, by: number, ctx: Context) {
  try {
    const response = await ctx.fivetran.poll(id, by);
    if (!response) throw gone(id, ctx);
    return response;
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    return 'unanswered';
  }
}
