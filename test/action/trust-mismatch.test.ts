import { closeAll } from '../fault-run.ts';
import {
  certificate,
  certificateFingerprint,
  hostKey,
  hostKeyFingerprint,
} from '../sandbox/fixtures.mjs';
import { converging } from './converging.ts';
import { hexFingerprint, newCertificate, newHostKey, sshFingerprint } from './keys.ts';
import { act, existing, type Played } from './scene.ts';

afterEach(closeAll);

const otherKey = newHostKey('other.example.com');
const otherCertificate = newCertificate('other.example.com');
const keyUnknown = { scenario: 'host-key-unknown' };
const certificateUnknown = { scenario: 'certificate-unknown' };
const pinnedKey = { trusted_fingerprints: hostKeyFingerprint };
const pinnedCertificate = { trusted_certificates: certificateFingerprint };
const [type = '', blob = ''] = hostKey.public_key.split(' ');

/** Nothing was approved, and the failure line and the summary tell both sides. */
function expectAlarm(step: Played, ...fingerprints: string[]): void {
  expect(step.sent).toEqual(['create']);
  expect(step.exitCode).toBe(1);
  for (const text of [step.annotations.at(-1)?.message, step.summary]) {
    for (const fingerprint of fingerprints) expect(text).toContain(fingerprint);
    expect(text).toMatch(/Nothing was approved.*somebody is in between/);
  }
}

test('another key than the pinned one is not approved, whatever the answer calls it', async () => {
  const lies = [hostKey.hash, hostKeyFingerprint, hostKey.public_key];
  for (const hash of lies) {
    const hostKeys = [{ ...otherKey, hash, type: hostKey.type, name: hostKey.name }];
    const spec = { trusted_fingerprints: [hostKeyFingerprint] };
    const run = await converging({ ...keyUnknown, hostKeys, spec });
    expect(run.sent).toEqual(['create']);
    expect(run.verdict.sentence).toMatch(/somebody is in between/);
  }
  const step = await act({
    ...keyUnknown,
    hostKeys: [{ ...otherKey, hash: hostKey.hash }],
    inputs: pinnedKey,
  });
  expectAlarm(step, hostKeyFingerprint, sshFingerprint(otherKey));
});

test('another certificate is not approved, whatever the answer calls it', async () => {
  const { hash, sha1, sha256, name, public_key } = certificate;
  const certificates = [{ ...otherCertificate, hash, sha1, sha256, name, public_key }];
  const step = await act({ ...certificateUnknown, certificates, inputs: pinnedCertificate });
  expectAlarm(step, certificateFingerprint, hexFingerprint(otherCertificate));
});

test('every key that is shown and every pin is told', async () => {
  const [third, fourth] = [newHostKey('third.example.com'), newHostKey('fourth.example.com')];
  const pins = `${hostKeyFingerprint}\n${fourth.public_key}`;
  const hostKeys = [otherKey, third];
  const step = await act({ ...keyUnknown, hostKeys, inputs: { trusted_fingerprints: pins } });
  expectAlarm(step, ...[otherKey, third, hostKey, fourth].map(sshFingerprint));
});

test('a pinned key behind another one is not approved', async () => {
  const public_key = `${otherKey.public_key.split(' ', 2).join(' ')}, ${hostKey.public_key}`;
  const hostKeys = [{ ...otherKey, public_key }];
  const spec = { trusted_fingerprints: [hostKeyFingerprint] };
  const run = await converging({ ...keyUnknown, hostKeys, spec });
  expect(run.sent).toEqual(['create']);
  expect(run.verdict.grade).toBe('failed');
});

test.each([
  ['reuse', ['look up', 'test']],
  ['update', ['look up', 'patch']],
] as const)('nor is another key on a connection that is there (%s)', async (if_exists, sent) => {
  const spec = { trusted_fingerprints: [hostKeyFingerprint], if_exists, paused: false };
  const connections = [existing(keyUnknown)];
  const run = await converging({ connections, hostKeys: [otherKey], spec });
  expect(run.sent).toEqual(sent);
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toContain(sshFingerprint(otherKey));
});

test.each([
  ['without pins', keyUnknown, {}],
  ['without pins', certificateUnknown, {}],
  ['with pins of the other kind', keyUnknown, pinnedCertificate],
  ['with pins of the other kind', certificateUnknown, pinnedKey],
])('%s nothing is approved, and what to compare is shown: %j', async (_what, unknown, inputs) => {
  const step = await act({ ...unknown, inputs });
  expect(step.sent).toEqual(['create']);
  expect(step.exitCode).toBe(1);
  expect(step.log + step.summary).not.toMatch(/in between|Approved/);
  const [shown, input] =
    unknown === keyUnknown
      ? [hostKeyFingerprint, 'trusted_fingerprints']
      : [certificateFingerprint, 'trusted_certificates'];
  expect(step.summary).toContain(shown);
  expect(step.summary).toContain(input);
});

test('a test that fails for another reason approves nothing, and raises no alarm', async () => {
  const inputs = { ...pinnedKey, ...pinnedCertificate };
  const step = await act({ scenario: 'failed-tests', inputs });
  expect(step.sent).toEqual(['create']);
  expect(step.exitCode).toBe(1);
  expect(step.log + step.summary).not.toMatch(/in between|Approved/);
});

const bad = [
  ['trusted_fingerprints', 'MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48'],
  ['trusted_fingerprints', hostKeyFingerprint.slice(0, -1)],
  ['trusted_fingerprints', hostKey.hash],
  ['trusted_fingerprints', `${type} ${blob.slice(2)}`],
  ['trusted_fingerprints', `ssh-ed25519 ${blob}`],
  ['trusted_fingerprints', certificateFingerprint],
  ['trusted_certificates', certificate.sha1],
  ['trusted_certificates', `${certificate.sha256}00`],
  ['trusted_certificates', certificate.hash],
  ['trusted_certificates', hostKeyFingerprint],
] as const;

test('unusable pins are input errors, all told at once, each with its place', async () => {
  const pinsOf = (input: string) => bad.filter(([name]) => name === input).map(([, pin]) => pin);
  const trusted_fingerprints = [hostKeyFingerprint, ...pinsOf('trusted_fingerprints')].join('\n');
  const trusted_certificates = [certificate.sha256, ...pinsOf('trusted_certificates')].join('\n');
  const step = await act({ ...keyUnknown, inputs: { trusted_fingerprints, trusted_certificates } });
  expect(step.sent).toEqual([]);
  expect(step.exitCode).toBe(1);
  expect(step.annotations.map(({ level }) => level)).toEqual(['error']);
  const problems = step.annotations[0]?.message.split('\n').slice(1) ?? [];
  expect(problems).toHaveLength(bad.length);
  for (const [index, [input, pin]] of bad.entries()) {
    expect(problems[index]).toContain(input);
    expect(problems[index]).toContain(pin.slice(0, 40));
  }
});

test.each([
  ['trusted_fingerprints', 'trust_fingerprints', hostKeyFingerprint],
  ['trusted_certificates', 'trust_certificates', certificateFingerprint],
])('%s and %s: true together are an input error', async (pins, all, pin) => {
  const both = await act({ inputs: { [pins]: pin, [all]: true } });
  expect(both.sent).toEqual([]);
  expect(both.exitCode).toBe(1);
  expect(both.annotations[0]?.message).toContain(all);
  expect(both.annotations[0]?.message).toContain(pins);
  const fine = await act({ inputs: { [pins]: pin, [all]: false } });
  expect(fine.exitCode).toBe(0);
});
