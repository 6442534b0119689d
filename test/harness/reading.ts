import type { Annotation } from '../runner/workflow-commands.mjs';
import type { StepRun } from './step.ts';

/** The annotations of a level, each as `title: message`; the failure line is the last error. */
export const annotated = (
  { annotations }: Pick<StepRun, 'annotations'>,
  level: Annotation['level'],
): string[] =>
  annotations
    .filter((one) => one.level === level)
    .map(({ title, message }) => (title ? `${title}: ${message}` : message));

/** The message that the step failed with: its last error. Empty when it did not fail. */
export const failureOf = ({ annotations }: Pick<StepRun, 'annotations'>): string =>
  annotations.filter(({ level }) => level === 'error').at(-1)?.message ?? '';

/** Everything that people or later steps can see, decoded, without the masks and the connect card. */
export function visible({ log, annotations, outputs, summary }: StepRun): string {
  const { connect_card_uri: _, ...shown } = outputs;
  const lines = log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  const decoded = annotations.flatMap(({ title, message }) => [title, message]);
  return [...lines, ...decoded, ...Object.entries(shown).flat(), summary].join('\n');
}

/** The visible parts of secrets, as a list, so that a failure does not print the whole step. */
export const secretsIn = (run: StepRun, part: RegExp): string[] => visible(run).match(part) ?? [];

/** The lines of the log that look like a part of a stack trace, debug messages left out. */
export const stackLinesOf = ({ log }: Pick<StepRun, 'log'>): string[] =>
  log
    .split('\n')
    .filter((line) => !line.startsWith('::debug::'))
    .filter((line) => /^\s*at .*[:)]|\.[cm]?[jt]s:\d+|%0A\s+at /.test(line));

/** The groups of the log, each with its lines. */
export const groupsOf = ({ log }: Pick<StepRun, 'log'>): { title: string; lines: string[] }[] =>
  [...log.matchAll(/^::group::(.*)\n([\s\S]*?)^::endgroup::$/gm)].map(
    ([, title = '', lines = '']) => ({ title, lines: lines.split('\n').filter(Boolean) }),
  );
