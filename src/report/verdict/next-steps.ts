import {
  couldNotRun,
  failedTests,
  hasUnknownStatus,
  testsGraded,
} from '../../connection/setup/grade.ts';
import { identityWords, type Untrusted } from '../../fivetran/fingerprint.ts';
import type { SetupTest } from '../../fivetran/responses/connection.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import { goneAdvice, uncertaintyOf } from './known-state.ts';
import type { OutcomeOf } from './redact.ts';
import { isAboutTrust, untrustedBy } from './untrusted.ts';

/*
 * Next steps are written with names in backticks, which the summary turns into <code> and the log
 * leaves out. Nothing that comes from Fivetran or the user stands in them.
 */

/** Where the user wrote what the connection should be. */
export type Origin = 'inputs' | 'manifest';

/** What advice must fit: what the user wants of a connection, and where that is written. */
export type Advised = { spec: ConnectionSpec; origin: Origin };

/** What a person does next about a connection that is present, in order. */
export function nextSteps(outcome: OutcomeOf<'present'>, advised: Advised): string[] {
  const { connection, cleanup, isGone } = outcome;
  if (isGone) return [goneAdvice(advised.spec)];
  const doubt = doubtsAfter(outcome);
  const failed = failedTests(connection);
  if (failed.length > 0) {
    const advice = [...new Set(failed.map((test) => adviceFor(test, advised)))];
    return [...advice, runAgainAdvice(advised.spec, cleanup), ...doubt];
  }
  if (connection.status.setup_state === 'broken') {
    return [
      ...(cleanup === 'deleted' ? [] : [`${inDashboard} to see what it is waiting for.`]),
      ...doubt,
    ];
  }
  return [...afterSync(outcome), ...afterSetup(outcome, advised), ...doubt];
}

function doubtsAfter(outcome: OutcomeOf<'present'>): string[] {
  const { inFlight, unknownCleanup } = outcome;
  const done = unknownCleanup === 'delete' ? 'deleted' : 'paused';
  return [
    ...(unknownCleanup
      ? [`Check in the Fivetran dashboard whether the connection was ${done}.`]
      : []),
    ...(inFlight === 'create' ? [uncertaintyOf(outcome)?.advice ?? ''] : []),
  ];
}

const inDashboard = 'Open the connection in the Fivetran dashboard';

function afterSync({ sync }: OutcomeOf<'present'>): string[] {
  if (!sync) return [];
  switch (sync.state) {
    case 'failed':
      return [`${inDashboard} to see why the sync failed.`];
    case 'cancelled':
      return ['Run the step again to start another sync.'];
    case 'timed out':
      return ['To wait longer, raise `sync_timeout_minutes`.'];
    case 'succeeded':
      return [];
    default:
      return sync.state satisfies never;
  }
}

function afterSetup(outcome: OutcomeOf<'present'>, advised: Advised): string[] {
  const { connection, sync } = outcome;
  if (sync && sync.state !== 'succeeded') return [];
  return [
    ...(connection.status.setup_state === 'incomplete' ? [finishSetup(outcome, advised)] : []),
    ...(testsGraded(connection, 'warned').length > 0
      ? ['Review the warnings of the setup tests; they do not fail the step.']
      : []),
  ];
}

function finishSetup({ connection }: OutcomeOf<'present'>, { spec, origin }: Advised): string {
  const { setup_tests, connect_card } = connection;
  const isUntested = spec.state === 'present' && spec.request.run_setup_tests === false;
  if (isUntested && setup_tests.length === 0 && !connect_card.uri) {
    return 'The setup tests have not run. Run them in the Fivetran dashboard, or run the step again with `if_exists: reuse` and without `run_setup_tests: false`.';
  }
  // A manifest has many connections, and no output for their connect cards.
  if (origin === 'manifest') return 'Finish the setup in the Fivetran dashboard.';
  return connect_card.uri
    ? 'Finish the authorization through the connect card in the output `connect_card_uri`.'
    : 'Finish the setup in the Fivetran dashboard, or set `connect_card_config` to get a connect card for the end user.';
}

/** What to do about one failed test. */
export function adviceFor(test: SetupTest, { spec, origin }: Advised): string {
  const [untrusted] = isAboutTrust(test) ? untrustedBy(spec, [test]) : [];
  if (untrusted) return trustAdvice(untrusted);
  if (couldNotRun(test)) {
    return 'Fivetran could not run the test. Try again later; if it keeps happening, contact Fivetran support.';
  }
  if (hasUnknownStatus(test)) {
    return 'The status is unknown to this version of the action. Look at the test in the Fivetran dashboard, and update the action.';
  }
  return `Fix what the failed tests report, at the source or in ${origin === 'manifest' ? 'the manifest' : "the step's inputs"}.`;
}

function trustAdvice({ kind, isMismatch }: Untrusted): string {
  const { noun, input } = identityWords[kind];
  return isMismatch
    ? `Ask the server's operator whether its ${noun} changed. Only if they confirm the new fingerprint, list it in \`${input}\`.`
    : `Compare the fingerprint of the ${noun} with the one that the server's operator gives you. If they match, add it to \`${input}\`.`;
}

function runAgainAdvice(spec: ConnectionSpec, cleanup: OutcomeOf<'present'>['cleanup']): string {
  if (cleanup === 'deleted') return 'Then run the step again.';
  if (spec.state === 'present') {
    if (spec.name === undefined) {
      return 'Then run the setup tests of this connection again in the Fivetran dashboard.';
    }
    if (spec.if_exists !== 'fail') return 'Then run the step again.';
  }
  return 'Then run the step again with `if_exists: update`, which finds this connection and runs its tests.';
}

/** A next step as the log shows it. */
export const withoutBackticks = (step: string): string => step.replaceAll('`', '');
