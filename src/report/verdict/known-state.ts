import type { Outcome } from '../../connection/outcome.ts';
import type { State } from '../../connection/state.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import { joined } from '../../text/format.ts';
import type { OutcomeOf } from './redact.ts';

type Known = Pick<State, 'subject' | 'result' | 'cleanup' | 'inFlight'> & {
  connection?: { id: string } | undefined;
  isGone?: Outcome['isGone'];
};

/** The connection at the start of a sentence: by its id once it has one. */
export const nameOf = ({ subject, connection }: Pick<Known, 'subject' | 'connection'>): string =>
  connection ? `Connection ${connection.id}` : subject;

/** What is certain about a connection after an error; empty when nothing is. */
export function knownState({
  subject,
  connection,
  result,
  cleanup,
  inFlight,
  isGone,
}: Known): string {
  if (!connection) return '';
  const name = nameOf({ subject, connection });
  if (result === 'absent') return `${name} does not exist.`;
  if (cleanup) return `${name} was ${result ?? 'created'} and then ${cleanup}.`;
  const isChanged = result !== undefined && result !== 'reused';
  if (isGone) return isChanged ? `${name} was ${result}, but it is gone.` : `${name} is gone.`;
  if (isChanged) return `${name} was ${result}.`;
  return inFlight === 'delete' ? '' : `${name} exists.`;
}

/** `Connection x was created and stays paused, because its selection could not be completed: …` */
export function pausedSentence(outcome: OutcomeOf<'failed'>, reason: string): string {
  const { result, error } = outcome;
  const done = result && result !== 'reused' ? `was ${result} and stays` : 'stays';
  return `${nameOf(outcome)} ${done} paused, because ${reason}: ${error.message}`;
}

/** How far the work came before an error, in a few words. */
export function endBefore(
  { result, cleanup, inFlight, isGone }: OutcomeOf<'failed'>,
  spec: ConnectionSpec,
): string {
  if (isGone && inFlight !== 'create') {
    return result && result !== 'reused' ? `${result}, then gone` : 'gone';
  }
  if (inFlight) return 'outcome unknown';
  if (result && result !== 'reused') return `${result}, then ${cleanup ?? 'failed'}`;
  if (spec.state === 'absent') return 'not deleted';
  return spec.if_exists === 'fail' ? 'not created' : 'failed';
}

/** What is unknown after a request whose outcome is unknown, and what to do about it. */
export function uncertaintyOf({ subject, connection, inFlight }: Known) {
  const id = connection ? `connection ${connection.id}` : 'the connection';
  switch (inFlight) {
    case 'create':
      return connection
        ? {
            fact: 'An earlier request to create it got no response, so another connection may still appear.',
            advice: 'Look for another one in the Fivetran dashboard before you run the step again.',
          }
        : {
            fact: `${subject} may exist, or appear later.`,
            advice: 'Look for it in the Fivetran dashboard before you run the step again.',
          };
    case 'update':
      return { fact: `It is unknown whether the update of ${id} took effect.`, advice: runAgain };
    case 'delete':
      return { fact: `It is unknown whether ${id} was deleted.`, advice: runAgain };
    case undefined:
      return undefined;
    default:
      return inFlight satisfies never;
  }
}

const runAgain = 'Run the step again to settle it.';

/** What to know about a connection that was deleted by another client. */
export const goneAdvice = (spec: ConnectionSpec): string =>
  `The connection was deleted in the meantime, in the Fivetran dashboard or by another client. ${
    spec.state === 'absent' ? runAgain : 'Run the step again to create it.'
  }`;

/**
 * What is unknown about an outcome; undefined when nothing is. A connection that is gone leaves
 * only its create in doubt.
 */
export const doubtOf = (outcome: OutcomeOf<'present' | 'failed'>) =>
  outcome.inFlight === 'create' || (outcome.kind === 'failed' && !outcome.isGone)
    ? uncertaintyOf(outcome)
    : undefined;

/** What is unknown, in sentences; empty when nothing is. */
function uncertainty(known: Known): string {
  const { fact, advice } = uncertaintyOf(known) ?? {};
  return joined(fact, advice);
}

/** What is known about a connection that was in progress when the step crashed. */
export const lastKnown = (state: Readonly<State>): string =>
  joined(knownState(state), uncertainty(state)) || `${state.subject}: nothing was changed.`;
