import type { Outcome } from '../../connection/outcome.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import type { StepLog } from '../runner/log.ts';
import { identityOf, labelOf } from './identity.ts';
import { type Origin, plain } from './next-steps.ts';
import { redactOutcome } from './redact.ts';
import { marks } from './tests.ts';
import { type Verdict, verdictOn } from './verdict.ts';

/** What the log, the summary and the comment say about one connection. Redacted, but not escaped. */
export type Report = {
  outcome: Outcome;
  spec: ConnectionSpec;
  origin: Origin;
  verdict: Verdict;
  /** The connection's name and service. */
  label: string;
  group_id: string | undefined;
  /** `❌ billing (postgres): 1 of 3 setup tests failed`. */
  heading: string;
  /** Whether the connection is known to exist, so that a link leads somewhere. */
  exists: boolean;
};

/** `name`: the name of the manifest's entry, shown instead of the connection's own. The manifest's heading says that it is a dry run. */
export type About = { name?: string; dry_run?: boolean };

/** Prepares the report on a connection whose work has ended. */
export function reportOn(
  given: Outcome,
  spec: ConnectionSpec,
  { redact, redactValue }: Pick<Redactor, 'redact' | 'redactValue'>,
  { name, dry_run = false }: About = {},
): Report {
  const outcome = redactOutcome(given, { redact, redactValue });
  const origin = name === undefined ? 'inputs' : 'manifest';
  const verdict = verdictOn(outcome, spec, origin);
  const isDryRun = dry_run || (outcome.kind === 'dry-run' && name === undefined);
  const headline = isDryRun ? dryRunHeadline(outcome, verdict) : verdict.headline;
  const identity = identityOf(given, spec);
  const label = redact(labelOf({ ...identity, ...(name !== undefined && { name }) }));
  return {
    outcome,
    spec,
    origin,
    verdict: { ...verdict, headline },
    label,
    group_id: identity.group_id === undefined ? undefined : redact(identity.group_id),
    heading: `${marks[verdict.grade]} ${label}: ${headline}`,
    exists: exists(outcome),
  };
}

function dryRunHeadline(outcome: Outcome, { headline }: Verdict): string {
  if (outcome.kind !== 'failed') return `dry run, ${headline}`;
  return `dry run failed (${outcome.error.shortReason})`;
}

/** Whether the connection exists after the step, as far as is known. */
export function exists(outcome: Outcome): boolean {
  if (!outcome.connection) return false;
  switch (outcome.kind) {
    case 'absent':
    case 'deleted':
      return false;
    case 'dry-run':
      return true;
    case 'present':
      return outcome.cleanup !== 'deleted';
    case 'failed': {
      const { result, cleanup } = outcome;
      return cleanup !== 'deleted' && result !== 'deleted' && result !== 'absent';
    }
    default:
      return outcome satisfies never;
  }
}

/** The next steps in one sentence after the verdict's message, unless that has them already. */
export const nextSentence = ({ outcome, verdict: { next } }: Report): string[] =>
  next.length > 0 && outcome.kind !== 'failed' ? [`Next: ${next.map(plain).join(' ')}`] : [];

/** Where a report goes, and what it is redacted with. */
export type ReportDeps = {
  log: StepLog;
  redactor: Pick<Redactor, 'redact' | 'redactValue'>;
  env: NodeJS.ProcessEnv;
  /** Aborts when the job is cancelled. */
  signal: AbortSignal;
};
