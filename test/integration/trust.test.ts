import { hexFingerprint, newCertificate, newHostKey, sshFingerprint } from '../harness/keys.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
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
