import { type Failure, StepError } from '../../fivetran/http/errors.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import { oneLine } from '../../text/format.ts';

/** Where an annotation points, as the runner's toolkit takes it. */
export type AnnotationProperties = { title?: string; file?: string; startLine?: number };

/** The runner's interface to a step: `@actions/core`, or a fake in tests. */
export type Toolkit = {
  getInput(name: string): string;
  setSecret(secret: string): void;
  setOutput(name: string, value: string): void;
  info(text: string): void;
  debug(text: string): void;
  notice(text: string, properties?: AnnotationProperties): void;
  warning(text: string, properties?: AnnotationProperties): void;
  error(text: string, properties?: AnnotationProperties): void;
  setFailed(text: string): void;
  startGroup(title: string): void;
  endGroup(): void;
  writeSummary(markdown: string): Promise<void>;
};

/** What an annotation is about. `line` counts from 1. */
type AnnotationPlace = { title?: string; file?: string; line?: number };

/** The step's log, annotations, outputs and summary. None of its functions throws. */
export type StepLog = {
  info(text: string): void;
  debug(text: string): void;
  notice(text: string): void;
  warning(text: string, at?: AnnotationPlace): void;
  error(text: string, at?: AnnotationPlace): void;
  /** Fails the step with this sentence. */
  fail(text: string): void;
  /** What was thrown, as data. The stack of an unforeseen error goes to the debug log. */
  failureOf(error: unknown): Failure;
  /** Writes lines that the log shows folded under a title. */
  group(title: string, lines: readonly string[]): void;
  /**
   * Sets an output; warns the first time that this is impossible. The value is not changed:
   * outputs are redacted where they are made.
   */
  output(name: string, value: string): void;
  /** Why an output could not be set; undefined when all could. */
  lostOutput(): string | undefined;
  /** Appends to the job summary; warns where the runner has none. */
  writeSummary(markdown: string): Promise<void>;
};

/** Characters of a line or an annotation, and of a title. */
const maxLineLength = 3000;
const maxTitleLength = 200;

/**
 * Creates the log of a step. Every text is redacted, bounded and written as one line, and none of
 * it can become a workflow command.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function createStepLog(toolkit: Toolkit, { redact }: Pick<Redactor, 'redact'>): StepLog {
  // Removing line breaks can reveal a secret that was not in the text before, and shortens it.
  const clean = (text: string, length = maxLineLength): string =>
    redact(oneLine(redact(text, { length: 2 * length })), { length });
  const info = (text: string): void => toolkit.info(clean(text).replace(/^(?=\s*::)/, '·'));
  const debug = (text: string): void => toolkit.debug(redact(text, { length: maxLineLength }));
  const warning = (text: string, at?: AnnotationPlace): void =>
    toolkit.warning(clean(text), properties(at));
  let lost: string | undefined;

  function properties({ title, file, line }: AnnotationPlace = {}): AnnotationProperties {
    return {
      ...(title && { title: clean(title, maxTitleLength) }),
      ...(file && { file: clean(file) }),
      ...(file && line !== undefined && { startLine: line }),
    };
  }

  return {
    info,
    debug,
    notice: (text) => toolkit.notice(clean(text)),
    warning,
    error: (text, at) => toolkit.error(clean(text), properties(at)),
    fail: (text) => toolkit.setFailed(clean(text)),
    failureOf(error) {
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
    },
    group(title, lines) {
      toolkit.startGroup(clean(title, maxTitleLength));
      for (const line of lines) info(line);
      toolkit.endGroup();
    },
    output(name, value) {
      try {
        toolkit.setOutput(name, value);
      } catch (error) {
        const reason = reasonOf(error);
        if (lost === undefined) {
          warning(
            `Could not set the output ${name}: ${reason}. The step continues, and fails at its end.`,
          );
        }
        lost ??= reason;
      }
    },
    lostOutput: () => lost,
    async writeSummary(markdown) {
      try {
        await toolkit.writeSummary(markdown);
      } catch (error) {
        warning(`Could not write the job summary: ${reasonOf(error)}`);
      }
    },
  };
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
