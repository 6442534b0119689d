import * as core from '@actions/core';
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
  return {
    line: (text: string): void => core.info(clean(text).replace(/^(?=\s*::)/, '·')),
    notice: (text: string): void => core.notice(annotation(text)),
    warning: (text: string, title?: string): void =>
      core.warning(annotation(text), title ? { title: clean(title) } : {}),
    error: (text: string, title?: string): void =>
      core.error(annotation(text), title ? { title: clean(title) } : {}),
    /** The step fails with this text; its own line breaks are kept. */
    fail: (text: string): void => core.setFailed(text.split('\n').map(clean).join('\n')),
    debug: (text: string): void => core.debug(redact(text)),
    output: (name: string, value: string): void => core.setOutput(name, value),
    startGroup: (title: string): void => core.startGroup(clean(title)),
    endGroup: (): void => core.endGroup(),
  };
}

/** A text as one line without control characters and without the older form of workflow commands. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll('##[', '## [')
    .trim();

/** A text of at most `length` characters; a cut one says so. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}… (cut)`;
