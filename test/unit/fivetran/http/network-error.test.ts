import { classifyNetworkError } from '../../../../src/fivetran/http/network-error.ts';

const classify = (fields: object, isConnected = false) =>
  classifyNetworkError(Object.assign(new Error('it broke'), fields), {
    host: 'api.test:443',
    isConnected,
  });

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
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
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
  [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'TLS with api.test:443 failed'],
  [{ code: 'ECONNRESET', syscall: 'read' }, 'broke before anything was sent (it broke)'],
  ...[408, 429, 500, 502, 503, 504].map((status): [object, string] => [
    { message: `tunneling socket could not be established, statusCode=${status}` },
    `did not open a tunnel to api.test:443 (tunneling socket could not be established, statusCode=${status})`,
  ]),
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
  [{ code: 'EPIPE', syscall: 'write' }, 'broke before the response was complete (it broke).'],
  [{ code: 'HPE_INVALID_CONSTANT' }, 'the connection broke'],
  [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'TLS with api.test:443 failed'],
  [{ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' }, 'TLS with api.test:443 failed'],
  [{ code: 'EPROTO' }, 'failed (EPROTO: it broke). If a proxy inspects TLS, pass its certificate'],
])('%j on a connection leaves the outcome unknown', (fields, words) => {
  expect(classify(fields, true)).toMatchObject({
    kind: 'unknown',
    reason: expect.stringContaining(words),
  });
});

test.each([
  ...[301, 400, 401, 403, 404, 405, 407].map((status) => ({
    message: `tunneling socket could not be established, statusCode=${status}`,
  })),
  {
    message: 'tunneling socket could not be established, cause=self-signed certificate',
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  },
])('a proxy that refuses is final: %j', (fields) => {
  expect(classify(fields)).toMatchObject({
    kind: 'unsent',
    final: true,
    reason: expect.stringMatching(/^the proxy did not open a tunnel .* Check HTTPS_PROXY/),
  });
});

test('for a host with several addresses, the first failure counts', () => {
  const errors = [{ code: 'ECONNREFUSED', syscall: 'connect', message: 'no' }, new Error('other')];
  expect(classify({ errors }).reason).toMatch(/does not accept connections \(ECONNREFUSED\)/);
});

test.each([undefined, null, 'a text', 5])('accepts %j as an error', (error) => {
  const at = { host: 'api.test', isConnected: true };
  expect(classifyNetworkError(error, at)).toMatchObject({ kind: 'unknown' });
});
