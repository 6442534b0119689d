import type { Outcome } from '../../connection/outcome.ts';
import type { Grade } from '../../fivetran/responses/connection.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import { pluralize } from '../../text/format.ts';
import { endOf } from './error-headline.ts';
import { knownState, nameOf, uncertainty, uncertaintyOf } from './known-state.ts';
import { nextSteps, type Origin } from './next-steps.ts';
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
  rest: string;
  /** Fivetran's own reasons that the message quotes. */
  quoted: readonly string[];
  /** What a person does next, in sentences; names stand in backticks. */
  next: string[];
};

type OutcomeOf<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;

/** Judges how the work on a connection ended. `spec` and `origin` make the advice fit the user. */
export function verdictOn(
  outcome: Outcome,
  spec?: ConnectionSpec,
  origin: Origin = 'inputs',
): Verdict {
  const name = nameOf(outcome);
  switch (outcome.kind) {
    case 'dry-run':
      return onDryRun(outcome);
    case 'absent':
      return passed('nothing to delete', `${name} does not exist; there was nothing to delete.`);
    case 'deleted':
      return passed('deleted', `${name} was deleted.`);
    case 'present':
      return onPresent(outcome, spec, origin);
    case 'failed':
      return onFailed(outcome, spec);
    default:
      return outcome satisfies never;
  }
}

function onDryRun({ plan, fieldChanges, problems, warnings }: OutcomeOf<'dry-run'>): Verdict {
  if (problems.length > 0 || plan === 'refuse') {
    const count = pluralize(problems.length, 'problem');
    const found = problems.length > 0 ? `found ${count}` : 'failed';
    return failed(
      problems.length > 0 ? `would fail (${count})` : 'would fail',
      `The dry run ${found}. Nothing was changed.`,
    );
  }
  const plans = {
    create: 'create the connection',
    update: `update ${fieldChanges.length > 0 ? pluralize(fieldChanges.length, 'field') : 'the connection'}`,
    reuse: 'reuse the connection',
    delete: 'delete the connection',
    nothing: 'do nothing',
  };
  const warned = warnings.length > 0 ? `, ${pluralize(warnings.length, 'warning')}` : '';
  return {
    ...passed(
      `would ${plans[plan]}${warned}`,
      `Dry run: nothing was changed. A real run would ${plans[plan]}.`,
    ),
    grade: warned ? 'warned' : 'passed',
  };
}

function onPresent(
  outcome: OutcomeOf<'present'>,
  spec: ConnectionSpec | undefined,
  origin: Origin,
): Verdict {
  const { result, connection, cleanup, sync } = outcome;
  const { setup_state } = connection.status;
  const subject = `${nameOf(outcome)} was ${result}`;
  const next = nextSteps(outcome, spec, origin);
  const failure = setupFailure(outcome, spec);
  if (failure) {
    const end = cleanup ? ` It was then ${cleanup} (on_failed_tests).` : '';
    const headline = cleanup ? `${failure.headline}; connection ${cleanup}` : failure.headline;
    const { quoted } = failure;
    return {
      ...failed(headline, `${subject}, but ${failure.message}${end}`, next),
      rest: sync?.message ?? '',
      quoted,
    };
  }
  const counts = countTests(connection.setup_tests);
  const tests = describeCounts(counts);
  const state = setup_state ? ` and is ${setup_state}` : '';
  const message = `${subject}${state}. ${tests ? `Setup tests: ${tests}.` : 'No setup tests ran.'}`;
  if (sync && sync.state !== 'succeeded') {
    return {
      ...failed(`sync ${sync.state}`, `${message} ${sync.message}`, next),
      rest: sync.message,
      quoted: sync.reasons ?? [],
    };
  }
  const parts = [
    setup_state === 'connected'
      ? `${result} and connected`
      : [result, setup_state && `setup ${setup_state}`].filter(Boolean).join(', '),
    sync ? 'sync succeeded' : '',
    counts.warned > 0 ? `${pluralize(counts.warned, 'setup test')} warned` : '',
  ];
  return {
    grade: next.length > 0 ? 'warned' : 'passed',
    headline: parts.filter(Boolean).join(', '),
    message: [message, sync?.message].filter(Boolean).join(' '),
    rest: sync?.message ?? '',
    quoted: [],
    next,
  };
}

function onFailed(outcome: OutcomeOf<'failed'>, spec: ConnectionSpec | undefined): Verdict {
  const { error } = outcome;
  const setup = setupFailure(outcome, undefined);
  const known = knownState(outcome);
  const tests = setup && known ? `But ${setup.message}` : '';
  const unknown = uncertaintyOf(outcome);
  const sentences = (...texts: (string | undefined)[]) => texts.filter(Boolean).join(' ');
  return {
    ...failed(
      `${endOf(outcome, spec)} (${error.shortReason})`,
      sentences(known, tests, error.message, error.hint, uncertainty(outcome)),
      [error.hint, unknown?.advice].filter((step) => step !== undefined),
    ),
    rest: sentences(error.message, unknown?.fact),
    quoted: tests ? (setup?.quoted ?? []) : [],
  };
}

const passed = (headline: string, message: string): Verdict => ({
  grade: 'passed',
  headline,
  message,
  rest: '',
  quoted: [],
  next: [],
});

const failed = (headline: string, message: string, next: string[] = []): Verdict => ({
  grade: 'failed',
  headline,
  message,
  rest: '',
  quoted: [],
  next,
});
