import { CancelledError, OutcomeUnknownError, RefusedError } from '../../fivetran/http/errors.ts';
import { backoffMs } from '../../fivetran/http/retry-timing.ts';
import { duration } from '../../text/format.ts';
import { type Context, countAsUpdated } from '../state.ts';

/** How often a change of the schema is repeated at most, after reading the current one. */
const maxRetries = 5;

/**
 * Waits before the schema is read and, if necessary, changed again.
 *
 * @param retries the number of retries, this one included
 * @throws the error itself when it is neither an unknown outcome nor a conflict with another change, or
 * after too many retries
 */
export async function waitAfter(
  error: unknown,
  retries: number,
  { clock, log }: Pick<Context, 'clock' | 'log'>,
): Promise<void> {
  const isConflict = error instanceof RefusedError && error.status === 409;
  if (!(isConflict || error instanceof OutcomeUnknownError) || retries > maxRetries) throw error;
  const ms = backoffMs(retries, clock.random());
  log(`${error.message} Reading the schema again in ${duration(ms)}.`);
  await clock.sleep(ms);
}

/**
 * Sends a change of the selection. Where its outcome is unknown, `state.inFlight` says so until the
 * caller has read the schema.
 *
 * @param retries the number of the next retry
 * @returns whether Fivetran accepted it; otherwise the schema is to be read again
 * @throws FivetranError when it is not to be repeated
 */
export async function tryChange(
  send: () => Promise<true>,
  retries: number,
  context: Context,
): Promise<boolean> {
  const { state } = context;
  state.inFlight = 'update';
  try {
    await send();
  } catch (error) {
    const isUnknown = error instanceof OutcomeUnknownError || error instanceof CancelledError;
    if (!isUnknown) state.inFlight = undefined;
    await waitAfter(error, retries, context);
    return false;
  }
  state.inFlight = undefined;
  countAsUpdated(state);
  return true;
}
