import * as core from '@actions/core';
import { CancelledError, FivetranError } from '../fivetran/errors.ts';
import { InputError } from '../inputs/problem.ts';
import { cut, oneLine } from '../text.ts';
import type { Secrets } from './secrets.ts';

/** The step's log and annotations. All text passes through here, so no secret leaves by it. */
export type Console = ReturnType<typeof makeConsole>;

/** How long an annotation may be; the whole text is in the summary. */
const annotationLength = 2000;

/**
 * Makes the console of a step. Text from Fivetran can't become a workflow command: each text is one
 * line, and what the runner would read as a command is broken up.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function makeConsole({ redact }: Pick<Secrets, 'redact'>) {
  const clean = (text: string): string => redact(oneLine(redact(text)));
  const annotation = (text: string): string => cut(clean(text), annotationLength);
  const line = (text: string): void => core.info(clean(text).replace(/^(?=\s*::)/, '·'));
  const debug = (text: string): void => core.debug(redact(text));
  /** The step fails with this sentence. */
  const fail = (text: string): void => core.setFailed(annotation(text));

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
      core.setFailed(error.message.split('\n').map(annotation).join('\n'));
    } else {
      fail(explain(error));
    }
  }

  return {
    line,
    notice: (text: string): void => core.notice(annotation(text)),
    warning: (text: string, title?: string): void =>
      core.warning(annotation(text), title ? { title: clean(title) } : {}),
    error: (text: string, title?: string): void =>
      core.error(annotation(text), title ? { title: clean(title) } : {}),
    fail,
    debug,
    explain,
    crash,
    output: (name: string, value: string): void => core.setOutput(name, value),
    /** Lines that the log shows folded under a title. */
    group(title: string, lines: string[]): void {
      core.startGroup(clean(title));
      for (const text of lines) line(text);
      core.endGroup();
    },
  };
}
