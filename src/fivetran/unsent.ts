/** What a failed TLS handshake is called by Node and OpenSSL. */
const tls = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|EPROTO$)/;

/**
 * Says why a request never left, in words that help; undefined when it may have left.
 *
 * A host that does not resolve, a port that does not answer, a proxy that opens no tunnel and a TLS
 * handshake that fails come before the first byte of a request. Every other failure may come after it.
 *
 * @param host the API's host and port, as the sentence names it
 */
export function whyUnsent(error: unknown, host: string): string | undefined {
  // A host with several addresses fails with one error that holds an error for each.
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(cause instanceof Error)) return undefined;
  const { code = '', syscall = '', message } = cause as NodeJS.ErrnoException;
  if (syscall === 'getaddrinfo') {
    return `the name ${host} does not resolve (${code}). Check api_url, and the runner's DNS.`;
  }
  if (message.startsWith('tunneling socket could not be established')) {
    return `the proxy opened no tunnel to ${host} (${message}). Check HTTPS_PROXY and NO_PROXY.`;
  }
  if (syscall === 'connect' || code === 'ECONNREFUSED') {
    return `${host} does not accept connections (${code || message}). Check api_url, and that the runner's network lets it out.`;
  }
  if (tls.test(code) || message.includes('before secure TLS connection')) {
    return (
      `the TLS handshake with ${host} failed (${code}: ${message}). If a proxy of yours ` +
      'inspects TLS, give its certificate to Node with NODE_EXTRA_CA_CERTS.'
    );
  }
  return undefined;
}
