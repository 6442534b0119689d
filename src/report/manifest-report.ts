import { failedTests, type Grade } from '../connection/setup-tests.ts';
import type { State } from '../connection/state.ts';
import type { Entry } from '../inputs/manifest-file.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { oneLine, pluralize, truncate } from '../text/format.ts';
import { fitWithin, sizeOf } from './fit.ts';
import { escapeHtml } from './html.ts';
import { reportOf } from './outputs.ts';
import { connectionSections, marks, summaryBytes, table } from './summary.ts';
import { dashboardUrl, verdictOn } from './verdict.ts';

/** What is left of one connection of a manifest when it ended: all that the report shows of it. */
export type EntryReport = {
  name: string;
  grade: Grade;
  sentence: string;
  service: string;
  connection_id: string;
  result: string;
  setup_state: string;
  failed_tests: unknown;
  tests: { passed: number; failed: number };
  seconds: number;
  /** HTML of what a failed one has to say in the summary; empty when it did not fail. */
  details: string;
};

/**
 * Makes the row of a connection that ended. Nothing in it is secret.
 *
 * @param detailed whether there is room for its details, should it have failed
 */
export function reportEntry(
  { name, spec }: Entry,
  state: State,
  ms: number,
  secrets: Redactor,
  detailed = true,
): EntryReport {
  const { connection, result = '' } = state;
  const verdict = verdictOn(state);
  const failed = failedTests(connection);
  const bad = verdict.grade === 'failed' && detailed;
  return {
    name,
    grade: verdict.grade,
    sentence: secrets.redact(verdict.sentence),
    service: spec.service ?? connection?.service ?? '',
    connection_id: connection?.id ?? '',
    result,
    setup_state: secrets.redact(connection?.status.setup_state ?? ''),
    failed_tests: failed.slice(0, 20).map((test) => briefly(secrets.redactAll(reportOf(test)))),
    tests: { passed: (connection?.setup_tests.length ?? 0) - failed.length, failed: failed.length },
    seconds: ms / 1000,
    details: bad ? connectionSections(state, verdict, secrets.redact, bytes.each).join('\n\n') : '',
  };
}

/** A test's report, with its long texts cut: an output has to hold those of all connections. */
function briefly(report: unknown): unknown {
  const { message, details, ...rest } = report as ReturnType<typeof reportOf>;
  const long = (JSON.stringify(details) ?? '').length > 1000;
  return {
    ...rest,
    message: truncate(message, 500),
    details: long ? truncate(JSON.stringify(details), 1000) : details,
  };
}

/** The output `connections`: a JSON object by name. */
export const manyOutput = (rows: EntryReport[]): string =>
  JSON.stringify(
    Object.fromEntries(
      rows.map(({ name, connection_id, result, setup_state, failed_tests, grade, sentence }) => {
        const error = grade === 'failed' ? sentence : null;
        return [name, { connection_id, result, setup_state, failed_tests, error }];
      }),
    ),
  );

/** The whole run in a sentence, with the names of those that failed. */
export function sentenceOn(rows: EntryReport[], shard?: string): string {
  const where = shard ? ` in shard ${shard}` : '';
  if (rows.length === 0) return `Nothing to do: there is no connection${where}.`;
  const results = new Map<string, number>();
  for (const { grade, result } of rows) {
    if (grade !== 'failed') results.set(result, (results.get(result) ?? 0) + 1);
  }
  const counts = [...results].map(([result, count]) => `${count} ${result}`);
  const failed = rows
    .filter(({ grade }) => grade === 'failed')
    .map(({ name }) => truncate(oneLine(name), 100));
  if (failed.length === 0)
    return `${pluralize(rows.length, 'connection')}${where}: ${counts.join(', ')}.`;
  const named = failed.slice(0, 20).join(', ');
  const more = failed.length > 20 ? ` and ${failed.length - 20} more` : '';
  const rest = counts.length > 0 ? ` The others: ${counts.join(', ')}.` : '';
  return `${failed.length} of ${pluralize(rows.length, 'connection')}${where} failed: ${named}${more}.${rest}`;
}

/** Bytes: what the table of a summary may take, the whole, and the details of one connection. */
const bytes = { table: 600_000, all: summaryBytes, each: 50_000 };

/** The job summary of a manifest: the verdict, a table of all, and the failed ones in detail. */
export function manySummary(rows: EntryReport[], shard?: string): string {
  const bad = rows.filter(({ grade }) => grade === 'failed');
  const grade =
    bad.length > 0 ? 'failed' : rows.some((row) => row.grade === 'warned') ? 'warned' : 'passed';
  const head = [
    `<h2>${marks[grade]} Fivetran connections</h2>`,
    `<p>${escapeHtml(sentenceOn(rows, shard))}</p>`,
  ];
  const lines = fitWithin(rows.map(cellsOf), bytes.table, (cells) => sizeOf(cells.join('')));
  const hidden = rows.length - lines.length;
  const parts = [
    ...head,
    table(lines, ['Connection', 'Service', 'Result', 'Setup state', 'Tests', 'Time', 'Fivetran']),
  ];
  if (hidden > 0)
    parts.push(`<p>And ${pluralize(hidden, 'connection')} more, which did not fit.</p>`);
  const left = bytes.all - sizeOf(parts.join('\n\n'));
  const details = bad
    .filter((row) => row.details)
    .map(
      ({ name, details }) =>
        `<h3>${marks.failed} ${escapeHtml(truncate(name, 200))}</h3>\n\n${details}`,
    );
  const shown = fitWithin(details, left, sizeOf);
  const missing = bad.length - shown.length;
  parts.push(...shown);
  if (missing > 0)
    parts.push(
      `<p>And the details of ${pluralize(missing, 'failed connection')} more, which did not fit.</p>`,
    );
  return `${parts.join('\n\n')}\n`;
}

function cellsOf(row: EntryReport): string[] {
  const { passed, failed } = row.tests;
  return [
    `${marks[row.grade]} ${escapeHtml(truncate(row.name, 200))}`,
    escapeHtml(truncate(row.service, 100)),
    escapeHtml(row.result || 'failed'),
    escapeHtml(truncate(row.setup_state, 100)),
    passed + failed > 0 ? `${passed} passed${failed ? `, ${failed} failed` : ''}` : '',
    `${row.seconds.toFixed(1)} s`,
    row.connection_id
      ? `<a href="${dashboardUrl(row.connection_id)}">${escapeHtml(row.connection_id)}</a>`
      : '',
  ];
}
