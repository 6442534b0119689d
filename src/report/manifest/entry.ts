import type { Outcome } from '../../connection/outcome.ts';
import type { DryRun } from '../../connection/results.ts';
import { failedTests } from '../../connection/setup/grade.ts';
import type { Entry } from '../../inputs/spec.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import { oneLine, truncate } from '../../text/format.ts';
import { type Annotation, entryAnnotations } from '../channels/annotations.ts';
import { closingLines } from '../channels/log-lines.ts';
import { errorOf, resultOf, type TestReport, testReport } from '../channels/outputs.ts';
import { sizeOf } from '../markup/fit.ts';
import { sectionsOf, summaryBytes } from '../pages/summary.ts';
import type { StepLog } from '../runner/log.ts';
import { identityOf } from '../verdict/identity.ts';
import { type Report, reportOn } from '../verdict/report.ts';
import { countTests, marks, type TestCounts } from '../verdict/tests.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { reasonFor, remarksOn } from './entry-reason.ts';

/** The report on one connection of a manifest. Contains no secrets. */
export type EntryReport = {
  name: string;
  grade: Verdict['grade'];
  /** The verdict in a few words. */
  headline: string;
  /** `❌ crm (postgres): 1 of 3 setup tests failed`. */
  title: string;
  /** Why it failed or warns, or what its notes and its selection are, in one line. */
  reason: string;
  service: string;
  connection_id: string;
  /** Whether a link to the connection leads somewhere. */
  exists: boolean;
  result: string;
  setup_state: string;
  failed_tests: TestReport[];
  /** Why it failed, in one line; empty when it did not. */
  error: string;
  /** What a dry run would do. */
  plan: DryRun['plan'] | undefined;
  tests: TestCounts;
  annotations: Annotation[];
  /** The last lines of its log. */
  lines: string[];
  /** HTML blocks for the summary; empty when there is nothing to explain. */
  details: string[];
};

/** Bytes of an entry's details, characters of each of its texts, and how many failed tests it has. */
const maxDetails = 20_000;
const maxText = 1000;
const maxTests = 20;

/** The bytes of details that a run may still keep: a summary has no room for more. */
export type DetailBudget = { left: number };
export const detailBudget = (): DetailBudget => ({ left: summaryBytes });

/**
 * Reports on one connection of a manifest whose work has ended. Nothing that Fivetran answers about it
 * can break the reports on the others: an entry that cannot be reported counts as failed.
 */
export function reportEntry(
  entry: Entry,
  outcome: Outcome,
  redactor: Pick<Redactor, 'redact' | 'redactValue'>,
  budget: DetailBudget = detailBudget(),
): EntryReport {
  const name = redactor.redact(entry.name);
  const kept = {
    name,
    connection_id: outcome.connection?.id ?? '',
    result: resultOf(outcome),
    plan: outcome.kind === 'dry-run' ? outcome.plan : undefined,
  };
  try {
    const report = reportOn(outcome, entry.spec, redactor, { name: entry.name });
    const service = redactor.redact(identityOf(outcome, entry.spec).service ?? '');
    return { ...kept, ...findings(report, name), service, details: detailsOf(report, budget) };
  } catch (error) {
    const reason = redactor.redact(error instanceof Error ? error.message : String(error));
    return { ...kept, ...unreportable(name, reason) };
  }
}

/** Writes the log of an entry as one group, titled by its verdict. */
export function logEntry(
  { title, lines }: EntryReport,
  logged: readonly string[],
  log: StepLog,
): void {
  const all = [...logged, ...lines];
  if (all.length > 0) log.group(title, all);
  else log.info(title);
}

function findings(report: Report, name: string) {
  const { outcome, verdict, heading, exists } = report;
  const { connection } = outcome;
  const { grade, headline } = verdict;
  return {
    ...{ grade, headline, exists, title: heading },
    reason: truncate(oneLine(grade === 'passed' ? remarksOn(outcome) : reasonFor(report)), maxText),
    setup_state: truncate(connection?.status.setup_state ?? '', maxText),
    failed_tests: failedTests(connection).slice(0, maxTests).map(testReport).map(brief),
    error: truncate(errorOf(outcome, verdict), maxText),
    tests: countTests(connection?.setup_tests),
    annotations: entryAnnotations(report, name),
    lines: closingLines(report),
  };
}

function unreportable(name: string, reason: string) {
  const headline = 'could not be reported';
  const error = truncate(`The outcome of this connection ${headline}: ${oneLine(reason)}`, maxText);
  return {
    ...{ grade: 'failed' as const, headline, title: `${marks.failed} ${name}: ${headline}` },
    ...{ reason: error, error, service: '', setup_state: '', exists: false },
    failed_tests: [],
    tests: countTests(),
    annotations: [{ level: 'error' as const, title: name, text: error }],
    lines: [error],
    details: [],
  };
}

/** What the summary says about an entry that needs explaining, as long as there is room. */
function detailsOf(report: Report, budget: DetailBudget): string[] {
  const { outcome, verdict } = report;
  const changes = 'fieldChanges' in outcome ? (outcome.fieldChanges ?? []) : [];
  if (verdict.grade === 'passed' && outcome.notes.length + changes.length === 0) return [];
  const details = sectionsOf(report, maxDetails);
  const size = sizeOf(details.join(''));
  if (size > budget.left) return [];
  budget.left -= size;
  return details;
}

/** A failed test with its long texts truncated: one output holds those of all connections. */
function brief({ details, message, ...rest }: TestReport): TestReport {
  const json = JSON.stringify(details) ?? '';
  return {
    ...rest,
    message: truncate(message, 500),
    details: json.length > maxText ? truncate(json, maxText) : details,
  };
}
