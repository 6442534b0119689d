/**
 * Stands in for undici, which `@actions/http-client` and `@actions/github` import to send requests
 * through a proxy with `fetch`. Loading the real one would triple the time to the first request,
 * and would be more than half of the bundle.
 */

type RequestOptions = {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
};

const maxMegabytes = 8;

/** Has nothing to do: `fetch` below finds the proxy itself. */
export class ProxyAgent {}

/**
 * Sends a request with `@actions/http-client`, which supports proxies. Does as much of the
 * standard `fetch` as Octokit uses; a redirect is returned, not followed.
 *
 * @throws the signal's reason when the signal aborts; the request may have been sent by then. An
 * error when there is no complete response of at most 8 MB
 */
export async function fetch(
  url: string,
  { method = 'GET', headers = {}, body, signal }: RequestOptions = {},
): Promise<Response> {
  // A static import would be circular.
  const { readBytes, sendRequest } = await import('./http.ts');
  const message = await sendRequest({ url, method, headers, body, signal });
  const { bytes, fault } = await readBytes(message, maxMegabytes * 1024 * 1024);
  signal?.throwIfAborted();
  if (fault === 'too-long') throw new Error(`the response is longer than ${maxMegabytes} MB`);
  if (fault === 'broken') throw new Error('the connection broke before the response was complete');
  const { statusCode: status = 0, rawHeaders } = message;
  const responseHeaders = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    responseHeaders.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  }
  return new Response(bytes.length > 0 ? new Uint8Array(bytes) : null, {
    status,
    headers: responseHeaders,
  });
}
