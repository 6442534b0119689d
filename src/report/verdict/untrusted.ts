import {
  identityWords,
  presentedIn,
  type Untrusted,
  untrustedIn,
} from '../../fivetran/fingerprint.ts';
import type { SetupTest } from '../../fivetran/responses/connection.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';

/** What setup tests presented and the spec does not trust, by kind. */
export const untrustedBy = (spec: ConnectionSpec, tests: readonly SetupTest[]): Untrusted[] =>
  untrustedIn(
    tests,
    spec.state === 'present' ? spec : { trusted_fingerprints: [], trusted_certificates: [] },
  );

/**
 * Whether a test presents a host key or certificate: it failed over trust, not over its settings.
 */
export const isAboutTrust = ({ details }: SetupTest): boolean => presentedIn(details).length > 0;

/** What a test presented, as people compare it. */
export const presentedLines = ({ details }: SetupTest): string[] =>
  presentedIn(details)
    .slice(0, 10)
    .map(({ kind, display }) => `Presented ${identityWords[kind].noun}: ${display}`);

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
