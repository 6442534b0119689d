import { createHash } from 'node:crypto';

/**
 * The SSH public key of a group, which its sources must trust: an OpenSSH line. The same group always
 * has the same key.
 * @param {string} groupId
 */
export function publicKeyOf(groupId) {
  const modulus = Buffer.concat([
    Buffer.of(0),
    ...[1, 2, 3, 4].map((part) => createHash('sha512').update(`${groupId} ${part}`).digest()),
  ]);
  modulus[1] = 0xc1;
  const blob = Buffer.concat(
    [Buffer.from('ssh-rsa'), Buffer.of(1, 0, 1), modulus].flatMap((field) => [
      lengthOf(field),
      field,
    ]),
  );
  return `ssh-rsa ${blob.toString('base64')} fivetran user key`;
}

/** @param {Buffer} field */
function lengthOf({ length }) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}
