import { failedTests, testsGraded } from '../../connection/setup/grade.ts';
import { joined } from '../../text/format.ts';
import { withoutBackticks } from '../verdict/next-steps.ts';
import type { Report } from '../verdict/report.ts';
import { selectionSentence } from '../verdict/selection.ts';
import { reasonsOf } from '../verdict/setup-failure.ts';

/** What a reader of the table must know about an entry; empty when there is nothing. */
export const entryReason = (report: Report): string =>
  report.verdict.grade === 'passed' ? remarksOn(report) : reasonFor(report);

/** The notes on an entry that passed, and its selection. */
function remarksOn({ outcome }: Report): string {
  const selection = outcome.kind === 'present' ? outcome.selection : undefined;
  return joined(...outcome.notes, selection && selectionSentence(selection));
}

/** The one reason for the verdict. */
function reasonFor({ outcome, verdict }: Report): string {
  const { connection } = outcome;
  if (outcome.kind === 'failed') return verdict.details;
  if (outcome.kind === 'dry-run') return [...outcome.problems, ...outcome.warnings][0] ?? '';
  const [test] = [...failedTests(connection), ...testsGraded(connection, 'warned')];
  if (test) return test.message ? `${test.title}: ${test.message}` : test.title;
  if (outcome.kind === 'present' && outcome.sync && outcome.sync.state !== 'succeeded') {
    return outcome.sync.message;
  }
  return reasonsOf(connection)[0] ?? withoutBackticks(verdict.next[0] ?? '');
}
