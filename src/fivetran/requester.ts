import { encodeSegment } from '../text/format.ts';
import type { Request } from './http/attempt.ts';
import { OutcomeUnknownError, type RefusedError } from './http/errors.ts';
import { sendWithRetries } from './http/send.ts';
import type { Log, Session } from './http/session.ts';

/** The requests of one session, by what they promise. */
export type Requester = ReturnType<typeof createRequester>;

/** A request without its defaults. */
type Draft<T> = Pick<Request<T>, 'purpose' | 'read'> & Partial<Request<T>>;

/** The defaults of a request. */
export const defaults = {
  idempotent: true,
  apiVersion: 2,
  conflictHint: "Check the connection's state in the dashboard.",
} as const;

/** Binds requests to a session, and to the log that waits and retries are written to. */
export function createRequester(session: Session, log: Log) {
  /** Reads a resource. */
  async function get<T>(path: string, request: Draft<T>) {
    const result = await sendWithRetries(
      session,
      { ...defaults, method: 'GET', path, ...request },
      log,
    );
    if (result.kind !== 'answered') throw result.error;
    return result;
  }

  /** Sends a change. A refusal after an unanswered try leaves its outcome unknown. */
  async function change<T>(request: Draft<T> & Pick<Request<T>, 'method' | 'path'>): Promise<T> {
    const result = await sendWithRetries(session, { ...defaults, ...request }, log);
    if (result.kind === 'answered') return result.data;
    throw result.kind === 'rejected' && result.afterUnknown
      ? new RefusedAfterUnknownError(result.error)
      : result.error;
  }

  /** Posts a change that Fivetran refuses with 409 if it was made before. The answer is not read. */
  async function ensure(
    path: string,
    request: Pick<Request<true>, 'purpose' | 'body'> & Partial<Request<true>>,
  ): Promise<void> {
    try {
      await change({ method: 'POST', path, read: acknowledged, ...request });
    } catch (error) {
      if (!(error instanceof RefusedAfterUnknownError && error.refusal.status === 409)) throw error;
    }
  }

  /** Reads a resource once per run and shares the answer, which does not change meanwhile. */
  function cached<T>(path: string, request: Draft<T>): Promise<T> {
    const known = session.cache.get(path);
    if (known) return known as Promise<T>;
    const shared = get<T>(path, request).then(({ data }) => data);
    session.cache.set(path, shared);
    return shared;
  }

  return { get, change, ensure, cached };
}

/** Fivetran refused a change, but an unanswered earlier try may have made it. */
export class RefusedAfterUnknownError extends OutcomeUnknownError {
  override name = 'RefusedAfterUnknownError';

  constructor(readonly refusal: RefusedError) {
    const doubt = 'An earlier try went unanswered and may have been processed.';
    super({ ...refusal, message: `${refusal.message} ${doubt}` });
  }
}

/** Accepts an answer that says no more than that the request succeeded. */
export const acknowledged = (_data: unknown, code: string | undefined): true | undefined =>
  code?.toLowerCase() === 'success' ? true : undefined;

/** The path of a connection. */
export const pathOf = (id: string): string => `/v1/connections/${encodeSegment(id)}`;
