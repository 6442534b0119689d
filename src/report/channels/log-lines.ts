import { changeLine, changesIn, changeTexts } from '../verdict/changes.ts';
import { dashboardUrl } from '../verdict/identity.ts';
import type { ShownConnection } from '../verdict/redact.ts';
import { nextSentence, type Report } from '../verdict/report.ts';
import { reasonsOf } from '../verdict/setup-failure.ts';
import { marks, sortTests } from '../verdict/tests.ts';
import { presentedLines } from '../verdict/untrusted.ts';

/** The lines of the log on the setup tests, the failed ones first. */
export const setupTestLines = ({ setup_tests }: Pick<ShownConnection, 'setup_tests'>): string[] =>
  sortTests(setup_tests).flatMap((test) => {
    const { grade } = test;
    const text = test.message ? `${test.title}: ${test.message}` : test.title;
    const presented = grade === 'failed' ? presentedLines(test) : [];
    return [`${marks[grade]} ${test.status}  ${text}`, ...presented.map((line) => `   ${line}`)];
  });

/** What the log says before the verdict: the plan of a dry run, and Fivetran's own reasons. */
export function findingLines({ outcome, verdict }: Report): string[] {
  const plan =
    outcome.kind === 'dry-run'
      ? [
          ...outcome.steps.map((step) => `Plan: ${step}`),
          ...changeTexts(changesIn(outcome)).map((change) => `Change: ${changeLine(change)}`),
        ]
      : [];
  const reasons = reasonsOf(outcome.connection).filter((one) => !verdict.quoted.includes(one));
  return [...plan, ...reasons.map((reason) => `Fivetran says: ${reason}`)];
}

/** The link to the connection; none once it is gone. */
export const dashboardLine = ({ outcome: { connection }, exists }: Report): string[] =>
  connection && exists ? [`Dashboard: ${dashboardUrl(connection.id)}`] : [];

/** Lines that end an entry's log. */
const maxLines = 100;

/** The last lines of an entry's log. The verdict is in the title of its group. */
export function closingLines(report: Report): string[] {
  const { outcome, verdict } = report;
  const message = outcome.kind === 'failed' ? [verdict.message] : [];
  const sync = outcome.kind === 'present' && outcome.sync ? [outcome.sync.message] : [];
  const problems = outcome.kind === 'dry-run' ? outcome.problems : [];
  const warnings = outcome.kind === 'dry-run' ? outcome.warnings : [];
  return [
    ...problems.map((problem) => `Problem: ${problem}`),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...findingLines(report),
    ...message,
    ...sync,
    ...nextSentence(report),
    ...dashboardLine(report),
  ].slice(0, maxLines);
}
