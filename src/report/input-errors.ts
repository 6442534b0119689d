import { formatPath, type InputError, type Problem, problemText } from '../inputs/problem.ts';
import { oneLine, pluralize, truncate } from '../text/format.ts';
import { maxAnnotations } from './channels/annotations.ts';
import { emptyOutputs, failOnLostOutputs, writeOutputs } from './channels/outputs.ts';
import { code, list, markCode, paragraph } from './markup/html.ts';
import { postComment, tableBytes } from './pages/comment.ts';
import { summaryBytes } from './pages/summary.ts';
import type { ReportDeps } from './verdict/report.ts';
import { marks } from './verdict/tests.ts';

/** Characters of the output `error`, and of a problem in the summary. */
const maxError = 30_000;
const maxProblem = 2000;

/**
 * Reports on inputs that cannot be used, before anything was changed: valid outputs, a summary, the
 * comment, which must not go on showing an earlier success, one annotation for each problem, in
 * the diff where it stands in a file, and one failure line.
 */
export async function reportInputErrors(
  { problems, reporting: { summary, comment }, consequence }: InputError,
  deps: ReportDeps,
): Promise<void> {
  const { log, redactor } = deps;
  const clean = problems.map((problem) => ({
    ...problem,
    path: [redactor.redact(formatPath(problem.path))],
    message: redactor.redact(problem.message),
  }));
  const error = oneLine(clean.map(problemText).join(' '));
  const outputs = { ...emptyOutputs, result: '', error: truncate(error, maxError) };
  writeOutputs({ outputs, notes: [] }, log);
  const page = (tag: 'h2' | 'h3', budget: number): string =>
    problemList(clean, consequence, { tag, budget });
  if (summary) await log.writeSummary(`${page('h2', summaryBytes / 2)}\n`);
  if (comment) await postComment(page('h3', tableBytes), comment, deps);
  for (const problem of clean.slice(0, maxAnnotations))
    log.error(textWithoutPlace(problem), placeOf(problem));
  for (const problem of clean.slice(maxAnnotations)) log.info(problemText(problem));
  log.fail(`${countOf(clean)}. ${consequence}`);
  failOnLostOutputs(deps);
}

const countOf = ({ length }: readonly Problem[]): string =>
  `${pluralize(length, 'problem')} with the inputs`;

/** A heading, and the problems in a list of at most `budget` bytes. */
function problemList(
  problems: readonly Problem[],
  consequence: string,
  { tag, budget }: { tag: 'h2' | 'h3'; budget: number },
): string {
  const items = problems.map((problem) => {
    const { path, file, line, message } = problem;
    const place = line === undefined ? file : `${file}:${line}`;
    const parts = [file === undefined ? undefined : place, formatPath(path) || undefined]
      .filter((part) => part !== undefined)
      .map((part) => code(truncate(part, 300)));
    return [...parts, markCode(truncate(message, maxProblem))].join(': ');
  });
  return [
    `<${tag}>${marks.failed} Fivetran connection: ${countOf(problems)}</${tag}>`,
    paragraph(consequence),
    list(items, { budget }),
  ].join('\n\n');
}

/** The problem without its place, which the annotation has. */
const textWithoutPlace = ({ path, message }: Problem): string => problemText({ path, message });

const placeOf = ({ file, line }: Problem) => ({
  ...(file !== undefined && { file }),
  ...(line !== undefined && { line }),
});
