import { presentedIn, sshFingerprint } from '../../src/fivetran/fingerprint.ts';
import { certificate, hostKey } from '../sandbox/fixtures.mjs';

/** What `ssh-keygen -lf` and `openssl x509 -fingerprint -sha256` print for the fixtures. */
const hostKeyPrint = 'SHA256:cPGjO8qgHbORzDw+fAXHBbmmKtFxudSPhjHvDHfqVgs';
const certificatePrint =
  '8B:FE:E1:AA:F2:44:FE:92:8F:53:1C:37:2A:28:F5:25:CE:81:02:52:19:45:1F:4C:83:6B:C0:A3:A3:11:91:A8';

const blob = hostKey.public_key.split(' ')[1] ?? '';
const shownIn = (details: unknown) => presentedIn(details).map(({ shown }) => shown);
const pem = `-----BEGIN CERTIFICATE-----\n${(certificate.encoded_cert.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

test('a host key is shown as ssh-keygen shows it, whatever hash the answer gives', () => {
  expect(shownIn({ ...hostKey, hash: 'SHA256:made+up' })).toEqual([hostKeyPrint]);
  expect(presentedIn(hostKey)).toMatchObject([
    { kind: 'fingerprint', hash: hostKey.hash, public_key: hostKey.public_key },
  ]);
});

test('a certificate is shown as openssl shows it, whatever hashes the answer gives', () => {
  const lying = { ...certificate, hash: 'x', sha1: 'x', sha256: 'x' };
  expect(shownIn([lying])).toEqual([certificatePrint]);
  expect(presentedIn([certificate])).toMatchObject([
    { kind: 'certificate', hash: certificate.hash, encoded_cert: certificate.encoded_cert },
  ]);
});

test.each([
  ['PEM', pem],
  ['lines of base64', certificate.encoded_cert.replace(/.{76}/g, '$&\r\n')],
])('a certificate may come as %s', (_what, encoded_cert) => {
  expect(shownIn({ encoded_cert })).toEqual([certificatePrint]);
});

test('several are all shown, in their order, beside what is none', () => {
  expect(shownIn([hostKey, null, 'text', {}, certificate, 5])).toEqual([
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
])('%j offers nothing', (details) => {
  expect(presentedIn(details)).toEqual([]);
});

test.each([
  ['a line with a name', hostKey.public_key, hostKeyPrint],
  ['a line without one', `ssh-rsa ${blob}`, hostKeyPrint],
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
  expect(sshFingerprint(line)?.shown).toBe(print);
});

test('a text of two key lines is no key that could be approved', () => {
  const { public_key } = hostKey;
  expect(presentedIn({ hash: 'x', public_key: `${public_key}\n${public_key}` })).toEqual([]);
});
