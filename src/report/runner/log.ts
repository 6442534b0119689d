import { type Failure, StepError } from '../../fivetran/http/errors.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import { oneLine } from '../../text/format.ts';
import type { AnnotationProperties, Toolkit } from './toolkit.ts';

/** What an annotation is about. `line` counts from 1. */
export type Place = { title?: string; file?: string; line?: number };

/** The step's log, annotations, outputs and summary. */
export type StepLog = ReturnType<typeof makeStepLog>;

/** Characters of a line or an annotation, and of a title. */
const maxLength = 3000;
const maxTitleLength = 200;

/**
 * Makes the log of a step. Every text is redacted, bounded and written as one line, and none of it
 * can become a workflow command.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function makeStepLog(toolkit: Toolkit, { redact }: Pick<Redactor, 'redact'>) {
  // Removing line breaks can reveal a secret that was not in the text before, and shortens it.
  const clean = (text: string, length = maxLength): string =>
    redact(oneLine(redact(text, { length: 2 * length })), { length });
  const info = (text: string): void => toolkit.info(clean(text).replace(/^(?=\s*::)/, '·'));
  const debug = (text: string): void => toolkit.debug(redact(text, { length: maxLength }));
  const warning = (text: string, at?: Place): void => toolkit.warning(clean(text), properties(at));

  function properties({ title, file, line }: Place = {}): AnnotationProperties {
    return {
      ...(title && { title: clean(title, maxTitleLength) }),
      ...(file && { file: clean(file) }),
      ...(file && line !== undefined && { startLine: line }),
    };
  }

  /** What was thrown, as data. The stack of an unforeseen error goes to the debug log. */
  function failureOf(error: unknown): Failure {
    if (error instanceof StepError) {
      const { message, shortReason, hint, endsRun } = error;
      return { message, shortReason, hint, ...(endsRun && { endsRun }) };
    }
    const { stack, message } = error instanceof Error ? error : new Error(String(error));
    debug(String(stack));
    return {
      message: `Internal error: ${message || 'no message'}.`,
      shortReason: 'internal error',
      hint: 'Turn on debug logging to see where it happened.',
    };
  }

  return {
    info,
    debug,
    notice: (text: string): void => toolkit.notice(clean(text)),
    warning,
    error: (text: string, at?: Place): void => toolkit.error(clean(text), properties(at)),
    /** Fails the step with this sentence. */
    fail: (text: string): void => toolkit.setFailed(clean(text)),
    failureOf,
    /** Writes lines that the log shows folded under a title. */
    group(title: string, lines: readonly string[]): void {
      toolkit.startGroup(clean(title, maxTitleLength));
      for (const line of lines) info(line);
      toolkit.endGroup();
    },
    /** Sets an output. The value is not changed: outputs are redacted where they are made. */
    output: (name: string, value: string): void => toolkit.setOutput(name, value),
    /** Appends to the job summary; warns where the runner has none. */
    async writeSummary(markdown: string): Promise<void> {
      try {
        await toolkit.writeSummary(markdown);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        warning(`Could not write the job summary: ${reason}`);
      }
    },
  };
}
