import type { Update } from '../fivetran/connection-endpoints.ts';
import { FivetranError, OutcomeUnknownError, RefusedError } from '../fivetran/http/errors.ts';
import { RefusedAfterUnknownError } from '../fivetran/requester.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import { type Context, observe } from './state.ts';

/**
 * How a change of a connection ended: it was answered, or it was not and `connection` is what Fivetran
 * returned when it was read afterwards (undefined: it is gone).
 */
type ChangeEnd<T> =
  | { kind: 'answered'; data: T }
  | { kind: 'unanswered'; error: OutcomeUnknownError; connection: Connection | undefined };

/** One change, and how to send it. */
type Change<T> = {
  kind: 'update' | 'delete';
  id: string;
  send: (onInFlight: (inFlight: boolean) => void) => Promise<T>;
};

/**
 * Sends a change of a connection. When its outcome is unknown, reads the connection once.
 * `state.inFlight` holds while the outcome is unknown; after an unanswered change, the caller clears
 * it once what it read settles the outcome.
 *
 * @throws FivetranError when Fivetran refuses, or when the connection cannot be read either
 */
async function sendChange<T>(
  { kind, id, send }: Change<T>,
  { fivetran, state, log }: Context,
): Promise<ChangeEnd<T>> {
  const onInFlight = (inFlight: boolean): void => {
    state.inFlight = inFlight ? kind : undefined;
  };
  try {
    return { kind: 'answered', data: await send(onInFlight) };
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    log(`${error.message} It may have taken effect anyway; reading connection ${id}.`);
    try {
      return { kind: 'unanswered', error, connection: await fivetran.get(id) };
    } catch (unread) {
      if (!(unread instanceof FivetranError)) throw unread;
      throw error.followedBy(unread.message);
    }
  }
}

/**
 * Deletes a connection.
 *
 * @returns `gone` when it no longer existed
 * @throws FivetranError when it was not deleted, or when that is unknown
 */
export async function remove(id: string, ctx: Context): Promise<'deleted' | 'gone'> {
  const { fivetran, state } = ctx;
  const send = (onInFlight: (inFlight: boolean) => void) => fivetran.remove(id, onInFlight);
  const end = await sendChange({ kind: 'delete', id, send }, ctx);
  if (end.kind === 'answered') return end.data ? 'deleted' : 'gone';
  state.inFlight = undefined;
  if (end.connection) {
    throw end.error.settledBy(
      `Connection ${id} still existed when it was read afterwards; the delete may still take effect.`,
    );
  }
  return 'deleted';
}

/**
 * Sends an update of a connection.
 *
 * @returns the connection; of an unanswered update, as it was read afterwards
 * @throws FivetranError when Fivetran refuses, or the connection is gone
 */
export async function sendUpdate(
  id: string,
  update: Update,
  ctx: Context,
): Promise<{ connection: Connection; error: OutcomeUnknownError | undefined }> {
  const send = (onInFlight: (inFlight: boolean) => void) =>
    ctx.fivetran.update(id, update, onInFlight);
  const end = await sendChange({ kind: 'update', id, send }, ctx);
  if (end.kind === 'answered') return { connection: observe(end.data, ctx), error: undefined };
  if (!end.connection) {
    ctx.state.inFlight = undefined;
    throw gone(id, ctx);
  }
  return { connection: observe(end.connection, ctx), error: end.error };
}

/**
 * Pauses or unpauses a connection without running its setup tests.
 *
 * @param deadline when to give up, on the step's clock
 * @throws FivetranError when that failed, or when its outcome is unknown
 */
export async function setPaused(
  id: string,
  { paused, deadline }: { paused: boolean; deadline?: number },
  ctx: Context,
): Promise<Connection> {
  const fields = { paused, run_setup_tests: false };
  const { connection, error } = await sendUpdate(id, { fields, deadline }, ctx);
  if (!error) return connection;
  ctx.state.inFlight = undefined;
  if (connection.isPaused === paused) return connection;
  const found = paused ? 'not paused' : 'still paused';
  throw error.settledBy(
    `It was ${found} when it was read afterwards; the change may still take effect.`,
  );
}

/**
 * Reads the connection again.
 *
 * @param deadline when to give up, on the step's clock
 * @throws FivetranError when it no longer exists
 */
export async function readAgain(id: string, ctx: Context, deadline?: number): Promise<Connection> {
  const connection = await ctx.fivetran.get(id, deadline);
  if (!connection) throw gone(id, ctx);
  return observe(connection, ctx);
}

/** Fivetran's codes for a connection that does not exist. */
const goneCodes = ['NotFound_Connection', 'NotFound_Connector', 'NotFound_Integration'];

/**
 * The error to report: when Fivetran refused a request because the connection does not exist, the one
 * that says that it is gone; otherwise the error itself.
 */
export function unlessGone<E>(error: E, ctx: Pick<Context, 'state'>): E | FivetranError {
  const { connection, isGone } = ctx.state;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const refusal = cause instanceof RefusedAfterUnknownError ? cause.refusal : cause;
    const isAboutIt = refusal instanceof RefusedError && goneCodes.includes(refusal.code);
    if (isAboutIt && connection && !isGone) return gone(connection.id, ctx);
  }
  return error;
}

/**
 * Records that the connection no longer exists. Its name is free again, so that a create that went
 * unanswered can still take effect.
 */
export function gone(id: string, { state }: Pick<Context, 'state'>): FivetranError {
  state.isGone = true;
  if (state.openCreates > 0) state.inFlight = 'create';
  return new FivetranError({
    message: `Connection ${id} no longer exists.`,
    shortReason: 'it no longer exists',
  });
}
