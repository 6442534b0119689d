import { oneLine, truncate } from '../../text/format.ts';
import type { ShownOutcome } from '../verdict/redact.ts';
import type { ReportDeps } from '../verdict/report.ts';
import type { Verdict } from '../verdict/verdict.ts';

/** Bytes of an output: a later step's `env:` cannot hold more than 128 KiB. */
export const outputBytes = 100_000;
/** Characters of an output that is one text: at most three bytes each. */
export const outputCharacters = 30_000;

/** Outputs by name, and what the log says about those that had no room for everything. */
export type StepOutputs = { outputs: Record<string, string>; notes: string[] };

/**
 * The outputs when there is nothing to report. The JSON ones are valid, so that `fromJSON` works.
 */
export const emptyOutputs = {
  failed_tests: '[]',
  setup_tests: '[]',
  connection: '{}',
  connections: '{}',
  plan: '',
  changes: '',
} as const;

/** What the step did, in one word; empty when it did nothing. */
export function resultOf(outcome: ShownOutcome): string {
  switch (outcome.kind) {
    case 'dry-run':
      return 'planned';
    case 'absent':
    case 'deleted':
      return outcome.kind;
    case 'present':
      return outcome.cleanup === 'deleted' ? 'deleted' : outcome.result;
    case 'failed':
      return outcome.cleanup === 'deleted' ? 'deleted' : (outcome.result ?? '');
    default:
      return outcome satisfies never;
  }
}

/** Why the work on a connection failed, in one line; empty when it did not. */
export function errorOf(outcome: ShownOutcome, { grade, message }: Verdict): string {
  if (grade !== 'failed') return '';
  const problems = outcome.kind === 'dry-run' ? outcome.problems : [];
  return truncate(oneLine([message, ...problems].join(' ')), outputCharacters);
}

/** Sets outputs, and logs what they had no room for. */
export function writeOutputs({ outputs, notes }: StepOutputs, log: ReportDeps['log']): void {
  for (const [name, value] of Object.entries(outputs)) log.output(name, value);
  for (const line of notes) log.info(line);
}

/** Fails the step when an output could not be set: later steps would go on without it. */
export function failOnLostOutputs({ log, env }: Pick<ReportDeps, 'log' | 'env'>): void {
  const reason = log.lostOutput();
  if (reason === undefined) return;
  log.fail(
    `Could not write the step's outputs to ${env.GITHUB_OUTPUT || 'the file in GITHUB_OUTPUT'}: ${reason}. Later steps lack them. Make room on the runner, or make the file writable.`,
  );
}
