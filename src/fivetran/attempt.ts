import type { FivetranError } from './errors.ts';

/** One request, and how to read what a success answers. */
export type Request<T> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the API's base URL, query included. */
  path: string;
  body?: object;
  /** What the request is for, as it stands after "could not": `create the connection`. */
  purpose: string;
  /** Reads the answer's `data`; undefined when it is not usable. */
  read: (data: unknown) => T | undefined;
  /** Milliseconds on the step's clock after which nobody wants the answer any more. */
  deadline?: number | undefined;
  /** Told true as it is sent, and false once it is known whether Fivetran processed it. */
  onInFlight?: (flying: boolean) => void;
};

/**
 * How one exchange ended, as data: who asked decides what follows.
 *
 * - `answered`: Fivetran processed the request, and the answer is usable.
 * - `rejected`: Fivetran refused it for good (4xx but 429).
 * - `limited`: too many requests (429); it was not processed. `retryAfterMs` is how long to wait.
 * - `unsent`: the request never left; it was not processed.
 * - `unknown`: it may have been processed or not (reset, timeout, unreadable answer, 5xx).
 */
export type Attempt<T> =
  | { kind: 'answered'; data: T; date: Instant | undefined }
  | { kind: 'rejected'; error: FivetranError; status: number }
  | { kind: 'limited'; retryAfterMs: number }
  | { kind: 'unsent'; error: FivetranError }
  | { kind: 'unknown'; error: FivetranError };

/** A reading of the server's clock: its `Date` header, and when the answer was here. */
export type Instant = {
  /** Milliseconds since the epoch, whole seconds. */
  server: number;
  /** Milliseconds on the step's own clock. */
  local: number;
};
