import type { IncomingHttpHeaders } from 'node:http';
import { oneLine, truncate } from '../../text/format.ts';
import { isMapping } from '../../text/mapping.ts';
import { type Envelope, readEnvelope } from '../responses/connection.ts';
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

/** Deeper answers are truncated. */
const maxDepth = 100;
/** How many characters of Fivetran's own message are quoted. */
const maxMessage = 2000;

/**
 * What a response says about a request. Nothing but a 4xx proves that a request was not processed,
 * and nothing but usable data that it was.
 *
 * @param redact removes secrets from what is quoted in errors
 */
export function interpret<T>(
  request: Request<T>,
  { status, headers, text, date }: Response,
  redact: (text: string) => string,
): Attempt<T> {
  const quote = (words = ''): string => truncate(oneLine(redact(words)), maxMessage);
  const answered = `Could not ${request.purpose}: Fivetran answered ${status}`;
  if (status === 429) {
    return { kind: 'limited', retryAfterMs: retryAfterMs(headers['retry-after'], date) };
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
    return unknownOutcome(`${answered}${asReason(quoted || excerpt(text, redact))}`, status);
  }
  if (status >= 300) {
    return unknownOutcome(
      `${answered}, a redirect. Redirects are not followed; check api_url.`,
      status,
    );
  }
  const code = status === 204 ? 'Success' : body?.code;
  const data = body || status === 204 ? request.read(body?.data, code) : undefined;
  if (data !== undefined) return { kind: 'answered', status, data, date };
  const quoted = excerpt(text, redact);
  return unknownOutcome(
    quoted
      ? `${answered}, but without the expected data${asReason(quoted)}`
      : `${answered} without content.`,
    status,
  );
}

/** Reads a body as the API's envelope; undefined when it is none. */
function readBody(text: string): Envelope | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isMapping(body) ? readEnvelope(limitDepth(body, maxDepth)) : undefined;
  } catch {
    return undefined;
  }
}

const asReason = (quoted: string): string => (quoted ? `: ${quoted.replace(/\.$/, '')}.` : '.');

function shortReasonOf(status: number | undefined): string {
  if (status === undefined) return 'no answer';
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
