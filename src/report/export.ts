import type { Settings } from '../inputs/spec.ts';
import { distinctNames, pluralize, truncate } from '../text/format.ts';
import { maxAnnotations } from './channels/annotations.ts';
import { emptyOutputs, failOnLostOutputs } from './channels/outputs.ts';
import { exportPage } from './export/page.ts';
import { type ExportReport, sentenceOf, unreadable, warningsOf } from './export/result.ts';
import { sizeOf } from './markup/fit.ts';
import { postComment, tableBytes } from './pages/comment.ts';
import { summaryBytes } from './pages/summary.ts';
import type { ReportDeps } from './verdict/report.ts';

/** Bytes of the output `connections`, and characters of a text in it. */
const maxOutput = 900_000;
const maxText = 1000;

/**
 * Reports on an export: outputs, log, summary and comment. Fails the step when there is no file, or
 * when a connection is not in it.
 */
export async function reportExport(
  given: ExportReport,
  { summary, comment }: Pick<Settings, 'summary' | 'comment'>,
  { redactor, ...deps }: ReportDeps,
): Promise<void> {
  const { log } = deps;
  const report = redacted(given, redactor);
  const sentence = sentenceOf(report);
  const isFailed = report.error !== undefined || unreadable(report).length > 0;
  const outputs = {
    ...emptyOutputs,
    result: report.error === undefined ? 'exported' : '',
    group_id: given.group_id,
    connections: connectionsOutput(report),
    error: isFailed ? sentence : '',
  };
  for (const [name, value] of Object.entries(outputs)) log.output(name, value);
  for (const line of findingLines(report)) log.info(line);
  if (summary) await log.writeSummary(`${exportPage(report, 'h2', summaryBytes / 4)}\n`);
  if (comment) await postComment(exportPage(report, 'h3', tableBytes), comment, deps);
  for (const { name, error } of unreadable(report).slice(0, maxAnnotations)) {
    log.error(error, { title: name });
  }
  for (const [name, text] of warningsOf(report).slice(0, maxAnnotations)) {
    log.warning(text, { title: name });
  }
  if (isFailed) log.fail(sentence);
  else log.info(sentence);
  failOnLostOutputs(deps);
}

/** A report without secrets, in which the names stay distinct. */
function redacted(given: ExportReport, { redact }: ReportDeps['redactor']): ExportReport {
  const names = distinctNames(given.entries.map(({ name }) => redact(name)));
  const texts = (all: readonly string[]): string[] => all.map((text) => redact(text));
  return {
    ...given,
    path: redact(given.path),
    group_id: redact(given.group_id),
    error: given.error && redact(given.error),
    entries: given.entries.map((entry, at) => {
      const name = names[at] ?? '';
      if (entry.kind === 'unreadable') return { ...entry, name, error: redact(entry.error) };
      const { service, missing, warnings } = entry;
      const shown = {
        service: redact(service),
        missing: texts(missing),
        warnings: texts(warnings),
      };
      return { ...entry, name, ...shown };
    }),
  };
}

/** What the file lacks, one line for each connection. */
const findingLines = ({ entries, variables }: ExportReport): string[] => [
  ...entries.flatMap((entry) =>
    entry.kind === 'exported' && entry.missing.length > 0
      ? [`${entry.name}: not exported: ${entry.missing.join(', ')}.`]
      : [],
  ),
  ...(variables.length > 0
    ? [`The file refers to ${pluralize(variables.length, 'variable')}: ${variables.join(', ')}.`]
    : []),
];

function connectionsOutput({ entries }: ExportReport): string {
  for (const length of [maxText, 100, 0]) {
    const json = JSON.stringify(
      Object.fromEntries(entries.map((entry) => [entry.name, outputOf(entry, length)])),
    );
    if (sizeOf(json) <= maxOutput) return json;
  }
  return '{}';
}

const outputOf = (entry: ExportReport['entries'][number], length: number) => ({
  connection_id: entry.id,
  result: entry.kind === 'exported' ? 'exported' : '',
  plan: null,
  setup_state: entry.kind === 'exported' ? (entry.setup_state ?? '') : '',
  failed_tests: [],
  error: entry.kind === 'exported' ? null : truncate(entry.error, length),
});
