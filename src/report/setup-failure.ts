import { failedTests } from '../connection/grade.ts';
import type { Outcome } from '../connection/state.ts';
import type { Connection } from '../fivetran/answers.ts';
import type { ConnectionSpec } from '../inputs/spec.ts';
import { asSentence, oneLine, pluralize, truncate } from '../text/format.ts';
import { describeUntrusted, isAboutTrust, untrustedOf, untrustedSentence } from './untrusted.ts';

/** Why a setup failed: a headline, and a message that continues a sentence after "but". */
export type SetupFailure = { headline: string; message: string };

/** Why the setup of a connection failed; undefined when it did not. */
export function setupFailure(
  { connection }: Pick<Outcome, 'connection'>,
  spec: ConnectionSpec | undefined,
): SetupFailure | undefined {
  const bad = failedTests(connection);
  const total = pluralize(connection?.setup_tests.length ?? 0, 'setup test');
  if (bad.length > 0) {
    const untrusted = untrustedOf(connection, spec);
    const countText = `${bad.length} of ${total} failed`;
    const titles = bad.slice(0, 5).map(({ title }) => truncate(oneLine(title), 200));
    const more = bad.length > titles.length ? `, and ${bad.length - titles.length} more` : '';
    return {
      headline:
        untrusted.length > 0 && bad.every(isAboutTrust) ? describeUntrusted(untrusted) : countText,
      message: [
        `${countText}: ${titles.join(', ')}${more}.`,
        ...untrusted.map(untrustedSentence),
      ].join(' '),
    };
  }
  if (connection?.status.setup_state !== 'broken') return undefined;
  const reasons = reasonsOf(connection);
  const why = reasons.length > 0 ? `: ${reasons.join(' ')}` : ', although no setup test failed.';
  return {
    headline: 'Fivetran reports the setup as broken',
    message: `Fivetran reports its setup as broken${why}`,
  };
}

/** Fivetran's own reasons: the connection's tasks, then its warnings. */
export function reasonsOf(connection: Connection | undefined): string[] {
  const { tasks = [], warnings = [] } = connection?.status ?? {};
  const texts = [...tasks, ...warnings].flatMap(({ message, code }) => message || code || []);
  return [...new Set(texts)].map(asSentence);
}
