import { pluralize, truncate } from '../../text/format.ts';
import { sizeOf } from '../markup/fit.ts';
import {
  andMore,
  code,
  escapeCell,
  escapeHtml,
  escapePre,
  htmlTable,
  list,
  markCode,
  paragraph,
} from '../markup/html.ts';
import { linkTo, maxHeading } from '../pages/summary.ts';
import { marks } from '../verdict/tests.ts';
import { type ExportReport, sentenceOf, unreadable, warningsOf } from './result.ts';

/** Characters of an error in a table. */
const maxText = 1000;

type ExportedConnection = ExportReport['entries'][number];

/** The summary and the comment: what was written, what was not, and the variables to set. */
export function exportPage(report: ExportReport, tag: 'h2' | 'h3', budget: number): string {
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
  const { html, hidden } = htmlTable(['Connection', 'Service', 'Not exported'], rows, budget);
  return [
    `<${tag}>${escapeHtml(truncate(`${mark} ${sentenceOf(report)}`, maxHeading))}</${tag}>`,
    paragraph(`File ${code(truncate(path, 300))} · group ${code(truncate(group_id, 100))}`),
    ...(entries.length > 0 ? [html] : []),
    ...andMore(hidden, 'connection').map(paragraph),
    ...variableSection(variables, budget),
  ].join('\n\n');
}

const rankOf = (entry: ExportedConnection): number =>
  entry.kind === 'unreadable' ? 0 : entry.warnings.length > 0 ? 1 : 2;

const cellOf = (entry: ExportedConnection): string =>
  entry.kind === 'unreadable'
    ? `<b>${marks.failed} ${markCode(truncate(entry.error, maxText))}</b>`
    : [
        ...entry.missing.map((text) => markCode(truncate(text, 200))),
        ...entry.warnings.map((text) => `${marks.warned} ${markCode(text)}`),
      ].join('<br>');

/** The variables as an `env:` block to paste into the step. */
function variableSection(names: readonly string[], budget: number): string[] {
  if (names.length === 0) return [];
  const lines = ['env:', ...names.map((name) => `  ${name}: \${{ secrets.${name} }}`)];
  const text = lines.join('\n');
  return [
    paragraph(`Set ${pluralize(names.length, 'variable')} in the step that uses the file:`),
    sizeOf(text) <= budget ? `<pre>${escapePre(text)}</pre>` : list(names.map(code), { budget }),
  ];
}
