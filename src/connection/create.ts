import type { ServerTime } from '../fivetran/http/attempt.ts';
import { FivetranError } from '../fivetran/http/errors.ts';
import { maxTries } from '../fivetran/http/retry-timing.ts';
import { parseTimestamp } from '../fivetran/http/timestamp.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { CreateRequest, PresentSpec } from '../inputs/spec.ts';
import { type Found, findByName, findByPlainName } from './find.ts';
import { compareWithRequest } from './likeness.ts';
import type { Context } from './state.ts';

/** How a create ended: this step created the connection, or its name is taken. */
export type Creation =
  | { kind: 'created'; connection: Connection; answered: boolean }
  | {
      kind: 'taken';
      connection: Connection;
      /** Why the create failed. */
      reason: string;
      /** Whether the connection has the name of the spec beyond doubt. */
      isCertain: boolean;
      /** Whether this step may have created it. */
      isDoubtful: boolean;
    };

/**
 * Creates a connection, once.
 *
 * A create is not idempotent, and one whose answer was lost may have succeeded. After each unknown
 * outcome, and after each refusal that may be about the name, the name is therefore looked up. A connection of
 * the same service that was created since the first unanswered create was sent is the one that it
 * created. `state.inFlight` stays set as long as an unanswered create may still take effect.
 *
 * @returns `created`, with `answered: false` when the answer (with its test results) was lost
 * @throws FivetranError when Fivetran refuses, or when it is unknown whether the connection exists
 */
export async function create(
  spec: PresentSpec,
  request: CreateRequest,
  context: Context,
): Promise<Creation> {
  const { fivetran, state, log } = context;
  const { name } = spec;
  const body = JSON.stringify(request);
  let unansweredSince: number | undefined;
  const setInFlight = (inFlight: boolean): void => {
    state.inFlight = inFlight || unansweredSince !== undefined ? 'create' : undefined;
  };
  for (let tries = 1; ; tries++) {
    const result = await fivetran.create(body, spec, setInFlight);
    if (result.kind === 'answered') {
      state.inFlight = undefined;
      return { kind: 'created', connection: result.data, answered: true };
    }
    const { error } = result;
    if (result.kind === 'unknown') unansweredSince ??= result.sentAt;
    setInFlight(false);
    if (!name || (result.kind === 'rejected' && !mayBeTaken(result.status))) throw error;
    if (result.kind === 'unknown') {
      log(`${error.message} It may have been created anyway; looking for ${name}.`);
    }
    const refusal = result.kind === 'rejected' ? result : undefined;
    const found = await lookUp(spec, refusal?.status, error, context);
    const { connection, isCertain } = found;
    if (connection) {
      const ours = isCertain ? isOurs(connection, spec, found.date, unansweredSince) : 'unknown';
      if (ours === 'no') state.inFlight = undefined;
      if (ours === 'yes') {
        state.inFlight = undefined;
        log(`Found connection ${connection.id}, created after the unanswered request was sent.`);
        return { kind: 'created', connection, answered: false };
      }
      const reason = error.message;
      const isDoubtful = ours === 'unknown' && unansweredSince !== undefined;
      return { kind: 'taken', connection, reason, isCertain, isDoubtful };
    }
    if (refusal) throw error;
    if (tries === maxTries) {
      throw error.followedBy(
        `After each of ${maxTries} tries, the group had no connection ${name}.`,
      );
    }
    await fivetran.waitToRetry(tries, error);
  }
}

/** Fivetran refuses a taken name with either status, depending on the account's API version. */
const mayBeTaken = (status: number): boolean => status === 400 || status === 409;

/** Looks for the connection after a create that was refused with `status`, or that went unanswered. */
async function lookUp(
  spec: PresentSpec,
  status: number | undefined,
  cause: FivetranError,
  { fivetran }: Context,
): Promise<Found & { isCertain: boolean }> {
  try {
    const found = { ...(await findByName(spec, fivetran)), isCertain: true };
    if (found.connection || status === undefined) return found;
    const plain = await findByPlainName(spec, fivetran);
    // Without metadata, a 400 may have any other reason than the name.
    return plain.isCertain || status === 409 ? plain : found;
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    throw new FivetranError(cause).followedBy(error.message);
  }
}

/**
 * Whether an unanswered create of this step created a connection: one of the same service that was
 * created no earlier than the create was sent, by the server's own clock, and that shows no other values. `Date` has whole seconds,
 * so the time of sending is rounded down to a whole second where necessary.
 *
 * @param date the server's clock at the look-up
 * @param since when the first unanswered create was sent, on the step's clock
 */
function isOurs(
  connection: Connection,
  spec: PresentSpec,
  date: ServerTime | undefined,
  since: number | undefined,
): 'yes' | 'no' | 'unknown' {
  if (since === undefined) return 'no';
  const { service, created_at } = connection;
  const created = parseTimestamp(created_at);
  if (created === undefined || !date) return 'unknown';
  const sent = date.server - (date.local - since);
  const isWholeSecond = created % 1000 === 0;
  if (created < (isWholeSecond ? Math.floor(sent / 1000) * 1000 : sent)) return 'no';
  const { different } = compareWithRequest(spec, connection);
  return service === spec.service && different.length === 0 ? 'yes' : 'unknown';
}
