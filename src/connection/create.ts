import type { Connection } from '../fivetran/answers.ts';
import type { Instant } from '../fivetran/attempt.ts';
import { maxTries } from '../fivetran/backoff.ts';
import type { Fivetran } from '../fivetran/client.ts';
import { connectionName } from '../fivetran/connection-name.ts';
import { FivetranError, RefusedError } from '../fivetran/errors.ts';
import type { RequestFields } from '../inputs/fields.ts';
import type { State } from './state.ts';

/** How a create ended: this step made the connection, or its name was taken. */
export type Creation =
  | { kind: 'created'; connection: Connection; answered: boolean }
  | { kind: 'taken'; connection: Connection; why: string };

/**
 * Creates a connection, once.
 *
 * A create is not idempotent at Fivetran, and one whose answer was lost may have happened. So after
 * each unknown outcome, and after each refusal that may be about the name, the name is looked up: a
 * connection of the same service that is younger than this step is the one that a lost create made.
 *
 * @returns `created`, with `answered: false` when the answer (with its test results) was lost
 * @throws FivetranError when Fivetran refuses, or when nobody can tell whether it exists
 */
export async function create(
  fivetran: Fivetran,
  request: RequestFields,
  state: State,
  say: (line: string) => void,
): Promise<Creation> {
  const { group_id = '', service = '' } = request;
  const name = connectionName(request.config);
  let mayBeOurs = false;
  for (let tries = 1; ; tries++) {
    const outcome = await fivetran.create(request, (flying) => {
      state.inFlight = flying ? 'create' : undefined;
    });
    if (outcome.kind === 'answered') {
      return { kind: 'created', connection: outcome.data, answered: true };
    }
    if (outcome.kind === 'unknown') mayBeOurs = true;
    // Until the name was looked up, what an unanswered try left behind is not known.
    state.inFlight = mayBeOurs ? 'create' : undefined;
    if (!name || (outcome.kind === 'rejected' && !mayBeTaken(outcome.status))) throw outcome.error;
    if (outcome.kind === 'unknown') {
      say(
        `${outcome.error.message} Whether it was created all the same is unknown: looking for ${name}.`,
      );
    }
    const found = await lookUp(fivetran, group_id, name, outcome.error);
    state.inFlight = undefined;
    if (found.connection) {
      const { connection } = found;
      const same = (connection.service ?? service) === service;
      const age = mayBeOurs && same ? isYounger(connection, found.date) : false;
      if (age) {
        say(`Found connection ${connection.id}, which this step created: going on with it.`);
        return { kind: 'created', connection, answered: false };
      }
      const uncertainty = age === undefined ? ' Whether this step created it can not be told.' : '';
      const { error } = outcome;
      const why = error instanceof RefusedError ? error.said : error.message;
      return { kind: 'taken', connection, why: `${why}${uncertainty}` };
    }
    if (outcome.kind === 'rejected') {
      // The name is taken, and nobody shows by what: it may be by an earlier try.
      state.inFlight = mayBeOurs ? 'create' : undefined;
      throw outcome.error;
    }
    if (tries === maxTries) {
      throw new FivetranError(
        `${outcome.error.message} After each of ${maxTries} tries the group had no connection ${name}.`,
      );
    }
    await fivetran.pause(tries, outcome.error);
  }
}

/** The statuses that Fivetran refuses a taken name with; it has used both. */
const mayBeTaken = (status: number): boolean => status === 400 || status === 409;

async function lookUp(fivetran: Fivetran, group_id: string, name: string, cause: FivetranError) {
  try {
    return await fivetran.find(group_id, name);
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    throw new FivetranError(`${cause.message} ${error.message}`);
  }
}

/**
 * Whether a connection was created after this step began, by the server's own clock: its `Date`
 * header at the step's time `local` dates the step's begin, at local time 0. `Date` has whole
 * seconds, so the begin is taken up to a second too early. Undefined when the answer does not say.
 */
function isYounger({ created_at }: Connection, date: Instant | undefined): boolean | undefined {
  // Other forms are no moment: Date.parse would take a number for a year.
  const created = /^\d{4}-\d\d-\d\dT/.test(created_at ?? '')
    ? Date.parse(created_at ?? '')
    : Number.NaN;
  if (Number.isNaN(created) || !date) return undefined;
  const began = date.server - date.local;
  const wholeSeconds = created % 1000 === 0;
  return created >= (wholeSeconds ? Math.floor(began / 1000) * 1000 : began);
}
