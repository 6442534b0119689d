import './one-realm.ts';
import { present } from '../src/connection/present.ts';
import { initialState, type State } from '../src/connection/state.ts';
import { fivetranOn } from '../src/fivetran/client.ts';
import { openSession, type Session } from '../src/fivetran/send.ts';
import type { ConnectionSpec } from '../src/inputs/fields.ts';
import { type Verdict, verdictOn } from '../src/report/verdict.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox/sandbox.mjs';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** When the server's clock says that a step began: on no whole second, as mostly. */
export const BEGIN = Date.UTC(2026, 0, 5, 12, 0, 0, 250);

/** A moment by the server's clock, as Fivetran writes it. */
export const moment = (sinceBeginMs: number): string =>
  new Date(BEGIN + sinceBeginMs).toISOString().replace('Z', '456Z');

const opened: { close(): Promise<void> }[] = [];

/** A sandbox whose time is that of the clock; `closeAll` closes it. */
export async function sandboxOn(
  clock: VirtualClock,
  { clockSkewMs = 0, ...options }: SandboxOptions = {},
): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  opened.push(sandbox);
  sandbox.state.now = () => BEGIN + clockSkewMs + clock.now();
  return sandbox;
}

/** Keeps a server for `closeAll` to close. */
export function closing<T extends { close(): Promise<void> }>(server: T): T {
  opened.push(server);
  return server;
}

/** Closes all sandboxes; for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((one) => one.close()));
}

/** A line to a sandbox, or to another address with the sandbox's key pair. */
export function lineTo(
  { url, apiKey, apiSecret }: Pick<Sandbox, 'url' | 'apiKey' | 'apiSecret'>,
  clock: VirtualClock,
  { timeoutSeconds = 30, signal = new AbortController().signal } = {},
): Session {
  return openSession({ url, key: apiKey, secret: apiSecret, timeoutSeconds }, clock, signal);
}

/** What a connection is to be, where a test does not care. */
export const SPEC: ConnectionSpec = {
  group_id: 'decent_dropsy',
  service: '15five',
  config: { schema: 'crm' },
  state: 'present',
  if_exists: 'fail',
  on_failed_tests: 'keep',
  trusted_fingerprints: [],
  trusted_certificates: [],
  wait_for_sync: false,
  sync_timeout_minutes: 60,
  dry_run: false,
  summary: true,
  request_timeout_seconds: 300,
  api_url: 'https://api.fivetran.com',
};

export type Trial = SandboxOptions & {
  spec?: Partial<ConnectionSpec>;
  timeoutSeconds?: number;
  clock?: VirtualClock;
  /** Prepares the sandbox before the first request. */
  given?: (sandbox: Sandbox) => void;
};

/** What a run left behind. */
export type Aftermath = {
  state: State;
  verdict: Verdict;
  /** The log. */
  log: string;
  clock: VirtualClock;
  /** The ids of the connections that exist now. */
  ids: string[];
  /** What was sent, in order: `create`, `look up`, `test`, or the request's method and path. */
  sent: string[];
};

/** Makes one connection exist, against a fresh sandbox, without waiting for real. */
export async function tryWith(trial: Trial = {}): Promise<Aftermath> {
  const { spec, timeoutSeconds, clock = virtualClock(), given, ...options } = trial;
  const sandbox = await sandboxOn(clock, options);
  given?.(sandbox);
  const line = lineTo(sandbox, clock, timeoutSeconds ? { timeoutSeconds } : {});
  const lines: string[] = [];
  const say = (text: string) => void lines.push(text);
  const whole = { ...SPEC, ...spec };
  const state = initialState(whole, () => {});
  try {
    await present(whole, { fivetran: fivetranOn(line, say), state, say });
  } catch (error) {
    state.error = error instanceof Error ? error.message : String(error);
  }
  await sandbox.close();
  return {
    state,
    verdict: verdictOn(state),
    log: lines.join('\n'),
    clock,
    ids: sandbox.connections.map(({ id }) => String(id)),
    sent: sandbox.requests.map(({ method, path }) => shortName(`${method} ${path}`)),
  };
}

const shortName = (request: string): string =>
  request === 'POST /v1/connections'
    ? 'create'
    : request === 'GET /v1/connections'
      ? 'look up'
      : /^POST .*\/test$/.test(request)
        ? 'test'
        : request;
