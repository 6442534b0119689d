import type { Outcome } from '../connection/outcome.ts';
import type { ConnectionSpec, Settings } from '../inputs/spec.ts';
import { annotate, annotationsOf } from './channels/annotations.ts';
import { dashboardLine, findingLines } from './channels/log-lines.ts';
import { connectionOutputs } from './channels/outputs.ts';
import { connectionComment, writeComment } from './pages/comment.ts';
import { connectionSummary } from './pages/summary.ts';
import type { StepLog } from './runner/log.ts';
import type { ReportDeps } from './verdict/report.ts';
import { nextSentence, type Report, reportOn } from './verdict/report.ts';

/**
 * Reports on the one connection of a step whose work has ended: outputs, summary, comment, and what
 * the log does not say yet. Fails the step when the verdict does.
 */
export async function reportSingle(
  outcome: Outcome,
  spec: ConnectionSpec,
  { summary, comment, dry_run }: Pick<Settings, 'summary' | 'comment' | 'dry_run'>,
  { redactor, ...deps }: ReportDeps,
): Promise<void> {
  const { log } = deps;
  const report = reportOn(outcome, spec, redactor, { dry_run });
  const outputs = connectionOutputs(outcome, spec, report.verdict, redactor);
  for (const [name, value] of Object.entries(outputs)) log.output(name, value);
  for (const line of findingLines(report)) log.info(line);
  if (summary) await log.writeSummary(connectionSummary(report));
  if (comment) await writeComment(connectionComment(report), comment, deps);
  conclude(report, log);
}

/** Annotates what failed, and ends the log with the verdict, the next step and the link. */
function conclude(report: Report, log: StepLog): void {
  const { grade, message } = report.verdict;
  const hidden = annotate(annotationsOf(report), log);
  for (const { title, text } of hidden) log.info(`${title}: ${text}`);
  if (grade === 'failed') log.fail(message);
  else if (grade === 'warned') log.warning([message, ...nextSentence(report)].join(' '));
  else log.info(message);
  // An annotation that warns has the next step already.
  const last = [...(grade === 'failed' ? nextSentence(report) : []), ...dashboardLine(report)];
  for (const line of last) log.info(line);
}
