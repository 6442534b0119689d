import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * An SSH host key as a failed setup test reports it.
 * @typedef {{ hash: string, public_key: string, type: string, name: string }} HostKey
 */

/**
 * A TLS certificate as a failed setup test reports it.
 * @typedef {object} Certificate
 * @property {string} hash
 * @property {string} name
 * @property {string} public_key
 * @property {string} sha1
 * @property {string} sha256
 * @property {string} type
 * @property {string} encoded_cert base64 DER
 */

/** @param {string} name */
const fixture = (name) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

/** @param {Buffer} data */
const sha256 = (data) => createHash('sha256').update(data).digest();

/**
 * Parses a public key line in OpenSSH format and computes its hash.
 * @param {string} line
 * @returns {HostKey}
 */
export function hostKeyOf(line) {
  const [type = '', blob = '', name = ''] = line.trim().split(/\s+/);
  const hash = sha256(Buffer.from(blob, 'base64')).toString('base64');
  return { hash, public_key: line.trim(), type, name };
}

/**
 * Parses a base64 DER certificate and computes its hashes.
 * @param {string} base64
 * @returns {Certificate}
 */
export function certificateOf(base64) {
  const der = Buffer.from(base64, 'base64');
  const parsed = new X509Certificate(der);
  return {
    hash: sha256(der).toString('base64'),
    name: parsed.subject.split('\n').join(', '),
    public_key: parsed.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    sha1: createHash('sha1').update(der).digest('hex'),
    sha256: sha256(der).toString('hex'),
    type: 'X.509',
    encoded_cert: der.toString('base64'),
  };
}

/** The SSH host key that the sandbox's sources present by default. */
export const hostKey = hostKeyOf(fixture('host-key.pub'));

/** The self-signed TLS certificate that the sandbox's sources present by default. */
export const certificate = certificateOf(fixture('certificate.txt'));

/** The fingerprint of `hostKey` as `ssh-keygen -lf` prints it. */
export const hostKeyFingerprint = `SHA256:${hostKey.hash.replace(/=+$/, '')}`;

/** The SHA-256 fingerprint of `certificate` as `openssl x509 -fingerprint` prints it. */
export const certificateFingerprint = (certificate.sha256.toUpperCase().match(/../g) ?? []).join(
  ':',
);
