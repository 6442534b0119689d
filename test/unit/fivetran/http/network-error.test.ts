import { classifyNetworkError } from '../../../../src/fivetran/http/network-error.ts';

const classify = (fields: object) =>
  classifyNetworkError(Object.assign(new Error('it broke'), fields), 'api.test:443');

test.each([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'CRL_HAS_EXPIRED',
])('a certificate rejected with %s is final', (code) => {
  expect(classify({ code })).toMatchObject({
    kind: 'unsent',
    final: true,
    reason: expect.stringMatching(`TLS with api.test:443 failed \\(${code}: it broke\\)`),
  });
});

test.each([
  [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'does not resolve (ENOTFOUND)'],
  [{ code: 'EAI_AGAIN', syscall: 'getaddrinfo' }, 'does not resolve (EAI_AGAIN)'],
  [{ code: 'ETIMEDOUT', syscall: 'connect' }, 'does not accept connections (ETIMEDOUT)'],
  [{ code: 'EHOSTUNREACH', syscall: 'connect' }, 'does not accept connections (EHOSTUNREACH)'],
  [{ code: 'ECONNRESET', message: 'got illegal response body from proxy' }, 'the proxy did not'],
  [
    { message: 'Client network socket disconnected before secure TLS connection was established' },
    'TLS with api.test:443 failed',
  ],
])('%j was not sent and can be retried', (fields, words) => {
  expect(classify(fields)).toMatchObject({
    kind: 'unsent',
    final: false,
    reason: expect.stringContaining(words),
  });
});

test.each([
  [{ code: 'ECONNRESET', syscall: 'read' }, 'the connection broke'],
  [{ code: 'ETIMEDOUT', syscall: 'read' }, 'the connection broke'],
  [{ code: 'EPIPE', syscall: 'write' }, 'the connection broke'],
  [{ code: 'HPE_INVALID_CONSTANT' }, 'the connection broke'],
  [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'TLS with api.test:443 failed'],
  [{ code: 'EPROTO' }, 'TLS with api.test:443 failed'],
])('%j leaves the outcome unknown', (fields, words) => {
  expect(classify(fields)).toMatchObject({
    kind: 'unknown',
    reason: expect.stringContaining(words),
  });
});

test('for a host with several addresses, the first failure counts', () => {
  const errors = [{ code: 'ECONNREFUSED', syscall: 'connect', message: 'no' }, new Error('other')];
  expect(classify({ errors }).reason).toMatch(/does not accept connections \(ECONNREFUSED\)/);
});

test.each([undefined, null, 'a text', 5])('accepts %j as an error', (error) => {
  expect(classifyNetworkError(error, 'api.test')).toMatchObject({ kind: 'unknown' });
});
