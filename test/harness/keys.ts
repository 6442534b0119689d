import { generateKeyPairSync } from 'node:crypto';
import { certificateOf, hostKeyOf } from '../sandbox/fixtures.mjs';
import { selfSigned } from '../sandbox/self-signed.mjs';

/** A new Ed25519 host key, as a failed setup test presents it. */
export function newHostKey(name: string) {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const field = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = [field(Buffer.from('ssh-ed25519')), field(Buffer.from(x, 'base64url'))];
  return hostKeyOf(`ssh-ed25519 ${Buffer.concat(blob).toString('base64')} ${name}`);
}

/** A new self-signed certificate, as a failed setup test presents it. */
export const newCertificate = (name: string) =>
  certificateOf(selfSigned(name).der.toString('base64'));

/** A host key's fingerprint as `ssh-keygen -lf` prints it, from its true hash. */
export const sshFingerprint = ({ hash }: { hash: string }) => `SHA256:${hash.replace(/=+$/, '')}`;

/** A certificate's SHA-256 as `openssl x509 -fingerprint` prints it, from its true hash. */
export const hexFingerprint = ({ sha256 }: { sha256: string }) =>
  (sha256.toUpperCase().match(/../g) ?? []).join(':');
