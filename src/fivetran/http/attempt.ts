import type { FivetranError, OutcomeUnknownError, RefusedError } from './errors.ts';

/** One request, and how to read the response to it. */
export type Request<T> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the API's base URL, query included. */
  path: string;
  /** What the debug log shows instead, where the path has names that it must not show. */
  shownPath?: string;
  /** JSON text: serialized before the request counts as in flight. */
  body?: string;
  /** What the request is for, as it stands after "Could not": `create the connection`. */
  purpose: string;
  /** Whether sending it again does no harm when the first one may have been processed. */
  idempotent: boolean;
  /** Which version of the API the `Accept` header asks for. */
  apiVersion: 1 | 2;
  /** What to check after a 409, as a sentence. */
  conflictHint: string;
  /** Seconds that one attempt may take, instead of `Api.timeoutSeconds`. */
  timeoutSeconds?: number;
  /** Reads the response's `data` and `code`; undefined when they are unusable. */
  read: (data: unknown, code: string | undefined) => T | undefined;
  /** Whether every 2xx is accepted, whatever the response says. */
  acceptsAny2xx?: boolean;
  /** How long a response may be, in megabytes, where more than 8 is to be expected. */
  maxMegabytes?: number;
  /** When the response is no longer useful, in milliseconds on the step's clock. */
  deadline?: number | undefined;
  /**
   * Whether the caller asks again later: then a 429 ends the request, and counts for nothing else.
   */
  isPoll?: boolean;
  /** Called with true when the request can be sent, and with false once its outcome is known. */
  onInFlight?: (inFlight: boolean) => void;
};

/**
 * How one HTTP exchange ended, as data: the caller decides what follows.
 *
 * - `answered`: Fivetran processed the request, and the response is usable.
 * - `rejected`: Fivetran refused it (4xx except 429).
 * - `limited`: too many requests (429); it was not processed. `retryAfterMs` is how long to wait.
 * - `unsent`: the request never left the runner; it was not processed.
 * - `unknown`: it may have been processed (reset, timeout, unusable response, 5xx).
 *
 * `final`: sending it again cannot help. `status` is there when a response came.
 */
export type Attempt<T> =
  | { kind: 'answered'; data: T; date: ServerTime | undefined; status: number }
  | { kind: 'rejected'; error: RefusedError; status: number }
  | { kind: 'limited'; retryAfterMs: number; date: ServerTime | undefined; status: 429 }
  | { kind: 'unsent'; error: FivetranError; final?: boolean }
  | { kind: 'unknown'; error: OutcomeUnknownError; status?: number; final?: boolean };

/** A reading of the server's clock: its `Date` header, and when the response arrived. */
export type ServerTime = {
  /** Milliseconds since the epoch; `Date` has whole seconds. */
  server: number;
  /** When the response arrived, in milliseconds on the step's own clock. */
  local: number;
  /** When the request was sent, on the same clock. */
  sent: number;
};
