import type { Outcome } from '../../connection/outcome.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import type { StepLog } from '../runner/log.ts';
import { connectionLabel, identityOf } from './identity.ts';
import { type Origin, withoutBackticks } from './next-steps.ts';
import { redactOutcome, type ShownOutcome } from './redact.ts';
import { marks } from './tests.ts';
import type { Verdict } from './verdict.ts';
import { verdictOn } from './verdict-on.ts';

/**
 * What the log, the summary and the comment say about one connection. Redacted, but not escaped.
 */
export type Report = {
  outcome: ShownOutcome;
  spec: ConnectionSpec;
  origin: Origin;
  verdict: Verdict;
  service: string | undefined;
  group_id: string | undefined;
  /** `❌ billing (postgres): 1 of 3 setup tests failed`. */
  heading: string;
  /** Whether the connection is known to exist, so that a link leads somewhere. */
  exists: boolean;
};

/** The work on one connection that has ended. */
export type EndedWork = {
  outcome: Outcome;
  spec: ConnectionSpec;
  /** The name of the manifest's entry, shown instead of the connection's own. */
  entry?: string | undefined;
  dry_run: boolean;
};

/** What redacts the texts of reports. */
export type Redaction = Pick<Redactor, 'redact' | 'redactValue'>;

/** Prepares the report on a connection whose work has ended. */
export function reportOn(work: EndedWork, redactor: Redaction): Report {
  const { spec, entry } = work;
  const outcome = redactOutcome(work.outcome, redactor);
  const origin = entry === undefined ? 'inputs' : 'manifest';
  const verdict = verdictOn(outcome, { spec, origin });
  // A manifest's own heading says that it is a dry run.
  const isDryRun = entry === undefined && (work.dry_run || outcome.kind === 'dry-run');
  const headline = isDryRun ? dryRunHeadline(outcome, verdict) : verdict.headline;
  const identity = identityOf(work.outcome, spec);
  const label = connectionLabel({ ...identity, ...(entry !== undefined && { name: entry }) });
  const text = (given: string | undefined) =>
    given === undefined ? undefined : redactor.redact(given);
  return {
    outcome,
    spec,
    origin,
    verdict: { ...verdict, headline },
    service: text(identity.service),
    group_id: text(identity.group_id),
    heading: `${marks[verdict.grade]} ${redactor.redact(label)}: ${headline}`,
    exists: exists(outcome),
  };
}

function dryRunHeadline(outcome: ShownOutcome, { headline }: Verdict): string {
  if (outcome.kind !== 'failed') return `dry run, ${headline}`;
  return `dry run failed (${outcome.error.shortReason})`;
}

/** Whether the connection exists after the step, as far as is known. */
function exists(outcome: ShownOutcome): boolean {
  if (!outcome.connection || outcome.isGone) return false;
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
  next.length > 0 && outcome.kind !== 'failed'
    ? [`Next: ${next.map(withoutBackticks).join(' ')}`]
    : [];

/** Where a report goes, and what it is redacted with. */
export type ReportDeps = {
  log: StepLog;
  redactor: Redaction;
  env: NodeJS.ProcessEnv;
  /** Aborts when the job is cancelled. */
  signal: AbortSignal;
};
