import type { Request } from '../../../../src/fivetran/http/attempt.ts';
import { sendWithRetries } from '../../../../src/fivetran/http/send.ts';
import type { Sender } from '../../../../src/fivetran/http/send-when-allowed.ts';
import { createSession, type Session } from '../../../../src/fivetran/http/session.ts';
import { BEGIN, openSandbox } from '../../../harness/sandboxes.ts';
import type { VirtualClock } from '../../../harness/virtual-clock.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox/sandbox.mjs';

/** A create whose outcome depends only on its answer. */
export const CREATE: Request<object> = {
  method: 'POST',
  path: '/v1/connections',
  body: JSON.stringify({
    group_id: 'decent_dropsy',
    service: '15five',
    config: { schema: 'crm' },
  }),
  purpose: 'create the connection',
  idempotent: false,
  apiVersion: 2,
  conflictHint: 'Check the name.',
  read: (data) => (typeof data === 'object' && data && 'id' in data ? data : undefined),
};

/** A request that may be repeated. */
export const READ: Request<unknown> = {
  ...CREATE,
  method: 'GET',
  path: '/v1/groups/decent_dropsy',
  purpose: 'read the group',
  idempotent: true,
  apiVersion: 1,
  read: (data) => data,
};
delete READ.body;

/** A sandbox on the step's clock, apart from `clockSkewMs`. */
export async function sandboxOn(
  clock: VirtualClock,
  { clockSkewMs = 0, ...options }: SandboxOptions = {},
): Promise<Sandbox> {
  const sandbox = await openSandbox(options);
  sandbox.state.now = () => BEGIN + clockSkewMs + clock.now();
  return sandbox;
}

type SessionOptions = {
  timeoutSeconds?: number;
  signal?: AbortSignal;
  redact?: (text: string) => string;
  apiKey?: string;
  apiSecret?: string;
  maxParallel?: number;
  rateLimitWaitMinutes?: number;
};

/** A session with an address, by default with the sandbox's key. */
export function sessionWith(
  url: string,
  clock: VirtualClock,
  {
    timeoutSeconds = 30,
    signal = new AbortController().signal,
    redact = (text) => text,
    apiKey = 'sandbox_key',
    apiSecret = 'sandbox_secret',
    rateLimitWaitMinutes = 10,
    ...options
  }: SessionOptions = {},
): Session & { lines: string[] } {
  const api = { url, key: apiKey, secret: apiSecret, timeoutSeconds, redact };
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const given = { api, clock, signal, log, debug: () => {}, rateLimitWaitMinutes, ...options };
  return { ...createSession(given), lines };
}

/** Who sends in a session. */
export const senderIn = (session: Session & { lines: string[] }): Sender => ({
  session,
  log: (line) => void session.lines.push(line),
  hasSent: false,
});

/** Sends a request; returns its result or error, and the log. */
export async function sending(session: Session & { lines: string[] }, request: Request<unknown>) {
  const result = await sendWithRetries(senderIn(session), request).catch((error: unknown) => ({
    kind: 'thrown' as const,
    error: error as Error,
  }));
  const error = result.kind === 'answered' ? undefined : result.error;
  return { ...result, error, message: error?.message ?? '', lines: session.lines };
}
