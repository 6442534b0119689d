import { failedTests, type Grade, gradeOf } from '../connection/setup-tests.ts';
import type { State } from '../connection/state.ts';
import type { Connection, SetupTest } from '../fivetran/answers.ts';
import { presentedIn } from '../fivetran/fingerprint.ts';
import { encodeSegment, pluralize } from '../text/format.ts';

/** What the step has to say of a connection in the end, for people. */
export type Verdict = {
  grade: Grade;
  /** The whole in a sentence or two. */
  sentence: string;
  /** What a person does next, in sentences. */
  next: string[];
};

/** Judges a connection by what is known of it. */
export function verdictOn(state: State): Verdict {
  const { connection, result, error, plan } = state;
  const subject = connection ? `Connection ${connection.id}` : state.subject;
  if (error !== undefined) {
    return failed(
      [knownState(state, subject), error, uncertainty(state, subject)].filter(Boolean).join(' '),
    );
  }
  if (plan) return verdictOnPlan(plan);
  if (result === 'absent') return passed(`${subject} does not exist: nothing was there to delete.`);
  return verdictOnSetup(state, subject);
}

/** What is certain, and what is not, of a connection that something went wrong with. */
export function lastKnown(state: State): string {
  const { connection, subject } = state;
  const name = connection ? `Connection ${connection.id}` : subject;
  return [knownState(state, name), uncertainty(state, name)].filter(Boolean).join(' ');
}

/** What is certain of a connection that something went wrong with. */
function knownState({ connection, result, inFlight }: State, subject: string): string {
  if (!connection || inFlight === 'delete') return '';
  return `${subject} ${result && result !== 'planned' ? `was ${result}` : 'exists'}.`;
}

function verdictOnPlan({ steps, problems, warnings }: NonNullable<State['plan']>): Verdict {
  if (problems.length > 0) {
    const found = `${pluralize(problems.length, 'problem')} found`;
    return failed(`Dry run: ${found}, and nothing was changed. ${problems.slice(0, 10).join(' ')}`);
  }
  const sentence = `Dry run: nothing was changed. A real run would do this: ${steps.join(' ')}`;
  return { ...passed(sentence), grade: warnings.length > 0 ? 'warned' : 'passed' };
}

/** The verdict on a connection that was made, found or deleted, by its tests, state and sync. */
function verdictOnSetup(state: State, subject: string): Verdict {
  const { connection, made, mismatch, sync } = state;
  if (state.result === 'deleted' && !made) return passed(`${subject} was deleted.`);
  // One that was deleted again had been created first.
  const result = state.result === 'deleted' ? 'created' : state.result;
  const bad = failedTests(connection);
  const ran = connection?.setup_tests.length ?? 0;
  const setupState = connection?.status.setup_state;
  if (bad.length > 0) {
    const sentence = `${subject} was ${result}, but ${bad.length} of ${pluralize(ran, 'setup test')} failed: ${titles(bad)}.`;
    const again =
      state.result === 'deleted'
        ? ''
        : 'Then run the step again with if_exists: update (or reuse), which finds this connection and runs its tests.';
    const next = [adviceFor(bad), again].filter(Boolean);
    return failed([sentence, mismatch].filter(Boolean).join(' '), ...next);
  }
  if (setupState === 'broken') {
    return failed(
      `${subject} was ${result}, but Fivetran calls it broken, although no setup test failed.`,
      'Open the connection in the dashboard: its tasks say what Fivetran waits for.',
    );
  }
  const warned = connection?.setup_tests.filter((test) => gradeOf(test) === 'warned').length ?? 0;
  const tests = ran
    ? `${pluralize(ran, 'setup test')} passed${warned ? `, ${warned} of them with a warning` : ''}`
    : 'no setup test ran';
  const sentence = `${subject} was ${result}${setupState ? ` and is ${setupState}` : ''}: ${tests}.`;
  if (sync && sync.state !== 'succeeded') return failed(`${sentence} ${sync.sentence}`);
  const next = whatIsLeft(connection);
  return {
    grade: next.length > 0 ? 'warned' : 'passed',
    sentence: [sentence, sync?.sentence].filter(Boolean).join(' '),
    next,
  };
}

function whatIsLeft(connection: Connection | undefined): string[] {
  const next: string[] = [];
  if (connection?.status.setup_state === 'incomplete') {
    next.push(
      connection.connect_card.uri
        ? 'Finish the authorisation through the connect card (output connect_card_uri).'
        : 'Finish the setup in the dashboard, or through a connect card (input connect_card_config).',
    );
  }
  if (connection?.setup_tests.some((test) => gradeOf(test) === 'warned')) {
    next.push('Read the warnings of the setup tests: they do not fail the step.');
  }
  return next;
}

function adviceFor(failedOnes: SetupTest[]): string {
  const offered = failedOnes.flatMap(({ details }) => presentedIn(details));
  return offered.length > 0
    ? 'Compare the fingerprint with the one that whoever runs the server knows; when they agree, list it in trusted_fingerprints or trusted_certificates.'
    : 'Mend what the failed tests name, at the source or in the inputs.';
}

const passed = (sentence: string): Verdict => ({ grade: 'passed', sentence, next: [] });

const failed = (sentence: string, ...next: string[]): Verdict => ({
  grade: 'failed',
  sentence,
  next,
});

/** What nobody knows after a request that was not answered. */
function uncertainty({ inFlight }: State, subject: string): string {
  if (inFlight === 'create') {
    return `${subject} may exist now: look for it in the Fivetran dashboard before you run this again.`;
  }
  return inFlight === 'delete'
    ? `Whether ${subject} is deleted is not known: running this again settles it.`
    : '';
}

/** The titles of the first tests, and how many more there are. */
function titles(tests: SetupTest[]): string {
  const first = tests.slice(0, 5).map(({ title }) => title);
  const more = tests.length - first.length;
  return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** Where a person sees the connection. */
export const dashboardUrl = (id: string): string =>
  `https://fivetran.com/dashboard/connectors/${encodeSegment(id)}/status`;
