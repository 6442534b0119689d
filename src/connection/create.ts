import { FivetranError, RefusedError } from '../fivetran/http/errors.ts';
import { maxTries } from '../fivetran/http/retry-timing.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { CreateRequest, PresentSpec } from '../inputs/spec.ts';
import { type Found, findByName, hintAtShortName } from './find.ts';
import { isOurs } from './ours.ts';
import { explainRefusal } from './refusals.ts';
import type { Context } from './state.ts';

/** How a create ended: this step created the connection, or its name is taken. */
export type Creation =
  | { kind: 'created'; connection: Connection; origin: 'answered' | 'found' }
  | {
      kind: 'taken';
      connection: Connection;
      /** Why the create failed. */
      error: FivetranError;
      /** Whether this step may have created it. */
      mayBeOurs: boolean;
    };

/** How long to wait before each further look-up of a name that is taken but cannot be found. */
const lagsMs = [2000, 5000, 8000];

/**
 * Creates a connection, once.
 *
 * A create is not idempotent, and one that went unanswered may have succeeded. After each unknown
 * outcome, and after each refusal that may be about the name, the name is therefore looked up. A
 * connection of the same service that was certainly created since the first unanswered create was sent
 * is the one that it created. `state.inFlight` stays set as long as an unanswered create may still take
 * effect.
 *
 * @returns `created`, with the origin `found` when the response (with its test results) was lost
 * @throws FivetranError when Fivetran refuses, or when it is unknown whether the connection exists
 */
export async function create(
  spec: PresentSpec,
  request: CreateRequest,
  ctx: Context,
): Promise<Creation> {
  const { fivetran, state, log } = ctx;
  const { name } = spec;
  const body = JSON.stringify(request);
  let unansweredSince: number | undefined;
  const setInFlight = (inFlight: boolean): void => {
    state.inFlight = inFlight || state.openCreates > 0 ? 'create' : undefined;
  };
  for (let tries = 1; ; tries++) {
    const result = await fivetran.create(body, spec, setInFlight);
    if (result.kind === 'answered') {
      state.inFlight = undefined;
      return { kind: 'created', connection: result.data, origin: 'answered' };
    }
    const { error } = result;
    if (result.kind === 'unknown') {
      unansweredSince ??= result.sentAt;
      state.openCreates++;
    }
    setInFlight(false);
    const mayBeTaken = result.kind === 'unknown' || isRefusedName(result.status);
    if (!name || !mayBeTaken) throw await explainRefusal(error, spec, ctx);
    if (result.kind === 'unknown') {
      log(`${error.message} It may have been created anyway; looking for ${name}.`);
    }
    const found = await lookUp(spec, error, ctx);
    if (found.connection) {
      const { connection } = found;
      const verdict = isOurs(connection, spec, { clock: found.date, since: unansweredSince });
      if (verdict === 'yes') {
        state.openCreates--;
        state.inFlight = undefined;
        log(`Found connection ${connection.id}, created after the unanswered request was sent.`);
        return { kind: 'created', connection, origin: 'found' };
      }
      if (verdict === 'no') state.inFlight = undefined;
      return { kind: 'taken', connection, error, mayBeOurs: verdict === 'unknown' };
    }
    if (error instanceof RefusedError) {
      const hint = error.status === 409 ? await hintAtShortName(spec, fivetran) : undefined;
      throw hint ? error.followedBy(hint) : error;
    }
    if (tries === maxTries) {
      throw error.followedBy(
        `After each of ${maxTries} tries, the group had no connection ${name}.`,
      );
    }
    await fivetran.waitToRetry(tries, error);
  }
}

/** Fivetran refuses a taken name with either status, depending on the account's API version. */
const isRefusedName = (status: number): boolean => status === 400 || status === 409;

/**
 * Looks for the connection after a create that was refused or went unanswered. A list can lag behind:
 * a name that is taken after an unanswered create, and cannot be found, is looked up again.
 */
async function lookUp(spec: PresentSpec, cause: FivetranError, ctx: Context): Promise<Found> {
  const { fivetran, state, clock, log } = ctx;
  const waits = cause instanceof RefusedError && state.openCreates > 0 ? lagsMs : [];
  try {
    let found = await findByName(spec, fivetran);
    for (const ms of waits) {
      if (found.connection) return found;
      log(`The name ${spec.name} is taken, but no connection is listed under it; looking again.`);
      await clock.sleep(ms);
      found = await findByName(spec, fivetran);
    }
    return found;
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    const { endsRun } = error;
    const hint = endsRun ? error.hint : cause.hint;
    const message = `${cause.message} ${error.message}`;
    throw new FivetranError({ ...cause, endsRun, hint, message });
  }
}
