import { createHash } from 'node:crypto';

/** A SHA-256, and the way in which people compare it. */
export type Fingerprint = { digest: Buffer; shown: string };

/** What a failed setup test shows of a host key or certificate that is not trusted yet. */
export type PresentedIdentity = Fingerprint & { hash: string } & (
    | { kind: 'fingerprint'; public_key: string }
    | { kind: 'certificate'; encoded_cert: string }
  );

/**
 * The host keys and certificates in a test's `details`, which is an object or an array of them.
 * Fingerprints are computed here, from the key or certificate itself: the answer's own may lie.
 * `hash` is the answer's name for it, which approving it takes.
 */
export function presentedIn(details: unknown): PresentedIdentity[] {
  return [details].flat().flatMap((detail): PresentedIdentity[] => {
    if (typeof detail !== 'object' || detail === null) return [];
    const { hash, public_key, encoded_cert } = detail as Record<string, unknown>;
    const named = (digest: Buffer): string =>
      typeof hash === 'string' ? hash : digest.toString('base64');
    if (typeof encoded_cert === 'string') {
      const der = base64(encoded_cert.replace(/-----[A-Z ]+-----|\s/g, ''));
      if (!der) return [];
      const print = certificatePrint(sha256(der));
      return [{ kind: 'certificate', ...print, hash: named(print.digest), encoded_cert }];
    }
    const print = typeof public_key === 'string' ? keyFingerprint(public_key) : undefined;
    if (!print) return [];
    return [
      { kind: 'fingerprint', ...print, hash: named(print.digest), public_key: String(public_key) },
    ];
  });
}

/**
 * Reads an SSH host key's fingerprint: `SHA256:…` as `ssh-keygen -lf` prints it, alone or within its
 * line, or a whole public key line (`ssh-ed25519 AAAA… name`, or as `known_hosts` has it). Undefined when it is neither.
 */
export function sshFingerprint(pin: string): Fingerprint | undefined {
  const [, hash] = /(?:^|\s)SHA256:([A-Za-z0-9+/]{43})=?(?:\s|$)/.exec(pin) ?? [];
  if (hash) return sshPrint(Buffer.from(hash, 'base64'));
  // A line of known_hosts has the host before the key.
  return keyFingerprint(pin) ?? keyFingerprint(pin.trim().replace(/^\S+\s+/, ''));
}

/**
 * Reads a certificate's SHA-256 fingerprint: 64 hex digits, with or without colons, also as
 * `openssl x509 -fingerprint -sha256` prints it. Undefined when it is none.
 */
export function certificateFingerprint(pin: string): Fingerprint | undefined {
  const hex = pin
    .trim()
    .replace(/^sha-?256( fingerprint)?\s*[=:]\s*/i, '')
    .replaceAll(':', '');
  return /^[0-9a-f]{64}$/i.test(hex) ? certificatePrint(Buffer.from(hex, 'hex')) : undefined;
}

function keyFingerprint(line: string): Fingerprint | undefined {
  const [, type, key] =
    /^\s*((?:ssh|ecdsa|sk)-[\w@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?:[ \t][^\r\n]*)?\s*$/.exec(line) ??
    [];
  const blob = base64(key ?? '');
  // A key begins with its type, after the type's length: one that does not was cut or altered.
  if (!type || !blob || blob.toString('latin1', 4, 4 + type.length) !== type) return undefined;
  return sshPrint(sha256(blob));
}

const sshPrint = (digest: Buffer): Fingerprint => ({
  digest,
  shown: `SHA256:${digest.toString('base64').replace(/=+$/, '')}`,
});

const certificatePrint = (digest: Buffer): Fingerprint => ({
  digest,
  shown: (digest.toString('hex').toUpperCase().match(/../g) ?? []).join(':'),
});

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

function base64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
