import { type InputError, type Problem, problemText } from '../inputs/input-error.ts';
import { oneLine, pluralize, truncate } from '../text/format.ts';
import { maxAnnotations } from './annotations.ts';
import { code, escapeHtml, list } from './html.ts';
import { emptyOutputs } from './outputs.ts';
import type { ReportDeps } from './report.ts';
import { summaryBytes } from './summary.ts';
import { marks } from './test-results.ts';

/** Characters of the output `error`, and of a problem in the summary. */
const maxError = 30_000;
const maxProblem = 2000;

/**
 * Reports on inputs that cannot be used, before anything was sent: valid outputs, a summary, one
 * annotation for each problem, in the diff where it stands in a file, and one failure line.
 */
export async function reportInputErrors(
  { problems }: InputError,
  { summary }: { summary: boolean },
  { log, redactor }: Pick<ReportDeps, 'log' | 'redactor'>,
): Promise<void> {
  const clean = problems.map((problem) => ({
    ...problem,
    field: redactor.redact(problem.field),
    message: redactor.redact(problem.message),
  }));
  const error = oneLine(clean.map(problemText).join(' '));
  const outputs = { ...emptyOutputs, result: '', error: truncate(error, maxError) };
  for (const [name, value] of Object.entries(outputs)) log.output(name, value);
  if (summary) await log.writeSummary(inputErrorSummary(clean));
  for (const problem of clean.slice(0, maxAnnotations))
    log.error(textOf(problem), placeOf(problem));
  for (const problem of clean.slice(maxAnnotations)) log.info(problemText(problem));
  log.fail(`${countOf(clean)}. Nothing was sent to Fivetran.`);
}

const countOf = ({ length }: readonly Problem[]): string =>
  `${pluralize(length, 'problem')} with the inputs`;

function inputErrorSummary(problems: readonly Problem[]): string {
  const items = problems.map((problem) => {
    const { field, file, line, message } = problem;
    const place = line === undefined ? file : `${file}:${line}`;
    const parts = [file === undefined ? undefined : place, field || undefined]
      .filter((part) => part !== undefined)
      .map((part) => code(truncate(part, 300)));
    return [...parts, escapeHtml(truncate(message, maxProblem))].join(': ');
  });
  return `${[
    `<h2>${marks.failed} Fivetran connection: ${countOf(problems)}</h2>`,
    '<p>Nothing was sent to Fivetran.</p>',
    list(items, summaryBytes / 2),
  ].join('\n\n')}\n`;
}

/** The problem without its place, which the annotation has. */
const textOf = ({ field, message }: Problem): string => problemText({ field, message });

const placeOf = ({ file, line }: Problem) => ({
  ...(file !== undefined && { file }),
  ...(line !== undefined && { line }),
});
