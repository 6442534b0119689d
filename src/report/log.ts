import * as core from '@actions/core';
import { CancelledError, FivetranError } from '../fivetran/errors.ts';
import { InputError } from '../inputs/input-error.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { oneLine, truncate } from '../text/format.ts';

/** The step's log and annotations. All text passes through here, so no secret leaves by it. */
export type StepLog = ReturnType<typeof makeStepLog>;

/** Characters of a line or an annotation, and of a title; the summary shows more. */
const maxLength = 3000;
const maxTitleLength = 300;

/**
 * Makes the console of a step. Text from Fivetran can't become a workflow command: each text is one
 * line, and what the runner would read as a command is broken up.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function makeStepLog({ redact }: Pick<Redactor, 'redact'>) {
  const clean = (text: string): string => redact(oneLine(redact(text)));
  const bounded = (text: string, length = maxLength): string => truncate(clean(text), length);
  const titled = (title?: string) => (title ? { title: bounded(title, maxTitleLength) } : {});
  const line = (text: string): void => core.info(bounded(text).replace(/^(?=\s*::)/, '·'));
  const debug = (text: string): void => core.debug(redact(text));
  /** The step fails with this sentence. */
  const fail = (text: string): void => core.setFailed(bounded(text));

  /** What was thrown, in a sentence; the stack of what nobody foresaw is for debugging. */
  function explain(error: unknown): string {
    if (error instanceof FivetranError || error instanceof CancelledError) return error.message;
    const { stack, message } = error instanceof Error ? error : new Error(String(error));
    debug(String(stack));
    return `Something went wrong in the action itself: ${message || 'without a word'}. Turn on debug logging for more.`;
  }

  /** The step fails with what was thrown; problems with the inputs have a line each. */
  function crash(error: unknown): void {
    if (error instanceof InputError) {
      core.setFailed(
        error.message
          .split('\n')
          .map((line) => bounded(line))
          .join('\n'),
      );
    } else {
      fail(explain(error));
    }
  }

  return {
    line,
    notice: (text: string): void => core.notice(bounded(text)),
    warning: (text: string, title?: string): void => core.warning(bounded(text), titled(title)),
    error: (text: string, title?: string): void => core.error(bounded(text), titled(title)),
    fail,
    debug,
    explain,
    crash,
    output: (name: string, value: string): void => core.setOutput(name, value),
    /** Lines that the log shows folded under a title. */
    group(title: string, lines: string[]): void {
      core.startGroup(bounded(title, maxTitleLength));
      for (const text of lines) line(text);
      core.endGroup();
    },
  };
}
