import type { IncomingHttpHeaders } from 'node:http';
import type { Redactor } from '../../secrets/redactor.ts';
import { oneLine, truncate } from '../../text/format.ts';
import { isMapping } from '../../text/mapping.ts';
import { type Envelope, readEnvelope } from '../responses/envelope.ts';
import { limitDepth } from '../responses/limit-value.ts';
import type { Attempt, Request, ServerTime } from './attempt.ts';
import { OutcomeUnknownError, RefusedError, statusLine } from './errors.ts';
import { excerpt } from './excerpt.ts';
import { retryAfterMs } from './retry-timing.ts';

/** A complete HTTP response. */
export type Response = {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The server's clock when the response came; undefined without a readable `Date`. */
  date: ServerTime | undefined;
};

/** Deeper responses are truncated. */
const deepestLevel = 100;
/** How many characters of Fivetran's own message are quoted. */
const quotedLength = 2000;

/**
 * What a response says about a request. Nothing but a 4xx proves that a request was not processed,
 * and nothing but usable data that it was.
 *
 * @param redact removes secrets from what is quoted in errors
 */
export function interpret<T>(
  request: Request<T>,
  { status, headers, text, date }: Response,
  redact: Redactor['redact'],
): Attempt<T> {
  // Made one line, a text may be shorter.
  const quote = (words = ''): string =>
    truncate(oneLine(redact(words, { length: 2 * quotedLength })), quotedLength);
  const failed = `Could not ${request.purpose}: Fivetran answered ${status}`;
  if (status === 429) {
    const ms = retryAfterMs(headers['retry-after'], date);
    return { kind: 'limited', status, retryAfterMs: ms, date };
  }
  const body = readBody(text);
  if (status >= 400 && status < 500) {
    const { purpose, conflictHint } = request;
    const reason = body ? quote(body.message) : excerpt(text, redact);
    const code = quote(body?.code);
    const error = new RefusedError({ purpose, status, code, reason, conflictHint });
    return { kind: 'rejected', status, error };
  }
  if (status >= 500) {
    const quoted = quote([body?.code, body?.message].filter(Boolean).join(': '));
    return unknownOutcome(`${failed}${asReason(quoted || excerpt(text, redact))}`, status);
  }
  if (status >= 300) {
    return unknownOutcome(
      `${failed}, a redirect. Redirects are not followed; check api_url.`,
      status,
    );
  }
  const data = readData(request, status, body);
  if (data !== undefined) return { kind: 'answered', status, data, date };
  const quoted = excerpt(text, redact);
  return unknownOutcome(
    quoted
      ? `${failed}, but without the expected data${asReason(quoted)}`
      : `${failed} without content.`,
    status,
  );
}

/** What a 2xx brought; undefined when it is unusable. */
function readData<T>(
  { acceptsAny2xx, read }: Request<T>,
  status: number,
  body: Envelope | undefined,
): T | undefined {
  if (status === 204 || acceptsAny2xx) return read(body?.data, 'Success');
  const { code, data } = body ?? {};
  const isSuccess = code === undefined || code.toLowerCase() === 'success';
  return body && isSuccess ? read(data, code) : undefined;
}

/** Reads a body as the API's envelope; undefined when it is none. */
function readBody(text: string): Envelope | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isMapping(body) ? readEnvelope(limitDepth(body, deepestLevel)) : undefined;
  } catch {
    return undefined;
  }
}

const asReason = (quoted: string): string => (quoted ? `: ${quoted.replace(/\.$/, '')}.` : '.');

function shortReasonOf(status: number | undefined): string {
  if (status === undefined) return 'no response';
  return status >= 300 ? statusLine(status) : 'unusable response';
}

/** An attempt that may have been processed. */
export const unknownOutcome = (
  message: string,
  status?: number,
): Extract<Attempt<never>, { kind: 'unknown' }> => ({
  kind: 'unknown',
  error: new OutcomeUnknownError({ message, shortReason: shortReasonOf(status) }),
  ...(status !== undefined && { status }),
});
