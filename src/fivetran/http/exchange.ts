import type { IncomingMessage } from 'node:http';
import { HttpClient } from '@actions/http-client';
import type { Attempt, Request, ServerTime } from './attempt.ts';
import type { Clock } from './clock.ts';
import { CancelledError, FivetranError } from './errors.ts';
import { excerpt } from './excerpt.ts';
import { interpret, unknownOutcome } from './interpret.ts';
import { classifyNetworkError } from './network-error.ts';
import { proxyProblem } from './proxy.ts';
import { parseHttpDate } from './timestamp.ts';

/** Where the API is, who calls it, and how long one request may take. */
export type Api = {
  url: string;
  key: string;
  secret: string;
  timeoutSeconds: number;
  /** Removes secrets from a response before a part of it is quoted. */
  redact: (text: string) => string;
};

const defaultMaxMegabytes = 8;
/** What a heading says when a request never left the runner. */
const notSent = 'no connection to Fivetran';
/** Longer timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Sends one request once. Never retries and never follows a redirect, so the credentials stay with
 * `api.url`. Sockets are not kept alive: a request on one that the server has just closed cannot be
 * distinguished from one that was processed.
 *
 * @param signal aborts the request when the run is cancelled
 * @throws CancelledError when `signal` aborts
 */
export async function exchange<T>(
  api: Api,
  request: Request<T>,
  { clock, signal }: { clock: Pick<Clock, 'now'>; signal: AbortSignal },
): Promise<Attempt<T>> {
  const failed = `Could not ${request.purpose}`;
  const url = new URL(api.url);
  const problem = proxyProblem(url);
  if (problem) {
    const error = new FivetranError({ message: `${failed}: ${problem}`, shortReason: notSent });
    return { kind: 'unsent', error, final: true };
  }
  const sent = clock.now();
  const limit = limitOf(api, request, sent);
  // Not AbortSignal.timeout(): while it is listened to, it stays in memory until its time is up.
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const timer = setTimeout(() => abort.abort(limit), Math.min(limit.ms, longestTimerMs));
  signal.addEventListener('abort', cancel, { once: true });
  try {
    signal.throwIfAborted();
    const response = await requestHead(api, request, abort.signal);
    const { statusCode: status = 0, headers } = response;
    const date = readDate(headers.date, { sent, local: clock.now() });
    const { text, fault } = await readAll(response, request.maxMegabytes ?? defaultMaxMegabytes);
    abort.signal.throwIfAborted();
    // A 429 says all that counts in its head.
    if (!fault || status === 429) {
      return interpret(request, { status, headers, text, date }, api.redact);
    }
    const message = `${failed}: Fivetran answered ${status}, but ${fault.reason}: ${excerpt(text, api.redact)}`;
    // Where long responses are to be expected, the next one will be as long.
    const final = fault.isTooLong && request.maxMegabytes !== undefined;
    return { ...unknownOutcome(message, status), final };
  } catch (error) {
    if (signal.aborted) throw new CancelledError();
    if (abort.signal.reason === limit) return unknownOutcome(`${failed}: ${limit.message}`);
    const failure = classifyNetworkError(error, url.host);
    const message = `${failed}: ${failure.reason}`;
    if (failure.kind === 'unknown') return unknownOutcome(message);
    const unsent = new FivetranError({ message, shortReason: notSent });
    return { kind: 'unsent', error: unsent, final: failure.final };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

/** How long a request may take, and the message when that is not enough. */
function limitOf(
  api: Api,
  { timeoutSeconds, deadline }: Request<unknown>,
  now: number,
): { ms: number; message: string } {
  const ms = (timeoutSeconds ?? api.timeoutSeconds) * 1000;
  const left = (deadline ?? Number.POSITIVE_INFINITY) - now;
  const within = `no complete response within ${Math.round(Math.min(ms, left) / 100) / 10} s`;
  if (left < ms) return { ms: left, message: `${within}, when the time limit was reached.` };
  if (timeoutSeconds !== undefined) return { ms, message: `${within}.` };
  return {
    ms,
    message: `${within} (request_timeout_seconds). Slow setup tests may need more.`,
  };
}

/** Sends the request; resolves when the head of the response has arrived. */
async function requestHead(
  api: Api,
  { method, path, body, apiVersion }: Request<unknown>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const withSignal = {
    prepareRequest(options: { host?: string | null; signal?: AbortSignal }) {
      options.signal = signal;
      // http-client passes on the brackets of an IPv6 host, which no resolver takes.
      options.host = options.host?.replace(/^\[|\]$/g, '') ?? null;
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('not reached')),
  };
  const client = new HttpClient('fivetran-connection-action', [withSignal], {
    allowRedirects: false,
    // The signal ends the request. This timeout counts the silence between two bytes, and its
    // default of three minutes is shorter than a request may take.
    socketTimeout: longestTimerMs,
  });
  const response = client.request(method, `${api.url.replace(/\/+$/, '')}${path}`, body ?? null, {
    Accept: apiVersion === 2 ? 'application/json;version=2' : 'application/json',
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    Authorization: `Basic ${Buffer.from(`${api.key}:${api.secret}`).toString('base64')}`,
  });
  // While a proxy does not answer, http-client ignores the signal.
  const { message } = await Promise.race([response, aborted(signal)]);
  return message;
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Why a response could not be read to its end. */
type Fault = { reason: string; isTooLong: boolean };

/** Reads a response to its end, or as far as possible and why no further. */
async function readAll(
  response: IncomingMessage,
  maxMegabytes: number,
): Promise<{ text: string; fault?: Fault }> {
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  let size = 0;
  try {
    for await (const chunk of response) {
      size += chunk.length;
      if (size > maxMegabytes * 1024 * 1024) {
        response.destroy();
        const reason = `the response is longer than ${maxMegabytes} MB`;
        return { text: text(), fault: { reason, isTooLong: true } };
      }
      chunks.push(chunk);
    }
  } catch {
    const reason = 'the connection broke before the response was complete';
    return { text: text(), fault: { reason, isTooLong: false } };
  }
  return { text: text() };
}

function readDate(
  header: string | undefined,
  times: Pick<ServerTime, 'sent' | 'local'>,
): ServerTime | undefined {
  const server = parseHttpDate(header);
  return server === undefined ? undefined : { server, ...times };
}
