import { createHash } from 'node:crypto';

/** What a failed setup test shows of a host key or certificate that is not trusted yet. */
export type Offered =
  | { kind: 'fingerprint'; hash: unknown; public_key: string; sha256: string }
  | { kind: 'certificate'; hash: unknown; encoded_cert: string; sha256: string };

/**
 * The host keys and certificates in a test's `details`, which is an object or an array of them.
 * The SHA-256 is computed here from the key or certificate itself, as `ssh-keygen -lf` (`SHA256:…`)
 * and `openssl x509 -fingerprint -sha256` (hex with colons) print it; the answer's own hashes may lie.
 */
export function offeredIn(details: unknown): Offered[] {
  return [details].flat().flatMap((detail): Offered[] => {
    if (typeof detail !== 'object' || detail === null) return [];
    const { hash, public_key, encoded_cert } = detail as Record<string, unknown>;
    if (typeof encoded_cert === 'string') {
      const der = base64(encoded_cert.replace(/-----[A-Z ]+-----|\s/g, ''));
      return der ? [{ kind: 'certificate', hash, encoded_cert, sha256: hexOf(der) }] : [];
    }
    if (typeof public_key !== 'string') return [];
    const sha256 = sshFingerprint(public_key);
    return sha256 ? [{ kind: 'fingerprint', hash, public_key, sha256 }] : [];
  });
}

/**
 * The `SHA256:…` fingerprint of an OpenSSH public key line (`ssh-ed25519 AAAA… name`); undefined
 * when it is none.
 */
export function sshFingerprint(line: string): string | undefined {
  const [, type, key] =
    /(?:^|\s)((?:ssh|ecdsa|sk)-[\w@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(line) ?? [];
  const blob = base64(key ?? '');
  // The key itself begins with its type, after the type's length: what differs was cut or altered.
  if (!type || !blob || blob.toString('latin1', 4, 4 + type.length) !== type) return undefined;
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function base64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? bytes : undefined;
}

const hexOf = (bytes: Buffer): string =>
  (createHash('sha256').update(bytes).digest('hex').toUpperCase().match(/../g) ?? []).join(':');
