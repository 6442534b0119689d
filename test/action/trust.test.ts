import { closeAll } from '../fault-run.ts';
import {
  certificate,
  certificateFingerprint,
  hostKey,
  hostKeyFingerprint,
} from '../sandbox/fixtures.mjs';
import { converging } from './converging.ts';
import { hexFingerprint, newCertificate, newHostKey, sshFingerprint } from './keys.ts';
import { act, bodies, existing } from './scene.ts';

afterEach(closeAll);

const otherKey = newHostKey('other.example.com');
const otherCertificate = newCertificate('other.example.com');
const keyUnknown = { scenario: 'host-key-unknown' };
const certificateUnknown = { scenario: 'certificate-unknown' };
const pinned = { trusted_fingerprints: [hostKeyFingerprint] };
const { hash, public_key } = hostKey;

test.each([
  ['a fingerprint', hostKeyFingerprint],
  ['a padded fingerprint', `${hostKeyFingerprint}=`],
  ['a line of ssh-keygen -lf', `3072 ${hostKeyFingerprint} bastion.example.com (RSA)`],
  ['a public key line', public_key],
  ['a public key without a name', public_key.split(' ', 2).join(' ')],
])('a host key is approved that is pinned by %s', async (_what, pin) => {
  for (const trusted_fingerprints of [[pin], [sshFingerprint(otherKey), pin]]) {
    const run = await converging({ ...keyUnknown, spec: { trusted_fingerprints } });
    expect(run.sent).toEqual(['create', 'approve key', 'test']);
    expect(run.requests[1]?.body).toEqual({ hash, public_key });
    expect(run.outputs).toMatchObject({ result: 'created', setup_state: 'connected' });
    expect(run.verdict.grade).toBe('passed');
  }
});

test('the step has its pins one a line, and tells what it approved', async () => {
  const trusted_fingerprints = `${sshFingerprint(otherKey)}\n\n  ${public_key}\n`;
  const step = await act({ ...keyUnknown, inputs: { trusted_fingerprints } });
  expect(step.sent).toEqual(['create', 'approve key', 'test']);
  expect(step.requests[1]?.body).toEqual({ hash, public_key });
  expect(step.requests[2]?.body).toEqual({});
  expect(step.exitCode).toBe(0);
  expect(step.outputs).toMatchObject({ result: 'created', setup_state: 'connected' });
  for (const text of [step.log, step.summary]) {
    expect(text).toContain(`Approved the host key ${hostKeyFingerprint}`);
  }
});

test.each([
  ['as openssl prints it', `sha256 Fingerprint=${certificateFingerprint}`],
  ['with colons', certificateFingerprint],
  ['without colons', certificate.sha256],
  ['in capitals', certificate.sha256.toUpperCase()],
])('a certificate is approved that is pinned %s', async (_how, pin) => {
  for (const trusted_certificates of [[pin], [otherCertificate.sha256, pin]]) {
    const run = await converging({ ...certificateUnknown, spec: { trusted_certificates } });
    expect(run.sent).toEqual(['create', 'approve certificate', 'test']);
    expect(run.requests[1]?.body).toEqual({
      hash: certificate.hash,
      encoded_cert: certificate.encoded_cert,
    });
    expect(run.verdict.grade).toBe('passed');
    for (const text of [run.log, run.summary]) {
      expect(text).toContain(`Approved the certificate ${certificateFingerprint}`);
    }
  }
});

test('of several that are shown exactly the pinned one is approved', async () => {
  const hostKeys = [otherKey, hostKey, newHostKey('third.example.com')];
  const run = await converging({ ...keyUnknown, hostKeys, spec: pinned });
  expect(run.sent).toEqual(['create', 'approve key', 'test']);
  expect(run.requests[1]?.body).toEqual({ hash, public_key });
  expect(run.verdict.grade).toBe('passed');
});

test('of several that are shown all the pinned ones are approved', async () => {
  const trusted_certificates = [hexFingerprint(otherCertificate), certificate.sha256];
  const certificates = [otherCertificate, newCertificate('third.example.com'), certificate];
  const spec = { trusted_certificates };
  const run = await converging({ ...certificateUnknown, certificates, spec });
  expect(bodies(run.requests, 'approve certificate')).toMatchObject([
    { encoded_cert: otherCertificate.encoded_cert },
    { encoded_cert: certificate.encoded_cert },
  ]);
  expect(run.verdict.grade).toBe('passed');
});

test('what is shown twice is approved once', async () => {
  const hostKeys = [hostKey, { ...hostKey }];
  const run = await converging({ ...keyUnknown, hostKeys, spec: pinned });
  expect(run.sent).toEqual(['create', 'approve key', 'test']);
  expect(run.verdict.grade).toBe('passed');
});

test.each(['garbage', sshFingerprint(otherKey)])(
  'a pinned key is approved by whatever hash the answer gives it: %s',
  async (otherHash) => {
    const hostKeys = [{ ...hostKey, hash: otherHash }];
    const run = await converging({ ...keyUnknown, hostKeys, spec: pinned });
    expect(bodies(run.requests, 'approve key')).toEqual([{ hash: otherHash, public_key }]);
    expect(run.verdict.grade).toBe('passed');
  },
);

test.each([
  ['reuse', ['look up', 'test', 'approve key', 'test'], 'reused'],
  ['update', ['look up', 'patch', 'approve key', 'test'], 'updated'],
] as const)(
  'one that is there is trusted in the same way (%s)',
  async (if_exists, sent, result) => {
    const spec = { ...pinned, if_exists, sync_frequency: 5 } as const;
    const run = await converging({ connections: [existing(keyUnknown)], spec });
    expect(run.sent).toEqual(sent);
    expect(run.verdict.grade).toBe('passed');
    expect(run.outputs).toMatchObject({ result, setup_state: 'connected', failed_tests: '[]' });
  },
);

describe('an approval', () => {
  const approve = { method: 'POST', path: '/v1/connections/{id}/fingerprints' };
  const spec = pinned;

  test('that is refused fails the step', async () => {
    const faults = [{ ...approve, kind: 'status', status: 403 } as const];
    const run = await converging({ ...keyUnknown, spec, faults });
    expect(run.sent).toEqual(['create', 'approve key']);
    expect(run.verdict.grade).toBe('failed');
    expect(run.verdict.sentence).toContain(`approve the host key ${hostKeyFingerprint}`);
    expect(run.summary).not.toContain('Approved');
    expect(run.outputs).toMatchObject({ result: 'created', connection_id: run.ids[0] });
  });

  test('that does not help is not repeated for ever', async () => {
    const body = { code: 'Success' };
    const faults = [{ ...approve, kind: 'status', status: 201, body } as const];
    const run = await converging({ ...keyUnknown, spec, faults });
    expect(run.sent).toEqual(['create', 'approve key', 'test']);
    expect(run.verdict.grade).toBe('failed');
  });

  test.each([
    ['reset', [{ ...approve, kind: 'reset' }]],
    ['cut', [{ ...approve, kind: 'cut' }]],
    [
      'done, and then refused as done',
      [
        { ...approve, kind: 'reset', when: 'after' },
        { ...approve, kind: 'status', status: 409, nth: 2 },
      ],
    ],
  ] as const)('whose answer was lost is asked for again: %s', async (_what, faults) => {
    const run = await converging({ ...keyUnknown, spec, faults: [...faults] });
    expect(run.sent).toEqual(['create', 'approve key', 'approve key', 'test']);
    expect(run.verdict.grade).toBe('passed');
    expect(run.summary).toContain('Approved');
  });
});
