import { pluralize, truncate } from '../../text/format.ts';
import { fitWithin, shortened, sizeOf } from '../markup/fit.ts';
import {
  andMore,
  code,
  escapeCell,
  escapeHtml,
  folded,
  htmlTable,
  indented,
  list,
  markCell,
  paragraph,
} from '../markup/html.ts';
import { linkTo, maxHeading, summaryBytes } from '../pages/summary.ts';
import { marked } from '../pages/tests.ts';
import { rateLimitWait } from '../verdict/rate-limit.ts';
import { describeCounts } from '../verdict/tests.ts';
import type { EntryReport } from './entry.ts';
import { countResults, gradeOfAll, manifestHeading } from './verdict.ts';

/** What a manifest's report is about. */
export type ManifestScope = {
  path: string;
  shard: string | undefined;
  dry_run: boolean;
  /** How long the run waited for Fivetran's rate limit; shown when it was over a minute. */
  waitedMs?: number;
};

/**
 * Bytes of the table in the summary and in the comment; GitHub takes 65,536 characters in a
 * comment.
 */
const summaryTableBytes = 600_000;
const commentTableBytes = 20_000;
const commentChangesBytes = 10_000;
/** Connections that the comment lists, and changes of each of them. */
const maxCommentRows = 50;
const maxChangesShown = 10;

/**
 * The job summary of a manifest: the counts, a table of all connections, and collapsed details.
 */
export function manifestSummary(reports: readonly EntryReport[], scope: ManifestScope): string {
  const parts = overview(reports, scope, { tag: 'h2', budget: summaryTableBytes });
  const details = sortReports(reports)
    .filter((report) => report.details.length > 0)
    .map((report) =>
      folded(escapeHtml(truncate(report.title, maxHeading)), indented(report.details.join(''))),
    );
  const shown = fitWithin(details, summaryBytes - sizeOf(parts.join('\n\n')), sizeOf);
  const dropped = reports.filter(
    ({ grade, details }) => grade === 'failed' && details.length === 0,
  );
  const missing = details.length - shown.length + dropped.length;
  const hidden =
    missing > 0 ? [`The details of ${pluralize(missing, 'more connection')} did not fit.`] : [];
  return `${[...parts, ...shown, ...hidden.map(paragraph)].join('\n\n')}\n`;
}

/**
 * The pull request comment on a manifest: the counts and a table, the failed connections first;
 * and what a dry run would change.
 */
export const manifestComment = (reports: readonly EntryReport[], scope: ManifestScope): string => {
  const limits = { tag: 'h3', budget: commentTableBytes, maxRows: maxCommentRows } as const;
  const plan = scope.dry_run ? plannedChanges(reports) : [];
  return [...overview(reports, scope, limits), ...plan].join('\n\n');
};

/** The changes of each entry, as many as a comment has room for. */
function plannedChanges(reports: readonly EntryReport[]): string[] {
  const items = reports.flatMap(({ name, changes }) =>
    changes
      .slice(0, maxChangesShown)
      .map((change) => `<b>${escapeHtml(truncate(name, 100))}</b>: ${escapeHtml(change)}`),
  );
  const total = reports.reduce((sum, { changes }) => sum + changes.length, 0);
  if (total === 0) return [];
  return [paragraph('<b>Changes</b>'), list(items, { budget: commentChangesBytes, total })];
}

function overview(
  reports: readonly EntryReport[],
  scope: ManifestScope,
  { tag, budget, maxRows }: { tag: 'h2' | 'h3'; budget: number; maxRows?: number },
): string[] {
  const shown = sortReports(reports).slice(0, maxRows);
  const hasTests = shown.some(({ tests }) => describeCounts(tests) !== '');
  const rows = shown.map((report) => [
    ...cellsOf(report),
    ...(hasTests ? [describeCounts(report.tests).replaceAll(/(\d) /g, '$1&#160;')] : []),
  ]);
  const head = ['Connection', 'Outcome', ...(hasTests ? ['Setup tests'] : [])];
  const { html, hidden } = htmlTable(head, rows, budget);
  return [
    `<${tag}>${escapeHtml(truncate(manifestHeading(reports, scope), maxHeading))}</${tag}>`,
    scopeLine(scope, reports),
    ...(reports.length > 0 ? [html] : []),
    ...andMore(reports.length - rows.length + hidden, 'connection').map(paragraph),
  ];
}

/** The entries with the failed ones first, then those that warn. */
const sortReports = (reports: readonly EntryReport[]): EntryReport[] =>
  (['failed', 'warned', 'passed'] as const).flatMap((grade) =>
    reports.filter((report) => report.grade === grade),
  );

/** The manifest, its shard, and what was done. */
function scopeLine(
  { path, shard, dry_run, waitedMs = 0 }: ManifestScope,
  reports: readonly EntryReport[],
): string {
  const isFailed = gradeOfAll(reports) === 'failed';
  const parts = [
    `Manifest ${code(truncate(path, 300))}`,
    ...(shard === undefined ? [] : [`shard ${escapeHtml(shard)}`]),
    // If none failed, the heading has the results.
    ...(isFailed && !dry_run ? countResults(reports) : []),
    ...(dry_run ? ['nothing was changed'] : []),
    ...rateLimitWait(waitedMs),
  ];
  return paragraph(parts.join(' · '));
}

/** An entry's row: its name links to the dashboard, its outcome includes the reason. */
function cellsOf(report: EntryReport): string[] {
  const { grade, service, exists, connection_id, headline, reason } = report;
  const name = truncate(report.name, 100);
  const link = exists ? linkTo(connection_id, name) : escapeCell(name);
  const outcome = escapeCell(shortened(headline, 200));
  return [
    [marked(grade, link), ...(service ? [escapeCell(truncate(service, 100))] : [])].join('<br>'),
    [
      grade === 'passed' ? outcome : `<b>${outcome}</b>`,
      ...(reason ? [markCell(shortened(reason, 200))] : []),
    ].join('<br>'),
  ];
}
