import * as core from '@actions/core';
import { CancelledError, FivetranError } from '../fivetran/errors.ts';
import { InputError } from '../inputs/problem.ts';
import { cut, oneLine } from '../text.ts';
import type { Secrets } from './secrets.ts';

/** The step's log and annotations. All text passes through here, so no secret leaves by it. */
export type Console = ReturnType<typeof makeConsole>;

const foreseen = [InputError, FivetranError, CancelledError];

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
  /** The step fails with this text; its own line breaks are kept. */
  const fail = (text: string): void => core.setFailed(text.split('\n').map(clean).join('\n'));
  /** What was thrown, in a sentence; the stack of what nobody foresaw is for debugging. */
  function explain(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    if (foreseen.some((kind) => error instanceof kind)) return error.message;
    debug(String(error.stack));
    return `Something went wrong in the action itself: ${error.message}. Turn on debug logging for more.`;
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
    /** The step fails with one sentence, whatever was thrown. */
    crash: (error: unknown): void => fail(explain(error)),
    output: (name: string, value: string): void => core.setOutput(name, value),
    /** Lines that the log shows folded under a title. */
    group(title: string, lines: string[]): void {
      core.startGroup(clean(title));
      for (const text of lines) line(text);
      core.endGroup();
    },
  };
}
