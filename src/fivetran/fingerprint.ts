import { createHash } from 'node:crypto';
import { isMapping } from '../text/mapping.ts';

/** A SHA-256 digest, and how people write it. */
export type Fingerprint = { digest: Buffer; display: string };

/** An untrusted host key or certificate, as a failed setup test presents it. */
export type PresentedIdentity = Fingerprint & { hash: string } & (
    | { kind: 'host-key'; public_key: string }
    | { kind: 'certificate'; encoded_cert: string }
  );

type IdentityKind = PresentedIdentity['kind'];

/** The host keys and certificates that the user trusts, as written. */
export type Pins = { trusted_fingerprints: string[]; trusted_certificates: string[] };

/** What each kind of identity is called, and the input that lists the trusted ones. */
export const identityWords = {
  'host-key': { noun: 'SSH host key', shortNoun: 'host key', input: 'trusted_fingerprints' },
  certificate: { noun: 'TLS certificate', shortNoun: 'certificate', input: 'trusted_certificates' },
} as const satisfies Record<IdentityKind, { noun: string; shortNoun: string; input: keyof Pins }>;

/** The host keys or the certificates that tests presented and that are not trusted. */
export type Untrusted = {
  kind: IdentityKind;
  /** Their fingerprints, as people compare them. */
  fingerprints: string[];
  /** Whether the user pinned others of this kind, so that these are not what was expected. */
  isMismatch: boolean;
};

/** Longer text is no key and no certificate. */
const maxEncodedLength = 16 * 1024;

/**
 * The host keys and certificates in a test's `details`, which is an object or an array of them.
 * Fingerprints are computed here, from the key or certificate itself, because the response's own
 * may be wrong. `hash` is the response's name for it, which approving it takes.
 */
export function presentedIn(details: unknown): PresentedIdentity[] {
  return [details].flat().flatMap((detail): PresentedIdentity[] => {
    if (!isMapping(detail)) return [];
    const { hash, public_key, encoded_cert } = detail;
    const hashOr = ({ digest }: Fingerprint): string =>
      typeof hash === 'string' ? hash : digest.toString('base64');
    if (typeof encoded_cert === 'string') {
      const print = fingerprintOfCertificate(encoded_cert);
      return print ? [{ kind: 'certificate', ...print, hash: hashOr(print), encoded_cert }] : [];
    }
    if (typeof public_key !== 'string') return [];
    const print = fingerprintOfKey(public_key);
    return print ? [{ kind: 'host-key', ...print, hash: hashOr(print), public_key }] : [];
  });
}

/** The fingerprints of one kind that the user trusts. */
export function pinsOf(kind: IdentityKind, pins: Pins): Fingerprint[] {
  const read = kind === 'host-key' ? sshFingerprint : certificateFingerprint;
  return pins[identityWords[kind].input].flatMap((pin) => read(pin) ?? []);
}

/**
 * What setup tests presented and the user does not trust, by kind; nothing of a kind that is
 * trusted.
 */
export function untrustedIn(tests: readonly { details?: unknown }[], pins: Pins): Untrusted[] {
  const presented = tests.flatMap(({ details }) => presentedIn(details));
  return (['host-key', 'certificate'] as const).flatMap((kind) => {
    const trusted = pinsOf(kind, pins).map(({ display }) => display);
    const unknown = presented.filter((one) => one.kind === kind && !trusted.includes(one.display));
    const fingerprints = [...new Set(unknown.map(({ display }) => display))];
    return fingerprints.length > 0 ? [{ kind, fingerprints, isMismatch: trusted.length > 0 }] : [];
  });
}

/**
 * Reads an SSH host key's fingerprint: `SHA256:…` as `ssh-keygen -lf` prints it, alone or within
 * its line, or a whole public key line (`ssh-ed25519 AAAA… name`, or as in `known_hosts`).
 * Undefined for anything else.
 */
export function sshFingerprint(pin: string): Fingerprint | undefined {
  const [, hash] = /(?:^|\s)SHA256:([A-Za-z0-9+/]{43})=?(?:\s|$)/.exec(pin) ?? [];
  if (hash) return sshPrint(Buffer.from(hash, 'base64'));
  // A line of known_hosts has the host before the key.
  return fingerprintOfKey(pin) ?? fingerprintOfKey(pin.trim().replace(/^\S+\s/, ''));
}

/**
 * Reads a certificate's SHA-256 fingerprint: 64 hex digits, with or without colons, also as
 * `openssl x509 -fingerprint -sha256` prints it. Undefined for anything else.
 */
export function certificateFingerprint(pin: string): Fingerprint | undefined {
  const hex = pin
    .trim()
    .replace(/^sha-?256( fingerprint)?\s*[=:]\s*/i, '')
    .replaceAll(':', '');
  return /^[0-9a-f]{64}$/i.test(hex) ? certificatePrint(Buffer.from(hex, 'hex')) : undefined;
}

/** The fingerprint of a public key line: `ssh-ed25519 AAAA…`, and a comment if there is one. */
function fingerprintOfKey(line: string): Fingerprint | undefined {
  if (line.length > maxEncodedLength) return undefined;
  const [type = '', key = ''] = line.trim().split(/[ \t]+/, 2);
  const isOneLine = !/[\r\n]/.test(line.trim());
  const blob = isOneLine && /^(ssh|ecdsa|sk)-[\w@.-]+$/.test(type) ? decodeBase64(key) : undefined;
  // A key begins with its type, after the type's length. One that does not was cut or altered.
  return blob?.toString('latin1', 4, 4 + type.length) === type ? sshPrint(sha256(blob)) : undefined;
}

/** The fingerprint of a certificate: Base64-encoded DER, also as PEM. */
function fingerprintOfCertificate(encoded: string): Fingerprint | undefined {
  if (encoded.length > maxEncodedLength) return undefined;
  const der = decodeBase64(encoded.replace(/-----[A-Z ]+-----|\s/g, ''));
  return der && certificatePrint(sha256(der));
}

const sshPrint = (digest: Buffer): Fingerprint => ({
  digest,
  display: `SHA256:${digest.toString('base64').replace(/=+$/, '')}`,
});

const certificatePrint = (digest: Buffer): Fingerprint => ({
  digest,
  display: (digest.toString('hex').toUpperCase().match(/../g) ?? []).join(':'),
});

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

const decodeBase64 = (text: string): Buffer | undefined =>
  /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
