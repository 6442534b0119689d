import type { Outcome } from '../../connection/outcome.ts';
import { failedTests } from '../../connection/setup/grade.ts';
import type { Entry } from '../../inputs/spec.ts';
import { oneLine, truncate } from '../../text/format.ts';
import { type Annotation, entryAnnotations } from '../channels/annotations.ts';
import { boundedNote, boundItems, boundLines } from '../channels/bounded.ts';
import { closingLines } from '../channels/log-lines.ts';
import { errorOf, resultOf } from '../channels/outputs.ts';
import { type TestReport, testBounds, testReport } from '../channels/test-report.ts';
import { sizeOf } from '../markup/fit.ts';
import { sectionsOf, summaryBytes } from '../pages/summary.ts';
import type { StepLog } from '../runner/log.ts';
import { changeLine, changesIn, changeTexts } from '../verdict/changes.ts';
import type { Planned } from '../verdict/plan.ts';
import { type Redaction, type Report, reportOn } from '../verdict/report.ts';
import { countTests, marks, type TestCounts } from '../verdict/tests.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { entryReason } from './reason.ts';

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
  plan: Planned['plan'] | undefined;
  /** What it changed, or would change in a dry run; one line each. */
  changes: string[];
  tests: TestCounts;
  annotations: Annotation[];
  /** The last lines of its log. */
  lines: string[];
  /** HTML blocks for the summary; empty when there is nothing to explain. */
  details: string[];
};

/**
 * Bytes of an entry's details, of its failed tests, and of its changes; characters of its texts.
 */
const maxDetails = 20_000;
const maxTests = 20_000;
const maxChanges = 20_000;
const maxEntryText = 1000;

/** The bytes of details that a run may still keep: a summary has no room for more. */
export type DetailBudget = { left: number };
/** Creates the budget of a run. */
export const createDetailBudget = (): DetailBudget => ({ left: summaryBytes });

/**
 * Reports on one connection of a manifest whose work has ended. Nothing in Fivetran's responses
 * can break the reports on the others: an entry that cannot be reported counts as failed.
 */
export function reportEntry(
  { entry, outcome }: { entry: Entry; outcome: Outcome },
  redactor: Redaction,
  budget: DetailBudget,
): EntryReport {
  const name = redactor.redact(entry.name);
  const kept = {
    name,
    connection_id: outcome.connection?.id ?? '',
    result: resultOf(outcome),
    plan: outcome.kind === 'dry-run' ? outcome.plan : undefined,
  };
  try {
    const work = { outcome, spec: entry.spec, entry: entry.name, dry_run: false };
    const report = reportOn(work, redactor);
    return { ...kept, ...findings(report, name), details: detailsOf(report, budget) };
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
  const { outcome, verdict, heading, exists, service } = report;
  const { connection } = outcome;
  const { grade, headline } = verdict;
  const failed = boundItems(failedTests(connection).map(testReport), testBounds(maxTests));
  const changes = boundLines(changeTexts(changesIn(outcome)).map(changeLine), maxChanges);
  return {
    ...{ grade, headline, exists, title: heading, service: service ?? '' },
    reason: truncate(oneLine(entryReason(report)), maxEntryText),
    setup_state: connection?.status.setup_state ?? '',
    failed_tests: failed.items,
    error: truncate(errorOf(outcome, verdict), maxEntryText),
    changes: changes.items,
    tests: countTests(connection?.setup_tests),
    annotations: entryAnnotations(report, name),
    lines: [
      ...closingLines(report),
      ...boundedNote('connections', 'failed test', failed),
      ...boundedNote('changes', 'change', changes),
    ],
  };
}

function unreportable(name: string, reason: string) {
  const headline = 'could not be reported';
  const error = truncate(
    `The outcome of this connection ${headline}: ${oneLine(reason)}`,
    maxEntryText,
  );
  return {
    ...{ grade: 'failed' as const, headline, title: `${marks.failed} ${name}: ${headline}` },
    ...{ reason: error, error, service: '', setup_state: '', exists: false },
    failed_tests: [],
    changes: [],
    tests: countTests(),
    annotations: [{ level: 'error' as const, title: name, text: error }],
    lines: [error],
    details: [],
  };
}

/** What the summary says about an entry that needs explaining, as long as there is room. */
function detailsOf(report: Report, budget: DetailBudget): string[] {
  const { outcome, verdict } = report;
  const { fields, selection } = changesIn(outcome);
  const count = outcome.notes.length + fields.length + selection.length;
  if (verdict.grade === 'passed' && count === 0) return [];
  const details = sectionsOf(report, maxDetails);
  const size = sizeOf(details.join(''));
  if (size > budget.left) return [];
  budget.left -= size;
  return details;
}
