import { encodeSegment } from '../text/format.ts';
import type { Request, ServerTime } from './http/attempt.ts';
import { OutcomeUnknownError, RefusedError } from './http/errors.ts';
import { sendWithRetries } from './http/send.ts';
import type { Sender } from './http/send-when-allowed.ts';
import { readPage } from './responses/envelope.ts';

/** A request without its defaults. */
type Draft<T> = Pick<Request<T>, 'purpose' | 'read'> & Partial<Request<T>>;

/** A response, and the server's clock when it came. */
export type Dated<T> = { data: T; date: ServerTime | undefined };

/** A list to read, page by page. `read` gets a page's items; undefined when they are unusable. */
type ListDraft<T> = {
  path: string;
  query?: Record<string, string>;
  purpose: string;
  read: (items: unknown[]) => T | undefined;
};

/** The requests of one connection, by what they promise. */
export type Requester = {
  /** Reads a resource. */
  get<T>(path: string, request: Draft<T>): Promise<Dated<T>>;
  /**
   * Reads a list.
   *
   * @throws OutcomeUnknownError when a page repeats a cursor, and after 100 pages
   */
  pages<T>(list: ListDraft<T>): AsyncGenerator<Dated<T>>;
  /** Sends a change. A refusal after an unanswered try leaves its outcome unknown. */
  change<T>(request: Draft<T> & Pick<Request<T>, 'method' | 'path'>): Promise<T>;
  /**
   * Posts a change that Fivetran refuses with 409 if it was made before.
   *
   * @returns how often it was sent
   */
  ensure(path: string, request: Omit<Draft<true>, 'read'>): Promise<number>;
};

/** The defaults of a request. */
export const defaults = {
  idempotent: true,
  apiVersion: 2,
  conflictHint: "Check the connection's state in the dashboard.",
} as const;

const maxPages = 100;

/** Binds requests to their sender. */
export function createRequester(sender: Sender): Requester {
  async function get<T>(path: string, request: Draft<T>): Promise<Dated<T>> {
    const draft = { ...defaults, method: 'GET', path, ...request } as const;
    const result = await sendWithRetries(sender, draft);
    if (result.kind !== 'answered') throw result.error;
    return result;
  }

  async function* pages<T>({ path, query, purpose, read }: ListDraft<T>): AsyncGenerator<Dated<T>> {
    const seen = new Set<string>();
    const readUnlessSeen = (body: unknown) => {
      const page = readPage(body);
      if (!page || (page.next_cursor && seen.has(page.next_cursor))) return undefined;
      const items = read(page.items);
      return items === undefined ? undefined : { items, next_cursor: page.next_cursor };
    };
    let cursor: string | undefined;
    for (let count = 0; count < maxPages; count++) {
      const search = new URLSearchParams({ ...query, ...(cursor && { cursor }) });
      const { data, date } = await get(`${path}?${search}`, { purpose, read: readUnlessSeen });
      yield { data: data.items, date };
      cursor = data.next_cursor;
      if (!cursor) return;
      seen.add(cursor);
    }
    throw new OutcomeUnknownError({
      message: `Could not ${purpose}: the list has more than ${maxPages} pages.`,
      shortReason: 'unusable response',
    });
  }

  async function sendChange<T>(request: Draft<T> & Pick<Request<T>, 'method' | 'path'>) {
    const result = await sendWithRetries(sender, { ...defaults, ...request });
    if (result.kind === 'answered') return result;
    throw result.kind === 'rejected' && result.afterUnknown
      ? new RefusedAfterUnknownError(result.error)
      : result.error;
  }

  return {
    get,
    pages,
    change: async (request) => (await sendChange(request)).data,
    async ensure(path, request) {
      try {
        const draft = { method: 'POST', path, read: acknowledged, ...request } as const;
        return (await sendChange(draft)).timesSent;
      } catch (error) {
        const isDone = error instanceof RefusedAfterUnknownError && error.refusal.status === 409;
        if (!isDone) throw error;
        return 2;
      }
    },
  };
}

/**
 * Reads something once per run and shares it. What could not be read is read again by the next who
 * asks; what Fivetran refused would be refused again.
 */
export function readOnce<K, T>(
  cache: Map<K, Promise<T>>,
  key: K,
  read: () => Promise<T>,
): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const shared = read();
  cache.set(key, shared);
  shared.catch((error: unknown) => {
    if (!(error instanceof RefusedError)) cache.delete(key);
  });
  return shared;
}

/** Fivetran refused a change, but an unanswered earlier try may have made it. */
export class RefusedAfterUnknownError extends OutcomeUnknownError {
  override name = 'RefusedAfterUnknownError';

  readonly refusal: RefusedError;

  constructor(refusal: RefusedError) {
    const doubt = 'An earlier try went unanswered and may have been processed.';
    super({ ...refusal, message: `${refusal.message} ${doubt}` });
    this.refusal = refusal;
  }
}

/** Accepts a response that says no more than that the request succeeded. */
export const acknowledged = (_data: unknown, code: string | undefined): true | undefined =>
  code?.toLowerCase() === 'success' ? true : undefined;

/** The path of a connection. */
export const pathOf = (id: string): string => `/v1/connections/${encodeSegment(id)}`;
