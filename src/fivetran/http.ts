import type { IncomingMessage } from 'node:http';
import { HttpClient } from '@actions/http-client';
import { oneLine, truncate } from '../text/format.ts';
import { type Envelope, readEnvelope } from './answers.ts';
import type { Attempt, Instant, Request } from './attempt.ts';
import type { Clock } from './clock.ts';
import { CancelledError, FivetranError, OutcomeUnknownError, RefusedError } from './errors.ts';
import { explain } from './network-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** Where Fivetran is, who asks, and how long one request may take. */
export type Api = {
  url: string;
  key: string;
  secret: string;
  timeoutSeconds: number;
  /** Takes the secrets out of what was answered, before a part of it is quoted. */
  redact?: (text: string) => string;
};

const answerLimitBytes = 8 * 1024 * 1024;

/**
 * Sends one request, once, and says how it ended. Never repeats anything and follows no redirect, so
 * the credentials stay with `api.url`. The connection is not kept alive: a request on a socket that
 * the other side has just closed could not be told from one that was processed.
 *
 * @param signal aborts the request when the run is cancelled
 * @throws CancelledError when `signal` aborts
 */
export async function sendOnce<T>(
  api: Api,
  request: Request<T>,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<Attempt<T>> {
  const could = `Could not ${request.purpose}`;
  // Not AbortSignal.timeout: one that is listened to stays, with all it holds, until its time is up.
  const end = new AbortController();
  const cancel = (): void => end.abort();
  const left = (request.deadline ?? Number.POSITIVE_INFINITY) - clock.now();
  const seconds = Math.min(api.timeoutSeconds, left / 1000);
  const limit = setTimeout(() => end.abort('late'), seconds * 1000);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    signal.throwIfAborted();
    const response = await send(api, request, end.signal);
    const date = readDate(response.headers.date, clock.now());
    const { text, fault } = await readAll(response);
    end.signal.throwIfAborted();
    if (!fault) return judge(api, request, response, text, date);
    const words = firstWords(api.redact?.(text) ?? text);
    return unknown(`${could}: Fivetran answered ${response.statusCode}, and ${fault}: ${words}`);
  } catch (error) {
    if (signal.aborted) throw new CancelledError('The run was cancelled.');
    if (end.signal.reason === 'late') {
      return unknown(`${could}: no complete answer within ${Math.round(seconds * 10) / 10} s.`);
    }
    const { sent, reason } = explain(error, new URL(api.url).host);
    if (sent) return unknown(`${could}: ${reason}`);
    return { kind: 'unsent', error: new FivetranError(`${could}: ${reason}`) };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', cancel);
  }
}

async function send(
  api: Api,
  request: Request<unknown>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const withSignal = {
    prepareRequest(options: { host?: string | null; signal?: AbortSignal }) {
      options.signal = signal;
      // http-client passes an IPv6 host on with the URL's brackets, which no resolver takes.
      options.host = options.host?.replace(/^\[|\]$/g, '') ?? null;
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('not reached')),
  };
  const client = new HttpClient('fivetran-connection-action', [withSignal], {
    allowRedirects: false,
    // The signal ends the request; this one would only count the silence between two bytes.
    socketTimeout: api.timeoutSeconds * 1000 + 60_000,
  });
  const requested = client.request(
    request.method,
    `${api.url.replace(/\/+$/, '')}${request.path}`,
    request.body === undefined ? null : JSON.stringify(request.body),
    {
      Accept: request.path.startsWith('/v1/connections')
        ? 'application/json;version=2'
        : 'application/json',
      ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
      Authorization: `Basic ${basicCredentials(api)}`,
    },
  );
  // A proxy that does not answer leaves http-client waiting, whatever the signal says.
  const { message } = await Promise.race([requested, aborted(signal)]);
  return message;
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** What HTTP basic authentication sends; as secret as the pair that it is made of. */
export const basicCredentials = (api: Pick<Api, 'key' | 'secret'>): string =>
  Buffer.from(`${api.key}:${api.secret}`).toString('base64');

/** Reads an answer to its end, or as far as it goes, and says why it went no further. */
async function readAll(response: IncomingMessage): Promise<{ text: string; fault?: string }> {
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  let size = 0;
  try {
    for await (const chunk of response) {
      size += chunk.length;
      if (size > answerLimitBytes) {
        response.destroy();
        return { text: text(), fault: 'its answer is longer than 8 MB' };
      }
      chunks.push(chunk);
    }
  } catch {
    return { text: text(), fault: 'the connection broke within its answer' };
  }
  return { text: text() };
}

function judge<T>(
  { redact = (text) => text }: Api,
  request: Request<T>,
  response: IncomingMessage,
  text: string,
  date: Instant | undefined,
): Attempt<T> {
  const status = response.statusCode ?? 0;
  const body = readBody(text);
  const could = `Could not ${request.purpose}: Fivetran answered ${status}`;
  if (status === 429) {
    return { kind: 'limited', retryAfterMs: retryAfterMs(response.headers['retry-after'], date) };
  }
  if (status >= 400 && status < 500) {
    const code = oneLine(redact(body?.code ?? ''));
    const reason = body ? oneLine(redact(body.message ?? '')) : firstWords(redact(text));
    return {
      kind: 'rejected',
      status,
      error: new RefusedError(request.purpose, status, code, reason),
    };
  }
  if (status >= 300 && status < 400) {
    return unknown(`${could}, a redirect. It is not followed; check api_url.`);
  }
  if (status >= 500) {
    const words = body && [body.code, body.message].filter(Boolean).join(': ');
    const said = words ? oneLine(redact(words)) : firstWords(redact(text));
    return unknown(`${could}${said ? `: ${said}` : ''}.`);
  }
  const data = body || status === 204 ? request.read(body?.data) : undefined;
  if (data !== undefined) return { kind: 'answered', data, date };
  const said = firstWords(redact(text));
  return unknown(
    `${could} with ${said ? `what is not usable JSON of Fivetran: ${said}` : 'nothing in it'}.`,
  );
}

function readBody(text: string): Envelope | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? readEnvelope(body) : undefined;
  } catch {
    return undefined;
  }
}

function readDate(header: string | undefined, local: number): Instant | undefined {
  const server = Date.parse(header ?? '');
  return Number.isNaN(server) ? undefined : { server, local };
}

/**
 * The first words of an answer that is not the API's: of an HTML page, its text. A connect card may be
 * anywhere in a broken answer, so what may be a credential is left out: a value under a key that
 * names one, and any long run of characters without a space.
 */
function firstWords(answer: string): string {
  const text = answer
    .slice(0, 4000)
    .replace(/<(style|script|head)\b[^>]*>.*?<\/\1>/gis, ' ')
    .replace(/<\/?[a-z!][^>]*>/gi, ' ')
    .replace(/("[^"]*(?:token|uri|secret|pass|key)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi, '$1***')
    .replace(/[\w+/=.%~-]{24,}/g, '***')
    .replace(/\s+/g, ' ');
  return truncate(oneLine(text), 160);
}

const unknown = (message: string): { kind: 'unknown'; error: OutcomeUnknownError } => ({
  kind: 'unknown',
  error: new OutcomeUnknownError(message),
});
