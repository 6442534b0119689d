import { CancelledError, OutcomeUnknownError, RefusedError } from '../../fivetran/http/errors.ts';
import { backoffMs } from '../../fivetran/http/retry-timing.ts';
import { duration } from '../../text/format.ts';
import { type Context, countAsUpdated } from '../state.ts';
import type { SelectionChange } from './diff.ts';

/** How often a change of the schema is repeated at most, after reading the current one. */
const maxRetries = 5;

/**
 * Waits before the schema is read and, if necessary, changed again.
 *
 * @param retries the number of retries, this one included
 * @throws the error itself when it is neither an unknown outcome nor a conflict with another change,
 * or after too many retries
 */
export async function waitToRetry(
  error: unknown,
  retries: number,
  { clock, log }: Pick<Context, 'clock' | 'log'>,
): Promise<void> {
  const isConflict = error instanceof RefusedError && error.status === 409;
  const isRepeatable = isConflict || (error instanceof OutcomeUnknownError && !error.endsRun);
  if (!isRepeatable || retries > maxRetries) throw error;
  const ms = backoffMs(retries, clock.random());
  log(`${error.message} Reading the schema again in ${duration(ms)}.`);
  await clock.sleep(ms);
}

/** A change of the selection: what it does, and how to send it. */
type Change<T> = { changes: readonly SelectionChange[]; send: () => Promise<T> };

/**
 * Sends a change of the selection. Where its outcome is unknown, `state.inFlight` says so until the
 * caller has read the schema.
 *
 * @param retries the number of the next retry
 * @returns Fivetran's response; undefined when the schema is to be read again
 * @throws FivetranError when it is not to be repeated
 */
export async function tryChange<T extends object | true>(
  { changes, send }: Change<T>,
  retries: number,
  ctx: Context,
): Promise<T | undefined> {
  const { state } = ctx;
  state.inFlight = 'update';
  let response: T;
  try {
    response = await send();
  } catch (error) {
    const isUnknown = error instanceof OutcomeUnknownError || error instanceof CancelledError;
    if (!isUnknown) state.inFlight = undefined;
    await waitToRetry(error, retries, ctx);
    return undefined;
  }
  state.inFlight = undefined;
  recordChanges(changes, ctx);
  return response;
}

/** Records changes that Fivetran made. Those of a new connection are no changes to anybody. */
export function recordChanges(
  changes: readonly SelectionChange[],
  { state }: Pick<Context, 'state'>,
): void {
  countAsUpdated(state);
  if (state.result === 'created') return;
  const known = state.selectionChanges ?? [];
  state.selectionChanges = [...known, ...changesWithout(changes, known)];
}

/** The changes that are not among others. */
export function changesWithout(
  changes: readonly SelectionChange[],
  others: readonly SelectionChange[],
): SelectionChange[] {
  const keyOf = ({ path, field, to }: SelectionChange): string => JSON.stringify([path, field, to]);
  const keys = new Set(others.map(keyOf));
  return changes.filter((change) => !keys.has(keyOf(change)));
}
