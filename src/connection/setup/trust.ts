import {
  type Fingerprint,
  identityWords,
  type Pins,
  type PresentedIdentity,
  pinsOf,
  presentedIn,
} from '../../fivetran/fingerprint.ts';
import { CancelledError, OutcomeUnknownError, RefusedError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import { type Context, note } from '../state.ts';
import { failedTests } from './grade.ts';

/**
 * Approves the host keys and certificates that failed tests present and that the spec pins; nothing
 * else is ever approved. Notes when pins were given and none matches.
 *
 * @param approved the fingerprints approved so far; new ones are added, also where it is unknown
 * whether they were approved
 */
export async function approvePinned(
  connection: Connection,
  { pins, approved }: { pins: Pins; approved: Set<string> },
  ctx: Context,
): Promise<void> {
  const presented = failedTests(connection).flatMap(({ details }) => presentedIn(details));
  const pinned = presented.filter(
    (one) =>
      pinsOf(one.kind, pins).some((pin) => isSame(pin, one)) &&
      // An approval identifies the key by the answer's hash, which could be another key's.
      !presented.some(
        (other) => !isSame(other, one) && (one.hash === other.hash || isHashOf(one.hash, other)),
      ),
  );
  for (const one of pinned) {
    if (approved.has(one.display)) continue;
    try {
      await approve(connection.id, one, ctx);
    } catch (error) {
      const mayBe = error instanceof OutcomeUnknownError || error instanceof CancelledError;
      if (mayBe) approved.add(one.display);
      throw error;
    }
    approved.add(one.display);
  }
  if (pinned.length === 0) {
    const problem = mismatch(presented, pins) ?? unreadable(connection, presented, pins);
    if (problem && !ctx.state.notes.includes(problem)) note(problem, ctx);
  }
}

/** Approves one identity. One that Fivetran says is in place already is approved. */
async function approve(id: string, one: PresentedIdentity, ctx: Context): Promise<void> {
  const what = `the ${nounFor(one)} ${one.display}, which ${inputFor(one)} lists`;
  try {
    await ctx.fivetran.approve(id, one);
    note(`Approved ${what}.`, ctx);
  } catch (error) {
    if (error instanceof OutcomeUnknownError) {
      throw error.followedBy(`It is unknown whether the ${nounFor(one)} was approved.`);
    }
    if (!(error instanceof RefusedError && error.status === 409)) throw error;
    note(`Fivetran says that ${what}, is approved already.`, ctx);
  }
}

const inputFor = ({ kind }: PresentedIdentity) => identityWords[kind].input;

const nounFor = ({ kind }: PresentedIdentity): string => identityWords[kind].shortNoun;

const isSame = (a: Fingerprint, b: Fingerprint): boolean => a.digest.equals(b.digest);

/** Whether the hash that an answer gives for one key is the fingerprint of this one. */
function isHashOf(hash: string, { digest }: Fingerprint): boolean {
  const bare = hash.replace(/^SHA256:/i, '').replaceAll(':', '');
  return (
    bare.replace(/={1,2}$/, '') === digest.toString('base64').replace(/=+$/, '') ||
    bare.toLowerCase() === digest.toString('hex')
  );
}

/** The note when the server presented something other than the pins. */
function mismatch(presented: PresentedIdentity[], pins: Pins): string | undefined {
  const unpinned = presented.find((one) => pins[inputFor(one)].length > 0);
  if (!unpinned) return undefined;
  const ofKind = presented.filter(({ kind }) => kind === unpinned.kind);
  const listed = pinsOf(unpinned.kind, pins).map(({ display }) => display);
  return (
    `The server presented ${nounFor(unpinned)} ${ofKind.map(({ display }) => display).join(', ')}, but ` +
    `${inputFor(unpinned)} lists ${listed.join(', ')}. Nothing was approved. Either the server's ` +
    `${nounFor(unpinned)} changed, or another server is answering: ask the server's operator before you trust it.`
  );
}

/** The note when there are pins, but what the server presented cannot be read. */
function unreadable(
  connection: Connection,
  presented: PresentedIdentity[],
  pins: Pins,
): string | undefined {
  const isPinned = pins.trusted_fingerprints.length + pins.trusted_certificates.length > 0;
  if (!isPinned || presented.length > 0) return undefined;
  const isPresented = failedTests(connection).some(({ details }) =>
    /"(public_key|encoded_cert)"/.test(JSON.stringify(details) ?? ''),
  );
  return isPresented
    ? 'What the server presented cannot be read as a host key or certificate, so nothing was approved.'
    : undefined;
}
