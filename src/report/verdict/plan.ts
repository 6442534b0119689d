import { countSentAgain } from '../../connection/plan/sent-again.ts';
import { pluralize } from '../../text/format.ts';
import { changesIn, countChanges } from './changes.ts';
import type { OutcomeOf } from './redact.ts';

/** An outcome of a dry run. */
export type Planned = OutcomeOf<'dry-run'>;

/** The plan of a dry run in a few words: `would change 2 fields and disable 1 table`. */
export function planHeadline(outcome: Planned): string {
  const { plan, problems, warnings } = outcome;
  if (problems.length > 0) return `would fail (${pluralize(problems.length, 'problem')})`;
  const end = warnings.length > 0 ? `, ${pluralize(warnings.length, 'warning')}` : '';
  switch (plan) {
    case 'create':
    case 'reuse':
    case 'delete':
      return `would ${plan} the connection${end}`;
    case 'update':
      return `${updateHeadline(outcome)}${end}`;
    case 'nothing':
      return `would do nothing${end}`;
    case 'refuse':
      return 'would fail';
    default:
      return plan satisfies never;
  }
}

function updateHeadline(outcome: Planned): string {
  const changes = changesIn(outcome);
  const counts = countChanges(changes);
  const again = countSentAgain(changes.fields);
  if (!counts && !again) return 'would update the connection';
  return `${counts ? `would ${counts}` : 'no changes'}${again && ` (${again} would be sent again)`}`;
}

/** The plans in the order in which one of them stands for a whole manifest. */
const byWeight = ['refuse', 'create', 'delete', 'update', 'reuse', 'nothing'] as const;

/** The plan of a manifest: the weightiest of its entries' plans; undefined when none has one. */
export const planOfAll = (
  plans: readonly (Planned['plan'] | undefined)[],
): Planned['plan'] | undefined => byWeight.find((plan) => plans.includes(plan));
