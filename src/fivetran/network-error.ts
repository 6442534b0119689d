/** Why an exchange failed, and whether the request may have left before it did. */
export type Failure = { sent: boolean; reason: string };

/** How Node and OpenSSL call a certificate that they do not take: known before anything is sent. */
const certificate = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_)/;
/** TLS that broke, in the handshake or after it. */
const tls = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;

/**
 * Explains why there is no answer, in words that help.
 *
 * A host that does not resolve, a port that does not answer, a proxy that opens no tunnel and a
 * certificate that is not valid come before the first byte of a request. All else may come after it.
 *
 * @param host the API's host and port, as the sentence names it
 */
export function explain(error: unknown, host: string): Failure {
  // A host with several addresses fails with one error that holds an error for each.
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { code = '', syscall, message } = asError(cause);
  const unsent = (reason: string): Failure => ({ sent: false, reason });
  if (syscall === 'getaddrinfo') {
    return unsent(
      `the name ${host} does not resolve (${code}). Check api_url, and the runner's DNS.`,
    );
  }
  if (code === 'ERR_INVALID_URL') {
    return unsent(`the URL of the proxy is not valid. Check HTTPS_PROXY and HTTP_PROXY.`);
  }
  if (message.startsWith('tunneling socket could not be established')) {
    return unsent(
      `the proxy opened no tunnel to ${host} (${message}). Check HTTPS_PROXY and NO_PROXY.`,
    );
  }
  if (syscall === 'connect' || code === 'ECONNREFUSED') {
    return unsent(
      `${host} does not accept connections (${code || message}). Check api_url, and that the runner's network lets it out.`,
    );
  }
  const handshake = certificate.test(code) || message.includes('before secure TLS connection');
  if (handshake || tls.test(code)) {
    const reason =
      `TLS with ${host} failed (${code}: ${message}). If a proxy of yours inspects TLS, give its ` +
      'certificate to Node with NODE_EXTRA_CA_CERTS.';
    return { sent: !handshake, reason };
  }
  return {
    sent: true,
    reason: `the connection broke before the answer was complete (${message}).`,
  };
}

const asError = (cause: unknown): NodeJS.ErrnoException =>
  cause instanceof Error ? cause : new Error(String(cause));
