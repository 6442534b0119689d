import { asMapping } from '../../text/mapping.ts';

/** Why there is no response, and whether the request may still have been processed. */
export type NetworkFailure =
  | { kind: 'unsent'; reason: string; final: boolean }
  | { kind: 'unknown'; reason: string };

/**
 * Error codes of Node.js and OpenSSL for a certificate that they reject before anything is sent.
 */
const certificate =
  /^(CERT_|CRL_|ERR_TLS_CERT|ERROR_IN_C|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|INVALID_|PATH_LENGTH_)/;
/** Error codes for TLS that failed, in the handshake or after it. */
const tls = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;
/** The messages of the `tunnel` package for a proxy that did not connect; it sets no code. */
const tunnel = /^(tunneling socket could not be established|got illegal response body from proxy)/;

/** A proxy's response that another try would not change: 407, 403, but not 408, 429 or 5xx. */
const finalStatus = /statusCode=(?!408|429)[1-4]\d\d$/;

/** What to do when Node.js does not know the authority that issued a certificate. */
const trustHint = 'If a proxy inspects TLS, pass its certificate to Node with NODE_EXTRA_CA_CERTS.';

/**
 * Explains why a request got no response. Nothing is sent before there is a connection. A rejected
 * certificate stays rejected, and so does a proxy's refusal, so trying again cannot help; a wrong
 * password, tried often, can lock an account.
 *
 * @param host the API's host and port
 * @param isConnected whether there was a connection to the API, TLS included
 */
export function classifyNetworkError(
  error: unknown,
  { host, isConnected }: { host: string; isConnected: boolean },
): NetworkFailure {
  const { code = '', message = String(error), cause } = firstCause(error);
  if (tunnel.test(message)) return tunnelFailure({ host, message, cause });
  if (!isConnected) {
    return { kind: 'unsent', final: certificate.test(code), reason: unsentReason(error, host) };
  }
  const reason = tls.test(code)
    ? `TLS with ${host} failed (${code}: ${message}). ${trustHint}`
    : `the connection broke before the response was complete (${message}).`;
  return { kind: 'unknown', reason };
}

function tunnelFailure(failure: { host: string; message: string; cause: unknown }): NetworkFailure {
  const { host, message, cause } = failure;
  const isRejected = certificate.test(firstCause(cause).code ?? '');
  const hint = isRejected
    ? "Check HTTPS_PROXY, and pass the certificate of the proxy's authority to Node with NODE_EXTRA_CA_CERTS."
    : 'Check HTTPS_PROXY and NO_PROXY.';
  return {
    kind: 'unsent',
    final: isRejected || finalStatus.test(message),
    reason: `the proxy did not open a tunnel to ${host} (${message}). ${hint}`,
  };
}

function unsentReason(error: unknown, host: string): string {
  const { code = '', syscall, message = String(error) } = firstCause(error);
  if (syscall === 'getaddrinfo') {
    return `the name ${host} does not resolve (${code}). Check api_url and the runner's DNS.`;
  }
  if (syscall === 'connect' || code === 'ECONNREFUSED') {
    return `${host} does not accept connections (${code || message}). Check api_url, and whether the runner's network allows the connection.`;
  }
  if (certificate.test(code) || tls.test(code) || message.includes('secure TLS connection')) {
    return `TLS with ${host} failed (${code}: ${message}). ${trustHint}`;
  }
  return `the connection to ${host} broke before anything was sent (${message}).`;
}

/** A host with several addresses fails with one error that holds an error for each. */
function firstCause(error: unknown): Partial<NodeJS.ErrnoException> {
  const { errors } = asMapping(error);
  return asMapping(Array.isArray(errors) ? errors[0] : error);
}
