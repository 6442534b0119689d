import type { Grade } from '../../fivetran/responses/connection.ts';
import { pluralize } from '../../text/format.ts';
import { endBefore, goneAdvice, knownState, nameOf, uncertaintyOf } from './known-state.ts';
import { type Advised, nextSteps, withoutBackticks } from './next-steps.ts';
import { planHeadline } from './plan.ts';
import type { ShownOutcome } from './redact.ts';
import { setupFailure } from './setup-failure.ts';
import { countTests, describeCounts } from './tests.ts';

/** How the work on a connection ended, in words. */
export type Verdict = {
  grade: Exclude<Grade, 'skipped'>;
  /** A few words that follow the connection's name. */
  headline: string;
  /** The verdict in sentences, for the log. */
  message: string;
  /** What the message says beyond the headline, the tests and the next steps; may be empty. */
  details: string;
  /** Fivetran's own reasons that the message quotes. */
  quoted: readonly string[];
  /** What a person does next, in sentences; names stand in backticks. */
  next: string[];
};

type OutcomeOf<Kind extends ShownOutcome['kind']> = Extract<ShownOutcome, { kind: Kind }>;

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

function onPresent(outcome: OutcomeOf<'present'>, advised: Advised): Verdict {
  const { result, connection, sync, isGone } = outcome;
  const subject = `${nameOf(outcome)} was ${result}`;
  const next = nextSteps(outcome, advised);
  const failure = setupFailure(connection, advised.spec);
  const later = laterEvents(outcome);
  if (failure) {
    const { headline, message, quoted } = failure;
    return {
      ...failedVerdict([headline, ...later.map(({ words }) => words)].join('; '), '', next),
      message: joined(`${subject}, but ${message}`, ...later.map(({ fact }) => fact)),
      // Notes tell what on_failed_tests did.
      details: joined(sync?.message, doubtOf(outcome)?.fact),
      quoted,
    };
  }
  const { setup_state } = connection.status;
  const counts = countTests(connection.setup_tests);
  const tests = describeCounts(counts);
  const state = setup_state && !isGone ? ` and is ${setup_state}` : '';
  const facts = [sync?.message, ...later.map(({ fact }) => fact)];
  const message = joined(
    `${subject}${state}.`,
    tests ? `Setup tests: ${tests}.` : 'No setup tests ran.',
    ...facts,
  );
  const details = joined(...facts);
  if (isGone) return { ...failedVerdict(`${result}, then gone`, message, next), details };
  if (sync && sync.state !== 'succeeded') {
    const { reasons = [] } = sync;
    return { ...failedVerdict(`sync ${sync.state}`, message, next), details, quoted: reasons };
  }
  const parts = [
    setup_state === 'connected'
      ? `${result} and connected`
      : [result, setup_state && `setup ${setup_state}`].filter(Boolean).join(', '),
    sync ? 'sync succeeded' : '',
    counts.warned > 0 ? pluralize(counts.warned, 'warning') : '',
    ...later.map(({ words }) => words),
  ];
  const verdict = passedVerdict(parts.filter(Boolean).join(', '), message);
  return { ...verdict, grade: next.length > 0 ? 'warned' : 'passed', details, next };
}

/** What is unknown; a connection that is gone leaves only its create in doubt. */
const doubtOf = (outcome: OutcomeOf<'present' | 'failed'>) =>
  outcome.inFlight === 'create' || (outcome.kind === 'failed' && !outcome.isGone)
    ? uncertaintyOf(outcome)
    : undefined;

/** What came after the setup, in words for the heading and as a sentence. */
function laterEvents(outcome: OutcomeOf<'present'>): { words: string; fact: string }[] {
  const { cleanup, unknownCleanup, isGone } = outcome;
  const doubt = doubtOf(outcome);
  const done = { pause: 'paused', delete: 'deleted' } as const;
  return [
    ...(cleanup
      ? [{ words: `connection ${cleanup}`, fact: `It was then ${cleanup} (on_failed_tests).` }]
      : []),
    ...(unknownCleanup
      ? [
          {
            words: `unknown whether the connection was ${done[unknownCleanup]}`,
            fact: `It is unknown whether it was then ${done[unknownCleanup]} (on_failed_tests).`,
          },
        ]
      : []),
    ...(isGone ? [{ words: 'connection gone', fact: 'It is gone.' }] : []),
    ...(doubt ? [{ words: 'another one may appear', fact: doubt.fact }] : []),
  ];
}

function onFailed(outcome: OutcomeOf<'failed'>, { spec }: Advised): Verdict {
  const { error, isGone, pausedBecause } = outcome;
  const setup = setupFailure(outcome.connection, spec);
  const paused = pausedBecause && !isGone ? pausedSentence(outcome, pausedBecause) : undefined;
  const known = paused === undefined ? knownState(outcome) : '';
  const tests = setup && known ? `But ${setup.message}` : '';
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

/** `Connection x was created and stays paused, because its selection could not be completed: …` */
function pausedSentence(outcome: OutcomeOf<'failed'>, reason: string): string {
  const { result, error } = outcome;
  const done = result && result !== 'reused' ? `was ${result} and stays` : 'stays';
  return `${nameOf(outcome)} ${done} paused, because ${reason}: ${error.message}`;
}

const joined = (...texts: (string | undefined)[]): string => texts.filter(Boolean).join(' ');

const nothingMore = { details: '', quoted: [], next: [] };

const passedVerdict = (headline: string, message: string): Verdict => ({
  ...nothingMore,
  grade: 'passed',
  headline,
  message,
});

const failedVerdict = (headline: string, message: string, next: string[] = []): Verdict => ({
  ...nothingMore,
  grade: 'failed',
  headline,
  message,
  next,
});
