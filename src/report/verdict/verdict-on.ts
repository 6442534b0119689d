import { joined, pluralize } from '../../text/format.ts';
import {
  doubtOf,
  endBefore,
  goneAdvice,
  knownState,
  nameOf,
  pausedSentence,
} from './known-state.ts';
import { type Advised, withoutBackticks } from './next-steps.ts';
import { onPresent } from './on-present.ts';
import { planHeadline } from './plan.ts';
import type { OutcomeOf, ShownOutcome } from './redact.ts';
import { setupFailure } from './setup-failure.ts';
import { failedVerdict, passedVerdict, type Verdict } from './verdict.ts';

/**
 * Judges how the work on a connection ended.
 *
 * @param advised what the advice must fit
 */
export function verdictOn(outcome: ShownOutcome, advised: Advised): Verdict {
  const name = nameOf(outcome);
  switch (outcome.kind) {
    case 'dry-run':
      return onDryRun(outcome);
    case 'absent':
      return passedVerdict(
        'nothing to delete',
        `${name} does not exist; there was nothing to delete.`,
      );
    case 'deleted':
      return passedVerdict('deleted', `${name} was deleted.`);
    case 'present':
      return onPresent(outcome, advised);
    case 'failed':
      return onFailed(outcome, advised);
    default:
      return outcome satisfies never;
  }
}

function onDryRun(outcome: OutcomeOf<'dry-run'>): Verdict {
  const { plan, problems, warnings } = outcome;
  const headline = planHeadline(outcome);
  if (problems.length > 0 || plan === 'refuse') {
    const found = problems.length > 0 ? `found ${pluralize(problems.length, 'problem')}` : 'failed';
    return failedVerdict(headline, `The dry run ${found}. Nothing was changed.`);
  }
  const verdict = passedVerdict(headline, `Dry run: ${headline}. Nothing was changed.`);
  return { ...verdict, grade: warnings.length > 0 ? 'warned' : 'passed' };
}

function onFailed(outcome: OutcomeOf<'failed'>, { spec }: Advised): Verdict {
  const { error, isGone, pausedBecause } = outcome;
  const setup = setupFailure(outcome.connection, spec);
  const paused = pausedBecause && !isGone ? pausedSentence(outcome, pausedBecause) : undefined;
  const known = paused === undefined ? knownState(outcome) : '';
  const tests = setup && known && !isGone ? `But ${setup.message}` : '';
  const message = paused ?? error.message;
  const unknown = doubtOf(outcome);
  const hint = isGone ? goneAdvice(spec) : error.hint;
  const next = [hint, unknown?.advice].filter((step) => step !== undefined);
  return {
    ...failedVerdict(`${endBefore(outcome, spec)} (${error.shortReason})`, '', next),
    message: joined(
      ...[known, tests, message, hint && withoutBackticks(hint)],
      ...[unknown?.fact, unknown?.advice],
    ),
    details: joined(message, unknown?.fact),
    quoted: tests ? (setup?.quoted ?? []) : [],
  };
}
