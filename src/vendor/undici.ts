import type { HttpClientResponse } from '@actions/http-client';

/**
 * Stands in for undici, which `@actions/http-client` and `@actions/github` import to send requests
 * through a proxy with `fetch`. Loading the real one would triple the time to the first request, and
 * would be more than half of the bundle.
 */

type RequestOptions = {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
};

/** Has nothing to do: `fetch` below finds the proxy itself. */
export class ProxyAgent {}

/**
 * Sends a request with `@actions/http-client`, which supports proxies. Does as much of the standard
 * `fetch` as Octokit uses.
 *
 * @throws the signal's reason when the signal aborts; the request may have been sent by then
 */
export async function fetch(
  url: string,
  { method = 'GET', headers = {}, body, signal }: RequestOptions = {},
): Promise<Response> {
  signal?.throwIfAborted();
  // A static import would be circular.
  const { HttpClient } = await import('@actions/http-client');
  const client = new HttpClient(headers['user-agent']);
  const answered = client.request(method, url, body ?? null, headers).then(read);
  return signal ? Promise.race([answered, rejectWhenAborted(signal)]) : answered;
}

async function read({ message }: HttpClientResponse): Promise<Response> {
  const { statusCode: status = 0, rawHeaders } = message;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  }
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return new Response(body.length > 0 ? body : null, { status, headers });
}

const rejectWhenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
