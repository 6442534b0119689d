import { hexFingerprint, newCertificate, newHostKey, sshFingerprint } from '../harness/keys.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep, type VirtualStepRun } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { readable } from '../project/markup.ts';
import {
  certificate,
  certificateFingerprint,
  hostKey,
  hostKeyFingerprint,
} from '../sandbox/fixtures.mjs';

const otherKey = newHostKey('other.example.com');
const otherCertificate = newCertificate('other.example.com');
const keyUnknown = { scenario: 'host-key-unknown' };
const certificateUnknown = { scenario: 'certificate-unknown' };
const pinned = { trusted_fingerprints: hostKeyFingerprint };
const { hash, public_key } = hostKey;

test.each([
  ['a fingerprint', hostKeyFingerprint],
  ['a padded fingerprint', `${hostKeyFingerprint}=`],
  ['a line of ssh-keygen -lf', `3072 ${hostKeyFingerprint} bastion.example.com (RSA)`],
  ['a public key line', public_key],
  ['a public key without a name', public_key.split(' ', 2).join(' ')],
])('a host key pinned by %s is approved', async (_what, pin) => {
  for (const trusted_fingerprints of [pin, `${sshFingerprint(otherKey)}\n\n  ${pin}\n`]) {
    const run = await runStep({ inputs: { trusted_fingerprints } }, keyUnknown);
    expect(run.sent).toEqual(['create', 'approve key', 'test']);
    expect(run.requests[1]?.body).toEqual({ hash, public_key });
    expect(run.requests[2]?.body).toEqual({});
    expect(run.outputs).toMatchObject({ result: 'created', setup_state: 'connected' });
    expect(run.exitCode).toBe(0);
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toContain(
        `Approved the host key ${hostKeyFingerprint}, which trusted_fingerprints lists`,
      );
      expect(text).not.toMatch(/another server/);
    }
    expect(run.log).toContain('Running the setup tests again.');
  }
});

test.each([
  ['as openssl prints it', `sha256 Fingerprint=${certificateFingerprint}`],
  ['with colons', certificateFingerprint],
  ['without colons', certificate.sha256],
  ['in capitals', certificate.sha256.toUpperCase()],
])('a certificate pinned %s is approved', async (_how, pin) => {
  for (const trusted_certificates of [pin, `${otherCertificate.sha256}\n${pin}`]) {
    const run = await runStep({ inputs: { trusted_certificates } }, certificateUnknown);
    expect(run.sent).toEqual(['create', 'approve certificate', 'test']);
    expect(run.requests[1]?.body).toEqual({
      hash: certificate.hash,
      encoded_cert: certificate.encoded_cert,
    });
    expect(run.exitCode).toBe(0);
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toMatch(/Approved the certificate \S+, which trusted_certificates lists/);
    }
  }
});

test('of several host keys, exactly the pinned one is approved', async () => {
  const hostKeys = [otherKey, hostKey, newHostKey('third.example.com')];
  const run = await runStep({ inputs: pinned }, { ...keyUnknown, hostKeys });
  expect(run.sent).toEqual(['create', 'approve key', 'test']);
  expect(run.requests[1]?.body).toEqual({ hash, public_key });
  expect(run.exitCode).toBe(0);
});

test('of several certificates, all the pinned ones are approved', async () => {
  const trusted_certificates = [hexFingerprint(otherCertificate), certificate.sha256].join('\n');
  const certificates = [otherCertificate, newCertificate('third.example.com'), certificate];
  const run = await runStep(
    { inputs: { trusted_certificates } },
    { ...certificateUnknown, certificates },
  );
  expect(bodies(run, 'approve certificate')).toMatchObject([
    { encoded_cert: otherCertificate.encoded_cert },
    { encoded_cert: certificate.encoded_cert },
  ]);
  expect(run.exitCode).toBe(0);
});

test('a key that is presented twice is approved once', async () => {
  const hostKeys = [hostKey, { ...hostKey }];
  const run = await runStep({ inputs: pinned }, { ...keyUnknown, hostKeys });
  expect(run.sent).toEqual(['create', 'approve key', 'test']);
  expect(run.exitCode).toBe(0);
});

test.each(['garbage', sshFingerprint(otherKey)])(
  'a pinned key is approved whatever hash the answer contains: %s',
  async (otherHash) => {
    const hostKeys = [{ ...hostKey, hash: otherHash }];
    const run = await runStep({ inputs: pinned }, { ...keyUnknown, hostKeys });
    expect(bodies(run, 'approve key')).toEqual([{ hash: otherHash, public_key }]);
    expect(run.exitCode).toBe(0);
  },
);

test.each([
  ['reuse', ['look up', 'test', 'approve key', 'test'], 'reused'],
  ['update', ['look up', 'patch', 'approve key', 'test'], 'updated'],
])('an existing connection is trusted in the same way (%s)', async (if_exists, sent, result) => {
  const run = await runStep(
    { inputs: { ...pinned, if_exists, sync_frequency: 5 } },
    { connections: [existing(keyUnknown)] },
  );
  expect(run.sent).toEqual(sent);
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ result, setup_state: 'connected', failed_tests: '[]' });
});

describe('an approval', () => {
  const approve = { method: 'POST', path: '/v1/connections/{id}/fingerprints' };

  test('that is refused fails the step', async () => {
    const faults = [{ ...approve, kind: 'status', status: 403 } as const];
    const run = await runStep({ inputs: pinned }, { ...keyUnknown, faults });
    expect(run.sent).toEqual(['create', 'approve key']);
    expect(failureOf(run)).toContain(`approve the host key ${hostKeyFingerprint}`);
    expect(run.summary).not.toContain('Approved');
    expect(run.outputs).toMatchObject({ result: 'created', connection_id: run.ids[0] });
  });

  test.each(['bare', 'enveloped'] as const)(
    'counts, however it is answered: %s',
    async (answer) => {
      const run = await runStep({ inputs: pinned }, { ...keyUnknown, fingerprintAnswer: answer });
      expect(run.sent).toEqual(['create', 'approve key', 'test']);
      expect(run.exitCode).toBe(0);
    },
  );

  test.each([
    ['after', 0],
    ['before', 1],
  ] as const)(
    'that is refused as in place is judged by the tests (processed %s)',
    async (when, exitCode) => {
      const faults = [{ ...approve, kind: 'status', status: 409, when } as const];
      const run = await runStep({ inputs: pinned }, { ...keyUnknown, faults });
      expect(run.sent).toEqual(['create', 'approve key', 'test']);
      expect(run.exitCode).toBe(exitCode);
      expect(run.log).toMatch(/approved already/);
    },
  );

  test('without effect is not repeated', async () => {
    const body = { code: 'Success' };
    const faults = [{ ...approve, kind: 'status', status: 201, body } as const];
    const run = await runStep({ inputs: pinned }, { ...keyUnknown, faults });
    expect(run.sent).toEqual(['create', 'approve key', 'test']);
    expect(run.exitCode).toBe(1);
  });

  test.each([
    ['reset', [{ ...approve, kind: 'reset' }]],
    ['cut', [{ ...approve, kind: 'cut' }]],
    [
      'processed, and then refused as in place',
      [
        { ...approve, kind: 'reset', when: 'after' },
        { ...approve, kind: 'status', status: 409, nth: 2 },
      ],
    ],
  ] as const)('whose answer was lost is sent again: %s', async (_what, faults) => {
    const run = await runStep({ inputs: pinned }, { ...keyUnknown, faults: [...faults] });
    expect(run.sent).toEqual(['create', 'approve key', 'approve key', 'test']);
    expect(run.exitCode).toBe(0);
    expect(run.summary).toContain('Approved');
  });
});

const pinnedKey = { trusted_fingerprints: hostKeyFingerprint };
const pinnedCertificate = { trusted_certificates: certificateFingerprint };
const [type = '', blob = ''] = hostKey.public_key.split(' ');

/** Expects that nothing was approved, and that log and summary name both sides. */
function expectAlarm(run: VirtualStepRun, ...fingerprints: string[]): void {
  expect(run.sent).toEqual(['create']);
  expect(run.exitCode).toBe(1);
  for (const text of [run.log, readable(run.summary)]) {
    for (const fingerprint of fingerprints) expect(text).toContain(fingerprint);
    expect(text).toMatch(
      /The server presented (host key|certificate) .*, but trusted_\w+ lists .*Nothing was approved.*another server is answering/,
    );
  }
}

test('a key other than the pinned one is not approved, whatever the answer calls it', async () => {
  const lies = [hostKey.hash, hostKeyFingerprint, hostKey.public_key];
  for (const hash of lies) {
    const hostKeys = [{ ...otherKey, hash, type: hostKey.type, name: hostKey.name }];
    const run = await runStep({ inputs: pinnedKey }, { ...keyUnknown, hostKeys });
    expectAlarm(run, hostKeyFingerprint, sshFingerprint(otherKey));
  }
});

test('a certificate other than the pinned one is not approved, whatever the answer calls it', async () => {
  const { hash, sha1, sha256, name, public_key } = certificate;
  const certificates = [{ ...otherCertificate, hash, sha1, sha256, name, public_key }];
  const run = await runStep({ inputs: pinnedCertificate }, { ...certificateUnknown, certificates });
  expectAlarm(run, certificateFingerprint, hexFingerprint(otherCertificate));
});

test('every key presented and every pin is named', async () => {
  const [third, fourth] = [newHostKey('third.example.com'), newHostKey('fourth.example.com')];
  const trusted_fingerprints = `${hostKeyFingerprint}\n${fourth.public_key}`;
  const hostKeys = [otherKey, third];
  const run = await runStep({ inputs: { trusted_fingerprints } }, { ...keyUnknown, hostKeys });
  expectAlarm(run, ...[otherKey, third, hostKey, fourth].map(sshFingerprint));
});

test('a pinned key behind another one is not approved', async () => {
  const public_key = `${otherKey.public_key.split(' ', 2).join(' ')}, ${hostKey.public_key}`;
  const hostKeys = [{ ...otherKey, public_key }];
  const run = await runStep({ inputs: pinnedKey }, { ...keyUnknown, hostKeys });
  expect(run.sent).toEqual(['create']);
  expect(run.exitCode).toBe(1);
});

test('a hash that is the fingerprint of another presented key stops the approval', async () => {
  const hostKeys = [{ ...hostKey, hash: otherKey.hash }, otherKey];
  const run = await runStep({ inputs: pinnedKey }, { ...keyUnknown, hostKeys });
  expect(run.sent).toEqual(['create']);
  expect(run.exitCode).toBe(1);
});

test.each(['hex', 'base64'] as const)(
  'a hash that is the fingerprint of another presented key in %s stops the approval',
  async (encoding) => {
    const fingerprint = sshFingerprint(otherKey).replace('SHA256:', '');
    const digest = Buffer.from(fingerprint, 'base64').toString(encoding);
    const hashes =
      encoding === 'hex'
        ? [digest, digest.toUpperCase(), (digest.match(/../g) ?? []).join(':')]
        : [digest, `SHA256:${digest}`, `sha256:${fingerprint}`];
    for (const hash of hashes) {
      const hostKeys = [{ ...hostKey, hash }, otherKey];
      const run = await runStep({ inputs: pinnedKey }, { ...keyUnknown, hostKeys });
      expect(run.sent).toEqual(['create']);
      expect(run.exitCode).toBe(1);
    }
  },
);

test.each([
  [pinnedKey, { ...keyUnknown, hostKeys: [{ ...hostKey, public_key: 'unreadable' }] }],
  [
    pinnedCertificate,
    { ...certificateUnknown, certificates: [{ ...certificate, encoded_cert: '?' }] },
  ],
])('what cannot be read is noted only where something is pinned: %j', async (inputs, world) => {
  const pinned = await runStep({ inputs }, world);
  expect(pinned.log).toContain('cannot be read as a host key or certificate');
  const plain = await runStep({}, world);
  expect(plain.log).not.toContain('cannot be read as a host key');
});

test('a hash that two presented keys share stops the approval', async () => {
  const hostKeys = [hostKey, { ...otherKey, hash: hostKey.hash }];
  const run = await runStep({ inputs: pinnedKey }, { ...keyUnknown, hostKeys });
  expect(run.sent).toEqual(['create']);
  expect(run.exitCode).toBe(1);
});

test.each([
  ['reuse', ['look up', 'test']],
  ['update', ['look up', 'patch']],
])(
  'an existing connection that presents another key is not trusted (%s)',
  async (if_exists, sent) => {
    const run = await runStep(
      { inputs: { ...pinnedKey, if_exists, sync_frequency: 5 } },
      { connections: [existing(keyUnknown)], hostKeys: [otherKey] },
    );
    expect(run.sent).toEqual(sent);
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain(sshFingerprint(otherKey));
  },
);

test.each([
  ['without pins', keyUnknown, {}],
  ['without pins', certificateUnknown, {}],
  ['with pins of the other kind', keyUnknown, pinnedCertificate],
  ['with pins of the other kind', certificateUnknown, pinnedKey],
])('%s nothing is approved, and what to compare is shown: %j', async (_what, unknown, inputs) => {
  const run = await runStep({ inputs }, unknown);
  expect(run.sent).toEqual(['create']);
  expect(run.exitCode).toBe(1);
  expect(run.log + run.summary).not.toMatch(/another server|Approved|cannot be read/);
  const [fingerprint, input] =
    unknown === keyUnknown
      ? [hostKeyFingerprint, 'trusted_fingerprints']
      : [certificateFingerprint, 'trusted_certificates'];
  expect(run.summary).toContain(fingerprint);
  expect(run.summary).toContain(input);
  expect(annotated(run, 'error').join('\n')).toContain(fingerprint);
});

test('a test that fails for another reason approves nothing', async () => {
  const run = await runStep(
    { inputs: { ...pinnedKey, ...pinnedCertificate } },
    { scenario: 'failed-tests' },
  );
  expect(run.sent).toEqual(['create']);
  expect(run.exitCode).toBe(1);
  expect(run.log + run.summary).not.toMatch(/another server|Approved|cannot be read/);
});

const unusable = [
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

test('invalid pins are input errors, all reported at once', async () => {
  const pinsOf = (input: string) =>
    unusable.filter(([name]) => name === input).map(([, pin]) => pin);
  const trusted_fingerprints = [hostKeyFingerprint, ...pinsOf('trusted_fingerprints')].join('\n');
  const trusted_certificates = [certificate.sha256, ...pinsOf('trusted_certificates')].join('\n');
  const run = await runStep({ inputs: { trusted_fingerprints, trusted_certificates } }, keyUnknown);
  expect(run.sent).toEqual([]);
  expect(failureOf(run)).toContain(`${unusable.length} problems with the inputs`);
  for (const [input, pin] of unusable) {
    expect(run.log).toContain(input);
    expect(run.log).toContain(pin.slice(0, 40));
  }
});
