/** Why there is no answer, and whether the request may still have been processed. */
export type NetworkFailure =
  | { kind: 'unsent'; reason: string; final: boolean }
  | { kind: 'unknown'; reason: string };

/** Error codes of Node.js and OpenSSL for a certificate that they reject before anything is sent. */
const certificate =
  /^(CERT_|CRL_|ERR_TLS_CERT|ERROR_IN_C|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|INVALID_|PATH_LENGTH_)/;
/** Error codes for TLS that failed, in the handshake or after it. */
const tls = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;
/** The messages of the `tunnel` package for a proxy that did not connect; it sets no code. */
const tunnel = /^(tunneling socket could not be established|got illegal response body from proxy)/;

/**
 * Explains why a request got no answer.
 *
 * A name that does not resolve, a port that refuses, a proxy that opens no tunnel and a certificate
 * that is rejected come before the first byte of a request; anything else may come after it. A
 * rejected certificate stays rejected, so trying again cannot help.
 *
 * @param host the API's host and port
 */
export function classifyNetworkError(error: unknown, host: string): NetworkFailure {
  const { code = '', syscall, message = String(error) } = firstCause(error);
  if (syscall === 'getaddrinfo') {
    return {
      kind: 'unsent',
      final: false,
      reason: `the name ${host} does not resolve (${code}). Check api_url and the runner's DNS.`,
    };
  }
  if (tunnel.test(message)) {
    return {
      kind: 'unsent',
      final: false,
      reason: `the proxy did not open a tunnel to ${host} (${message}). Check HTTPS_PROXY and NO_PROXY.`,
    };
  }
  if (syscall === 'connect' || code === 'ECONNREFUSED') {
    return {
      kind: 'unsent',
      final: false,
      reason: `${host} does not accept connections (${code || message}). Check api_url, and whether the runner's network allows the connection.`,
    };
  }
  const isRejected = certificate.test(code);
  const isHandshake = message.includes('before secure TLS connection');
  if (isRejected || isHandshake || tls.test(code)) {
    const reason =
      `TLS with ${host} failed (${code}: ${message}). If a proxy inspects TLS, pass its certificate ` +
      'to Node with NODE_EXTRA_CA_CERTS.';
    return isRejected || isHandshake
      ? { kind: 'unsent', final: isRejected, reason }
      : { kind: 'unknown', reason };
  }
  return {
    kind: 'unknown',
    reason: `the connection broke before the answer was complete (${message}).`,
  };
}

/** A host with several addresses fails with one error that holds an error for each. */
function firstCause(error: unknown): Partial<NodeJS.ErrnoException> {
  const { errors } = Object(error) as { errors?: unknown };
  return Object(Array.isArray(errors) ? errors[0] : error);
}
