import type { Outcome } from '../../connection/outcome.ts';
import { describeSelection } from '../../connection/selection/describe.ts';
import { failedTests, testsGraded } from '../../connection/setup/grade.ts';
import { plain } from '../verdict/next-steps.ts';
import type { Report } from '../verdict/report.ts';
import { reasonsOf } from '../verdict/setup-failure.ts';

/** What a reader of the table must know about an entry that passed: its notes, and its selection. */
export function remarksOn(outcome: Outcome): string {
  const selection = outcome.kind === 'present' ? outcome.selection : undefined;
  const counts = selection && `Selection: ${describeSelection(selection)}.`;
  return [...outcome.notes, counts].filter(Boolean).join(' ');
}

/** The one reason for the verdict that a reader of the table needs; empty when there is none. */
export function reasonFor({ outcome, verdict }: Report): string {
  const { connection } = outcome;
  if (outcome.kind === 'failed') return verdict.rest;
  if (outcome.kind === 'dry-run') return [...outcome.problems, ...outcome.warnings][0] ?? '';
  const [test] = [...failedTests(connection), ...testsGraded(connection, 'warned')];
  if (test) return test.message ? `${test.title}: ${test.message}` : test.title;
  if (outcome.kind === 'present' && outcome.sync && outcome.sync.state !== 'succeeded') {
    return outcome.sync.message;
  }
  return reasonsOf(connection)[0] ?? plain(verdict.next[0] ?? '');
}
