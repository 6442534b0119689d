import type { Outcome } from '../../connection/outcome.ts';
import { couldNotRun, failedTests, testsGraded } from '../../connection/setup/grade.ts';
import type { SetupTest } from '../../fivetran/responses/connection.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import { identityWords, isAboutTrust, type Untrusted, untrustedOf } from './untrusted.ts';

/*
 * Next steps are written with names in backticks, which the summary turns into <code> and the log
 * leaves out. Nothing that comes from Fivetran or the user stands in them.
 */

/** Where the user wrote what the connection should be. */
export type Origin = 'inputs' | 'manifest';

type Present = Extract<Outcome, { kind: 'present' }>;

const inDashboard = 'Open the connection in the Fivetran dashboard to see what it is waiting for.';

/** What a person does next about a connection that is present, in order. */
export function nextSteps(
  outcome: Present,
  spec: ConnectionSpec | undefined,
  origin: Origin,
): string[] {
  const { connection, cleanup, sync } = outcome;
  const failed = failedTests(connection);
  if (failed.length > 0) {
    const advice = [...new Set(failed.map((test) => adviceFor(test, outcome, spec, origin)))];
    return [...advice, runAgain(spec, cleanup === 'deleted')];
  }
  if (connection.status.setup_state === 'broken') return cleanup === 'deleted' ? [] : [inDashboard];
  if (sync?.state === 'failed') {
    return ['Open the connection in the Fivetran dashboard to see why the sync failed.'];
  }
  if (sync?.state === 'timed out') {
    return ['To wait longer, raise `sync_timeout_minutes`.'];
  }
  const next: string[] = [];
  if (connection.status.setup_state === 'incomplete') {
    next.push(finishSetup(outcome, origin));
  }
  if (testsGraded(connection, 'warned').length > 0) {
    next.push('Review the warnings of the setup tests; they do not fail the step.');
  }
  return next;
}

function finishSetup({ connection: { connect_card } }: Present, origin: Origin): string {
  // A manifest has many connections, and no output for their connect cards.
  if (origin === 'manifest') return 'Finish the setup in the Fivetran dashboard.';
  return connect_card.uri
    ? 'Finish the authorization through the connect card in the output `connect_card_uri`.'
    : 'Finish the setup in the Fivetran dashboard, or set `connect_card_config` to get a connect card for the end user.';
}

/** What to do about one failed test. */
export function adviceFor(
  test: SetupTest,
  { connection }: Outcome,
  spec: ConnectionSpec | undefined,
  origin: Origin,
): string {
  const [untrusted] = isAboutTrust(test)
    ? untrustedOf(connection && { ...connection, setup_tests: [test] }, spec)
    : [];
  if (untrusted) return trustAdvice(untrusted);
  return couldNotRun(test)
    ? 'Fivetran could not run the test. Try again later; if it keeps happening, contact Fivetran support.'
    : `Fix what the failed tests report, at the source or in ${origin === 'manifest' ? 'the manifest' : "the step's inputs"}.`;
}

function trustAdvice({ kind, isMismatch }: Untrusted): string {
  const { noun, input } = identityWords[kind];
  return isMismatch
    ? `Ask the server's operator whether its ${noun} changed. Only if they confirm the new fingerprint, list it in \`${input}\`.`
    : `Compare the fingerprint of the ${noun} with the one that the server's operator gives you. If they match, add it to \`${input}\`.`;
}

function runAgain(spec: ConnectionSpec | undefined, isDeleted: boolean): string {
  if (isDeleted) return 'Then run the step again.';
  if (spec?.state === 'present') {
    if (spec.name === undefined) {
      return 'Then run the setup tests of this connection again in the Fivetran dashboard.';
    }
    if (spec.if_exists !== 'fail') return 'Then run the step again.';
  }
  return 'Then run the step again with `if_exists: update`, which finds this connection and runs its tests.';
}

/** A next step as plain text. */
export const plain = (step: string): string => step.replaceAll('`', '');
