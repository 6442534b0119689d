import {
  certificateFingerprint,
  presentedIn,
  sshFingerprint,
  untrustedIn,
} from '../../../src/fivetran/fingerprint.ts';
import { certificate, hostKey } from '../../sandbox/fixtures.mjs';

/** What `ssh-keygen -lf` and `openssl x509 -fingerprint -sha256` print for the fixtures. */
const hostKeyPrint = 'SHA256:cPGjO8qgHbORzDw+fAXHBbmmKtFxudSPhjHvDHfqVgs';
const certificatePrint =
  '8B:FE:E1:AA:F2:44:FE:92:8F:53:1C:37:2A:28:F5:25:CE:81:02:52:19:45:1F:4C:83:6B:C0:A3:A3:11:91:A8';

const blob = hostKey.public_key.split(' ')[1] ?? '';
/** A public key line with a key of this type and length. */
const keyOf = (type: string, length: number) =>
  `${type} ${Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type), Buffer.alloc(length)]).toString('base64')}`;
const displayed = (details: unknown) => presentedIn(details).map(({ display }) => display);
const pem = `-----BEGIN CERTIFICATE-----\n${(certificate.encoded_cert.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

test('a host key is displayed as ssh-keygen prints it, whatever hash the answer gives', () => {
  expect(displayed({ ...hostKey, hash: 'SHA256:made+up' })).toEqual([hostKeyPrint]);
  expect(presentedIn(hostKey)).toMatchObject([
    { kind: 'host-key', hash: hostKey.hash, public_key: hostKey.public_key },
  ]);
});

test('a host key without a hash is approved by its fingerprint', () => {
  const [presented] = presentedIn({ public_key: hostKey.public_key });
  expect(presented?.hash).toBe(`${hostKeyPrint.replace('SHA256:', '')}=`);
});

test('a key that several tests present is named once', () => {
  const pins = { trusted_fingerprints: [], trusted_certificates: [] };
  expect(untrustedIn([{ details: hostKey }, { details: [hostKey] }], pins)).toEqual([
    { kind: 'host-key', fingerprints: [hostKeyPrint], isMismatch: false },
  ]);
});

test('a certificate is displayed as openssl prints it, whatever hashes the answer gives', () => {
  const lying = { ...certificate, hash: 'x', sha1: 'x', sha256: 'x' };
  expect(displayed([lying])).toEqual([certificatePrint]);
  expect(presentedIn([certificate])).toMatchObject([
    { kind: 'certificate', hash: certificate.hash, encoded_cert: certificate.encoded_cert },
  ]);
});

test.each([
  ['PEM', pem],
  ['lines of base64', certificate.encoded_cert.replace(/.{76}/g, '$&\r\n')],
])('a certificate can be encoded as %s', (_what, encoded_cert) => {
  expect(displayed({ encoded_cert })).toEqual([certificatePrint]);
});

test('all keys are found, in order', () => {
  expect(displayed([hostKey, null, 'text', {}, certificate, 5])).toEqual([
    hostKeyPrint,
    certificatePrint,
  ]);
});

test.each([
  [undefined],
  [null],
  ['text'],
  [5],
  [[]],
  [{}],
  [{ public_key: 5 }],
  [{ public_key: '' }],
  [{ public_key: 'ssh-rsa' }],
  [{ public_key: 'ssh-rsa not*base64 x' }],
  [{ public_key: `ssh-ed25519 ${blob}` }],
  [{ public_key: `ssh-rsa ${blob.slice(4)}` }],
  [{ public_key: blob }],
  [{ encoded_cert: '' }],
  [{ encoded_cert: 'not*base64' }],
  [{ encoded_cert: ['MII='] }],
])('%j presents nothing', (details) => {
  expect(presentedIn(details)).toEqual([]);
});

test.each([
  ['a line with a name', hostKey.public_key, hostKeyPrint],
  ['a line without one', `ssh-rsa ${blob}`, hostKeyPrint],
  ['an indented line of known_hosts', `  bastion.example.com ssh-rsa ${blob}`, hostKeyPrint],
  ['a line of ssh-keygen', `3072 ${hostKeyPrint}= demo (RSA)`, hostKeyPrint],
  ['a line of known_hosts', `bastion.example.com ssh-rsa ${blob}`, hostKeyPrint],
  [
    'an Ed25519 key',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAII3b01kOBHLfIPlxAyZkELZFMMUi0VyC8pqPp15vaiZw demo',
    'SHA256:rCO0hGsDLsdud2+LdNP7DTg44gcGxJkHbfsTfsFsPW0',
  ],
  [
    'an ECDSA key',
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCOMjfBniGNhZOXGERBdR9hJGPZQ97xd1pWMNkhAjdabaGhwUktzEOM29EPvUAZOiq9O+IhLxWRxI1GA5izGnKU= demo',
    'SHA256:ZdTAmkB2MrHH3+8JY7FHQjM6OFkip4V+Ub0OOPzjtJQ',
  ],
])('the fingerprint of %s', (_what, line, print) => {
  expect(sshFingerprint(line)?.display).toBe(print);
});

test.each([`x${hostKeyPrint}`, `${hostKeyPrint}A`])('%s is not a fingerprint', (pin) => {
  expect(sshFingerprint(pin)).toBeUndefined();
});

test('the public key of a hardware security key is read', () => {
  expect(presentedIn({ public_key: keyOf('sk-ssh-ed25519@openssh.com', 32) })).toHaveLength(1);
});

test('a text of two key lines is not a key', () => {
  const { public_key } = hostKey;
  expect(presentedIn({ hash: 'x', public_key: `${public_key}\n${public_key}` })).toEqual([]);
});

test.each([hostKey.public_key.replace(' ', '\n'), hostKey.public_key.replace(' ', '\r')])(
  'a key with a line break is not a key: %j',
  (public_key) => {
    expect(presentedIn({ public_key })).toEqual([]);
  },
);

test('space around a key and between its parts does not matter', () => {
  const public_key = `\n  ${hostKey.public_key.replaceAll(' ', ' \t ')}\r\n`;
  expect(displayed({ public_key })).toEqual([hostKeyPrint]);
});

test('a certificate’s fingerprint is read with and without colons', () => {
  const bare = certificatePrint.replaceAll(':', '').toLowerCase();
  for (const pin of [
    certificatePrint,
    bare,
    ` ${bare} `,
    `SHA256 Fingerprint=${certificatePrint}`,
    `sha-256: ${certificatePrint}`,
  ]) {
    expect(certificateFingerprint(pin)?.display).toBe(certificatePrint);
  }
  for (const pin of ['', 'x', bare.slice(1), `${bare}0`]) {
    expect(certificateFingerprint(pin)).toBeUndefined();
  }
});

describe('hostile text', () => {
  const pieces = [
    ' ',
    '\t',
    '\n',
    'ssh-rsa ',
    'ssh-rsa',
    'A',
    '=',
    '-----',
    '-----A',
    'ssh-\n',
    '\u2028',
  ];

  test.each(pieces)(
    'of 400,000 characters of %j is read without ambiguity or backtracking',
    (piece) => {
      const text = piece.repeat(400_000 / piece.length);
      for (const whole of [
        text,
        `ssh-rsa${text}x`,
        `ssh-rsa AAAA${text}x`,
        `${text}ssh-rsa AAAA`,
      ]) {
        expect(presentedIn([{ public_key: whole }, { encoded_cert: `${whole}*` }])).toEqual([]);
        expect(sshFingerprint(whole)).toBeUndefined();
      }
    },
  );

  test('that is longer than any key is not read as one', () => {
    expect(presentedIn({ public_key: keyOf('ssh-rsa', 12_000) })).toHaveLength(1);
    expect(presentedIn({ public_key: keyOf('ssh-rsa', 20_000) })).toEqual([]);
    expect(presentedIn({ encoded_cert: Buffer.alloc(20_000).toString('base64') })).toEqual([]);
  });
});
