import { pluralize } from '../../text/format.ts';
import type { FieldChange } from './diff.ts';

/** `1 secret`: what is sent again because Fivetran does not show it; empty when nothing is. */
export function countSentAgain(changes: readonly FieldChange[]): string {
  const again = changes.filter(({ shown }) => shown === 'sent-again');
  if (again.length === 0) return '';
  // A schedule is sent again too where the response lacks it.
  const noun = again.every(({ field }) => field !== 'schedule') ? 'secret' : 'field';
  return pluralize(again.length, noun);
}
