import type { Outcome } from '../../connection/outcome.ts';
import type { State } from '../../connection/state.ts';

type Known = Pick<State, 'subject' | 'connection' | 'result' | 'cleanup' | 'inFlight'>;

/** The connection at the start of a sentence: by its id once it has one. */
export const nameOf = ({ subject, connection }: Pick<Outcome, 'subject' | 'connection'>): string =>
  connection ? `Connection ${connection.id}` : subject;

/** What is certain about a connection after an error; empty when nothing is. */
export function knownState({ subject, connection, result, cleanup, inFlight }: Known): string {
  if (!connection) return '';
  const name = nameOf({ subject, connection });
  if (result === 'absent') return `${name} does not exist.`;
  if (cleanup) return `${name} was ${result ?? 'created'} and then ${cleanup}.`;
  if (result && result !== 'reused') return `${name} was ${result}.`;
  return inFlight === 'delete' ? '' : `${name} exists.`;
}

/** What is unknown after a request whose outcome is unknown, and what to do about it. */
export function uncertaintyOf({ subject, connection, inFlight }: Known) {
  const id = connection ? `connection ${connection.id}` : 'the connection';
  switch (inFlight) {
    case 'create':
      return {
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

/** The same in sentences; empty when there is none. */
export function uncertainty(known: Known): string {
  const { fact, advice } = uncertaintyOf(known) ?? {};
  return [fact, advice].filter(Boolean).join(' ');
}

/** What is known about a connection that was in progress when the step crashed. */
export const lastKnown = (state: Readonly<State>): string =>
  [knownState(state), uncertainty(state)].filter(Boolean).join(' ') ||
  `${state.subject}: nothing was changed.`;
