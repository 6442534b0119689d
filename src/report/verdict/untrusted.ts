import { failedTests } from '../../connection/setup/grade.ts';
import { pinInputs, pinsOf } from '../../connection/setup/trust.ts';
import { type PresentedIdentity, presentedIn } from '../../fivetran/fingerprint.ts';
import type { Connection, SetupTest } from '../../fivetran/responses/connection.ts';
import type { ConnectionSpec, Pins } from '../../inputs/spec.ts';

/** The host keys or the certificates that failed tests presented and that are not trusted. */
export type Untrusted = {
  kind: PresentedIdentity['kind'];
  /** Their fingerprints, as people compare them. */
  fingerprints: string[];
  /** Whether the user pinned others of this kind, so that these are not what was expected. */
  isMismatch: boolean;
};

/** What each kind is called, and the input that lists the trusted ones. */
export const identityWords = {
  fingerprint: { noun: 'SSH host key', input: pinInputs.fingerprint },
  certificate: { noun: 'TLS certificate', input: pinInputs.certificate },
} as const;

/** What the failed tests of a connection presented and the spec does not trust, by kind. */
export function untrustedOf(
  connection: Connection | undefined,
  spec: ConnectionSpec | undefined,
): Untrusted[] {
  const pins = spec?.state === 'present' ? spec : noPins;
  const presented = failedTests(connection).flatMap(({ details }) => presentedIn(details));
  return (['fingerprint', 'certificate'] as const).flatMap((kind) => {
    const trusted = pinsOf(kind, pins).map(({ display }) => display);
    const unknown = presented.filter((one) => one.kind === kind && !trusted.includes(one.display));
    const fingerprints = [...new Set(unknown.map(({ display }) => display))];
    return fingerprints.length > 0 ? [{ kind, fingerprints, isMismatch: trusted.length > 0 }] : [];
  });
}

/** Whether a test presents a host key or certificate: it failed over trust, not over its settings. */
export const isAboutTrust = ({ details }: SetupTest): boolean => presentedIn(details).length > 0;

const noPins: Pins = { trusted_fingerprints: [], trusted_certificates: [] };

/** `SSH host key not trusted yet: SHA256:…` */
export const untrustedSentence = (untrusted: Untrusted): string =>
  `${describeUntrusted([untrusted])}: ${untrusted.fingerprints.slice(0, 5).join(', ')}`;

/** `SSH host key not trusted yet`; names every kind that was presented. */
export function describeUntrusted(untrusted: readonly Untrusted[]): string {
  const mismatch = untrusted.find(({ isMismatch }) => isMismatch);
  if (mismatch) {
    const { noun, input } = identityWords[mismatch.kind];
    return `${noun} does not match ${input}`;
  }
  const nouns = untrusted.map(({ kind }) => identityWords[kind].noun);
  return `${nouns.join(' and ')} not trusted yet`;
}
