import type { ServerTime } from '../fivetran/http/attempt.ts';
import { parseTimestamp } from '../fivetran/http/timestamp.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { PresentSpec } from '../inputs/spec.ts';
import { differencesFromRequest } from './plan/request-diff.ts';

/** How much too old a connection may be for the server's clocks to have disagreed, in milliseconds. */
const toleranceMs = 10_000;

/**
 * Whether an unanswered create of this step created a connection that a look-up found: one of the same
 * service that shows no other values, and that was created no earlier than the create was sent, by the
 * server's own clock.
 *
 * `Date` has whole seconds, and is set at some time between the look-up's request and its response.
 * What lies within that time is unknown; so is what is too old by a little, and what was created after
 * the look-up by its own clock.
 *
 * @param clock the server's clock at the look-up
 * @param since when the first unanswered create was sent, on the step's clock
 */
export function isOurs(
  connection: Connection,
  spec: PresentSpec,
  { clock, since }: { clock: ServerTime | undefined; since: number | undefined },
): 'yes' | 'no' | 'unknown' {
  if (since === undefined) return 'no';
  if (connection.service !== undefined && connection.service !== spec.service) return 'no';
  const created = parseTimestamp(connection.created_at);
  if (created === undefined || !clock) return 'unknown';
  const { server, sent, local } = clock;
  const earliest = server - (local - since);
  const latest = server - (sent - since);
  if (created < earliest - toleranceMs) return 'no';
  // A time in whole seconds stands for any moment of its second.
  const isWhole = created % 1000 === 0;
  if (created < (isWhole ? Math.floor(latest / 1000) * 1000 : latest)) return 'unknown';
  if (created >= server + 1000) return 'unknown';
  const { different } = differencesFromRequest(spec, connection);
  return connection.service === spec.service && different.length === 0 ? 'yes' : 'unknown';
}
