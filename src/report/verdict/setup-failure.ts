import { couldNotRun, failedTests } from '../../connection/setup/grade.ts';
import type { SetupTest } from '../../fivetran/responses/connection.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import { asSentence, firstOf, oneLine } from '../../text/format.ts';
import type { ShownConnection, ShownOutcome } from './redact.ts';
import { describeUntrusted, isAboutTrust, untrustedBy, untrustedSentence } from './untrusted.ts';

/** Failed tests that a message names. */
const maxTitles = 5;

/** Why a setup failed: a headline, and a message that continues a sentence after "but". */
export type SetupFailure = {
  headline: string;
  message: string;
  /** Fivetran's own reasons that the message quotes. */
  quoted: string[];
};

/** Why the setup of a connection failed; undefined when it did not. */
export function setupFailure(
  connection: ShownConnection | undefined,
  spec: ConnectionSpec,
): SetupFailure | undefined {
  const bad = failedTests(connection);
  if (bad.length > 0) {
    const untrusted = untrustedBy(spec, bad);
    const countText = describeFailures(bad, connection?.setup_tests.length ?? 0);
    const titles = bad.map(({ title }) => oneLine(title));
    return {
      headline:
        untrusted.length > 0 && bad.every(isAboutTrust) ? describeUntrusted(untrusted) : countText,
      message: [
        `${countText}: ${firstOf(titles, maxTitles)}.`,
        ...untrusted.map(untrustedSentence),
      ].join(' '),
      quoted: [],
    };
  }
  if (connection?.status.setup_state !== 'broken') return undefined;
  const reasons = reasonsOf(connection);
  const why = reasons.length > 0 ? `: ${reasons.join(' ')}` : ', although no setup test failed.';
  return {
    headline: 'Fivetran reports the setup as broken',
    message: `Fivetran reports its setup as broken${why}`,
    quoted: reasons,
  };
}

/** `1 of 3 setup tests failed`; `the setup test could not run`. */
function describeFailures(bad: readonly SetupTest[], total: number): string {
  const who = total === 1 ? 'the setup test' : `${bad.length} of ${total} setup tests`;
  return `${who} ${bad.every(couldNotRun) ? 'could not run' : 'failed'}`;
}

/** Fivetran's own reasons: the connection's tasks, then its warnings. */
export function reasonsOf(connection: ShownConnection | undefined): string[] {
  const { tasks = [], warnings = [] } = connection?.status ?? {};
  const texts = [...tasks, ...warnings].flatMap(({ message, code }) => message || code || []);
  return [...new Set(texts)].map(asSentence);
}

/** Fivetran's own reasons that the message on the sync does not quote. */
export function unquotedReasons(outcome: ShownOutcome): string[] {
  const quoted = outcome.kind === 'present' ? (outcome.sync?.reasons ?? []) : [];
  return reasonsOf(outcome.connection).filter((reason) => !quoted.includes(reason));
}
