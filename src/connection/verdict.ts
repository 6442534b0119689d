import type { SetupTest } from '../fivetran/answers.ts';
import { counted, cut, oneLine } from '../text.ts';
import type { Progress } from './progress.ts';
import { failedTests, type Grade, gradeOf } from './setup-tests.ts';

/** What the step has to say of a connection in the end, for people. */
export type Verdict = {
  grade: Grade;
  /** The whole in a sentence. */
  sentence: string;
  /** What a person does next, in sentences. */
  next: string[];
};

/** Judges a connection by what is known of it. */
export function verdictOn(progress: Progress): Verdict {
  const { connection, result, error } = progress;
  const subject = connection ? `Connection ${connection.id}` : progress.subject;
  if (error !== undefined) {
    const known = connection ? `${subject} ${result ? `was ${result}` : 'exists'}. ` : '';
    return { grade: 'failed', sentence: `${known}${error}${doubt(progress)}`, next: [] };
  }
  const done = `${subject} was ${result}`;
  const ran = connection?.setup_tests.length ?? 0;
  const failed = failedTests(connection);
  if (failed.length > 0) {
    return {
      grade: 'failed',
      sentence: `${done}, but ${failed.length} of ${counted(ran, 'setup test')} failed: ${titles(failed)}.`,
      next: [
        'Mend what the failed tests name, in this step or at the source, and run the tests again in the dashboard, or delete the connection and run the step again.',
      ],
    };
  }
  const state = connection?.status.setup_state;
  if (state === 'broken') {
    return {
      grade: 'failed',
      sentence: `${done}, but Fivetran calls it broken, although no setup test failed.`,
      next: ['Open the connection in the dashboard: its tasks say what Fivetran waits for.'],
    };
  }
  const warned = connection?.setup_tests.filter((test) => gradeOf(test) === 'warned') ?? [];
  const next: string[] = [];
  if (state === 'incomplete') {
    next.push(
      connection?.connect_card.uri
        ? 'Finish the authorisation through the connect card (output connect_card_uri).'
        : 'Finish the setup in the dashboard, or through a connect card (input connect_card_config).',
    );
  }
  if (warned.length > 0)
    next.push('Read the warnings of the setup tests: they do not fail the step.');
  const tests = ran ? `${counted(ran, 'setup test')} ran and none failed` : 'no setup test ran';
  return {
    grade: state === 'incomplete' || warned.length > 0 ? 'warned' : 'passed',
    sentence: `${done}${state ? ` and is ${state}` : ''}: ${tests}.`,
    next,
  };
}

/** What nobody knows of a connection whose create was not answered. */
const doubt = ({ pending, subject }: Progress): string =>
  pending === 'create'
    ? ` ${subject} may exist now: look for it in the Fivetran dashboard before you run this again.`
    : '';

/** The titles of the first tests, and how many more there are. */
function titles(tests: SetupTest[]): string {
  const first = tests.slice(0, 5).map(({ title }) => cut(oneLine(title), 100));
  const more = tests.length - first.length;
  return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** Where a person sees the connection. */
export const dashboardUrl = (id: string): string =>
  `https://fivetran.com/dashboard/connectors/${encodeURIComponent(id)}/status`;
