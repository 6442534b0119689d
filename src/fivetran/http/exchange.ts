import type { IncomingMessage } from 'node:http';
import type { Redactor } from '../../secrets/redactor.ts';
import { longestTimerMs, readBytes, sendRequest } from '../../vendor/http.ts';
import { proxyProblem } from '../../vendor/proxy.ts';
import type { Attempt, Request, ServerTime } from './attempt.ts';
import type { Clock } from './clock.ts';
import { CancelledError, FivetranError } from './errors.ts';
import { excerpt } from './excerpt.ts';
import { interpret, unknownOutcome } from './interpret.ts';
import { classifyNetworkError } from './network-error.ts';
import { parseHttpDate } from './timestamp.ts';

/** Where the API is, who calls it, and how long one request may take. */
export type Api = {
  url: string;
  key: string;
  secret: string;
  timeoutSeconds: number;
  /** Removes secrets from a response before a part of it is quoted. */
  redact: Redactor['redact'];
};

const defaultMaxMegabytes = 8;
/** What a heading says when a request never left the runner. */
const notSent = 'no connection to Fivetran';

/**
 * Sends one request once. Never retries and never follows a redirect, so the credentials stay with
 * `api.url`. It is in flight from the moment that there is a connection to the server.
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
  let isConnected = false;
  const onConnected = (): void => {
    isConnected = true;
    request.onInFlight?.(true);
  };
  try {
    signal.throwIfAborted();
    const http = httpRequestOf(api, request);
    const response = await sendRequest({ ...http, signal: abort.signal, onConnected });
    const { statusCode: status = 0, headers } = response;
    const date = readDate(headers.date, { sent, local: clock.now() });
    const { text, fault } = await readText(response, request.maxMegabytes ?? defaultMaxMegabytes);
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
    if (abort.signal.reason === limit) {
      if (isConnected) return unknownOutcome(`${failed}: ${limit.message}`);
      const reason = `no connection to ${url.host} within ${limit.ms / 1000} s.`;
      const unsent = new FivetranError({ message: `${failed}: ${reason}`, shortReason: notSent });
      return { kind: 'unsent', error: unsent };
    }
    const failure = classifyNetworkError(error, { host: url.host, isConnected });
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
  if (left < ms)
    return {
      ms: left,
      message: `${within}, when the time limit (sync_timeout_minutes) was reached.`,
    };
  if (timeoutSeconds !== undefined) return { ms, message: `${within}.` };
  return {
    ms,
    message: `${within} (request_timeout_seconds). Slow setup tests may need more.`,
  };
}

/** A request to the API in terms of HTTP. */
function httpRequestOf(api: Api, { method, path, body, apiVersion }: Request<unknown>) {
  const headers = {
    Accept: apiVersion === 2 ? 'application/json;version=2' : 'application/json',
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    Authorization: `Basic ${Buffer.from(`${api.key}:${api.secret}`).toString('base64')}`,
  };
  return { method, url: `${api.url.replace(/\/+$/, '')}${path}`, headers, body };
}

/** Why a response could not be read to its end. */
type Unread = { reason: string; isTooLong: boolean };

/** Reads a response to its end, or as far as possible and why no further. */
async function readText(
  response: IncomingMessage,
  maxMegabytes: number,
): Promise<{ text: string; fault?: Unread }> {
  const { bytes, fault } = await readBytes(response, maxMegabytes * 1024 * 1024);
  const text = bytes.toString('utf8');
  if (!fault) return { text };
  const isTooLong = fault === 'too-long';
  const reason = isTooLong
    ? `the response is longer than ${maxMegabytes} MB`
    : 'the connection broke before the response was complete';
  return { text, fault: { reason, isTooLong } };
}

function readDate(
  header: string | undefined,
  times: Pick<ServerTime, 'sent' | 'local'>,
): ServerTime | undefined {
  const server = parseHttpDate(header);
  return server === undefined ? undefined : { server, ...times };
}
