import type { Settings } from '../inputs/spec.ts';
import { distinctNames, pluralize, truncate } from '../text/format.ts';
import { maxAnnotations } from './channels/annotations.ts';
import { emptyOutputs } from './channels/outputs.ts';
import { sizeOf } from './markup/fit.ts';
import {
  andMore,
  code,
  escapeCell,
  escapeHtml,
  escapePre,
  list,
  markNames,
  paragraph,
  table,
} from './markup/html.ts';
import { tableBytes, writeComment } from './pages/comment.ts';
import { linkTo, maxHeading, summaryBytes } from './pages/summary.ts';
import type { ReportDeps } from './verdict/report.ts';
import { marks } from './verdict/tests.ts';

/** What became of one connection of the group. */
export type ExportedConnection = { name: string; id: string } & (
  | {
      kind: 'exported';
      service: string;
      setup_state: string | undefined;
      missing: readonly string[];
      warnings: readonly string[];
    }
  | { kind: 'unreadable'; error: string }
);

/** The end of an export. */
export type ExportReport = {
  /** The file, as the user wrote it. */
  path: string;
  group_id: string;
  entries: ExportedConnection[];
  /** The variables that the file refers to. */
  variables: readonly string[];
  /** Why there is no file. */
  error: string | undefined;
};

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
  if (summary) await log.writeSummary(`${page(report, 'h2', summaryBytes / 4)}\n`);
  if (comment) await writeComment(page(report, 'h3', tableBytes), comment, deps);
  for (const { name, error } of unreadable(report).slice(0, maxAnnotations)) {
    log.error(error, { title: name });
  }
  for (const [name, text] of warningsOf(report).slice(0, maxAnnotations)) {
    log.warning(text, { title: name });
  }
  if (isFailed) log.fail(sentence);
  else log.info(sentence);
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

type Unreadable = Extract<ExportedConnection, { kind: 'unreadable' }>;

const unreadable = ({ entries }: ExportReport): Unreadable[] =>
  entries.filter((entry) => entry.kind === 'unreadable');

const warningsOf = ({ entries }: ExportReport): [string, string][] =>
  entries.flatMap((entry) =>
    entry.kind === 'exported'
      ? entry.warnings.map((text): [string, string] => [entry.name, text])
      : [],
  );

function sentenceOf(report: ExportReport): string {
  const { path, group_id, entries, error } = report;
  if (error !== undefined) return `Nothing was exported from group ${group_id}. ${error}`;
  const missing = unreadable(report).length;
  const written = pluralize(entries.length - missing, 'connection');
  const done = `Exported ${written} of group ${group_id} to ${path}.`;
  return missing > 0
    ? `${done} ${pluralize(missing, 'connection')} could not be read and ${missing === 1 ? 'is' : 'are'} not in the file.`
    : done;
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

const outputOf = (entry: ExportedConnection, length: number) => ({
  connection_id: entry.id,
  result: entry.kind === 'exported' ? 'exported' : '',
  plan: null,
  setup_state: entry.kind === 'exported' ? (entry.setup_state ?? '') : '',
  failed_tests: [],
  error: entry.kind === 'exported' ? null : truncate(entry.error, length),
});

/** The summary and the comment: what was written, what was not, and the variables to set. */
function page(report: ExportReport, tag: 'h2' | 'h3', budget: number): string {
  const { path, group_id, entries, error, variables } = report;
  const isFailed = error !== undefined || unreadable(report).length > 0;
  const mark = isFailed
    ? marks.failed
    : warningsOf(report).length > 0
      ? marks.warned
      : marks.passed;
  const rows = [...entries]
    .sort((a, b) => rankOf(a) - rankOf(b))
    .map((entry) => [
      linkTo(entry.id, truncate(entry.name, 100)),
      entry.kind === 'exported' ? escapeCell(truncate(entry.service, 100)) : '',
      cellOf(entry),
    ]);
  const { html, hidden } = table(['Connection', 'Service', 'Not exported'], rows, budget);
  return [
    `<${tag}>${escapeHtml(truncate(`${mark} ${sentenceOf(report)}`, maxHeading))}</${tag}>`,
    paragraph(`File ${code(truncate(path, 300))} · group ${code(truncate(group_id, 100))}`),
    ...(entries.length > 0 ? [html] : []),
    ...andMore(hidden, 'connections.').map(paragraph),
    ...variableSection(variables, budget),
  ].join('\n\n');
}

const rankOf = (entry: ExportedConnection): number =>
  entry.kind === 'unreadable' ? 0 : entry.warnings.length > 0 ? 1 : 2;

const cellOf = (entry: ExportedConnection): string =>
  entry.kind === 'unreadable'
    ? `<b>${marks.failed} ${markNames(truncate(entry.error, maxText))}</b>`
    : [
        ...entry.missing.map((text) => markNames(truncate(text, 200))),
        ...entry.warnings.map((text) => `${marks.warned} ${markNames(text)}`),
      ].join('<br>');

/** The variables as an `env:` block to paste into the step. */
function variableSection(names: readonly string[], budget: number): string[] {
  if (names.length === 0) return [];
  const lines = ['env:', ...names.map((name) => `  ${name}: \${{ secrets.${name} }}`)];
  const text = lines.join('\n');
  return [
    paragraph(`Set ${pluralize(names.length, 'variable')} in the step that uses the file:`),
    sizeOf(text) <= budget ? `<pre>${escapePre(text)}</pre>` : list(names.map(code), budget),
  ];
}
