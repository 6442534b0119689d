import { timingSafeEqual } from 'node:crypto';
import type { Connection } from '../fivetran/answers.ts';
import {
  certificateFingerprint,
  type Fingerprint,
  type PresentedIdentity,
  presentedIn,
  sshFingerprint,
} from '../fivetran/fingerprint.ts';
import type { ConnectionSpec } from '../inputs/fields.ts';
import { failedTests } from './setup-tests.ts';
import type { Context } from './state.ts';

/**
 * Approves the host keys and certificates that failed tests show and that the wish pins; nothing
 * else is ever approved. What was shown and is not pinned is told as `progress.mismatch`.
 *
 * @returns whether any was approved that was not approved before
 */
export async function approvePinned(
  connection: Connection,
  spec: ConnectionSpec,
  { fivetran, state, say }: Context,
): Promise<boolean> {
  const offered = failedTests(connection).flatMap(({ details }) => presentedIn(details));
  const pinned = offered.filter(
    (one) =>
      pinsFor(one, spec).some((pin) => same(pin, one)) &&
      // A hash that is another key's could have that other one approved.
      !offered.some((other) => !same(other, one) && isHashOf(one.hash, other)),
  );
  const fresh = pinned.filter(
    ({ shown }, index) =>
      !state.approved.includes(shown) &&
      pinned.findIndex((other) => other.shown === shown) === index,
  );
  state.mismatch =
    pinned.length > 0 ? undefined : (mismatch(offered, spec) ?? unreadable(connection, spec));
  for (const one of fresh) {
    await fivetran.approve(connection.id, one);
    state.approved.push(one.shown);
    const remark = `Approved the ${noun(one)} ${one.shown}, which ${inputFor(one)} holds.`;
    state.notes.push(remark);
    say(remark);
  }
  return fresh.length > 0;
}

const inputFor = ({ kind }: PresentedIdentity) =>
  kind === 'fingerprint' ? 'trusted_fingerprints' : 'trusted_certificates';

const noun = ({ kind }: PresentedIdentity): string =>
  kind === 'fingerprint' ? 'host key' : 'certificate';

function pinsFor(offered: PresentedIdentity, spec: ConnectionSpec): Fingerprint[] {
  const read = offered.kind === 'fingerprint' ? sshFingerprint : certificateFingerprint;
  return spec[inputFor(offered)].flatMap((pin) => read(pin) ?? []);
}

const same = (a: Fingerprint, b: Fingerprint): boolean => timingSafeEqual(a.digest, b.digest);

/** Whether the answer's name for something shown is the fingerprint of this one. */
const isHashOf = (hash: string, { digest }: Fingerprint): boolean =>
  [digest.toString('base64').replace(/=+$/, ''), digest.toString('hex')].includes(
    hash
      .replace(/^SHA256:/i, '')
      .replace(/=+$/, '')
      .replaceAll(':', ''),
  ) || hash.replaceAll(':', '').toLowerCase() === digest.toString('hex');

/** What to say when pins were given, and what is shown is no key that could be compared with them. */
function unreadable(connection: Connection, spec: ConnectionSpec): string | undefined {
  const pins = [...spec.trusted_fingerprints, ...spec.trusted_certificates];
  const shown = failedTests(connection).some(({ details }) =>
    /"(public_key|encoded_cert)"/.test(JSON.stringify(details) ?? ''),
  );
  return pins.length > 0 &&
    shown &&
    failedTests(connection).every(({ details }) => presentedIn(details).length === 0)
    ? 'What the other side shows can not be read as a host key or certificate, so it was compared with no pin, and nothing was approved.'
    : undefined;
}

/** What to say when pins were given, and what the other side shows is none of them. */
function mismatch(offered: PresentedIdentity[], spec: ConnectionSpec): string | undefined {
  const [stranger] = offered.filter((one) => spec[inputFor(one)].length > 0);
  if (!stranger) return undefined;
  const shown = offered.filter(({ kind }) => kind === stranger.kind).map((one) => one.shown);
  const pins = pinsFor(stranger, spec).map((pin) => pin.shown);
  return (
    `The other side shows the ${noun(stranger)} ${shown.join(', ')}, and ${inputFor(stranger)} holds ` +
    `${pins.join(', ')}. Nothing was approved. Either it was changed, or somebody is in between: ask ` +
    'whoever runs the server before you trust it.'
  );
}
