import type { Settings } from '../inputs/spec.ts';
import { annotate, annotationsOf } from './channels/annotations.ts';
import { connectionOutputs } from './channels/connection-outputs.ts';
import { dashboardLine, findingLines } from './channels/log-lines.ts';
import { failOnLostOutputs, writeOutputs } from './channels/outputs.ts';
import { connectionComment, postComment } from './pages/comment.ts';
import { connectionSummary } from './pages/summary.ts';
import type { StepLog } from './runner/log.ts';
import {
  type EndedWork,
  nextSentence,
  type Report,
  type ReportDeps,
  reportOn,
} from './verdict/report.ts';

/**
 * Reports on the one connection of a step whose work has ended: outputs, summary, comment, and
 * what the log does not say yet. Fails the step when the verdict does.
 */
export async function reportSingle(
  { outcome, spec }: Pick<EndedWork, 'outcome' | 'spec'>,
  { summary, comment, dry_run }: Pick<Settings, 'summary' | 'comment' | 'dry_run'>,
  deps: ReportDeps,
): Promise<void> {
  const { log, redactor } = deps;
  const report = reportOn({ outcome, spec, dry_run }, redactor);
  writeOutputs(connectionOutputs(report, outcome, redactor), log);
  for (const line of findingLines(report)) log.info(line);
  if (summary) await log.writeSummary(connectionSummary(report));
  if (comment) await postComment(connectionComment(report), comment, deps);
  conclude(report, log);
  failOnLostOutputs(deps);
}

/** Annotates what failed, and ends the log with the verdict, the next step and the link. */
function conclude(report: Report, log: StepLog): void {
  const { outcome, verdict } = report;
  const { grade, message } = verdict;
  const hidden = annotate(annotationsOf(report), log);
  for (const { title, text } of hidden) log.info(`${title}: ${text}`);
  if (grade === 'failed') log.fail(message);
  // The warnings of a dry run are annotations of their own.
  else if (grade === 'passed' || outcome.kind === 'dry-run') log.info(message);
  else log.warning([message, ...nextSentence(report)].join(' '));
  // An annotation that warns has the next step already.
  const last = [...(grade === 'failed' ? nextSentence(report) : []), ...dashboardLine(report)];
  for (const line of last) log.info(line);
}
