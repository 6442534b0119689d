import '../one-realm.ts';
import { reconcile, syncAsWished } from '../../src/connection/reconcile.ts';
import { initialState, type State } from '../../src/connection/state.ts';
import { fivetranOn } from '../../src/fivetran/client.ts';
import type { Clock } from '../../src/fivetran/clock.ts';
import { CancelledError, FivetranError } from '../../src/fivetran/errors.ts';
import type { ConnectionSpec } from '../../src/inputs/fields.ts';
import { connectionOutputs } from '../../src/report/outputs.ts';
import { connectionSummary } from '../../src/report/summary.ts';
import { type Verdict, verdictOn } from '../../src/report/verdict.ts';
import { makeRedactor } from '../../src/secrets/redactor.ts';
import { lineTo, SPEC, sandboxOn } from '../fault-run.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.mjs';
import { virtualClock } from '../virtual-clock.ts';
import { shortName } from './scene.ts';

/** A wish, and the Fivetran that it meets, at a time that is made up. */
export type Setting = SandboxOptions & {
  spec?: Partial<ConnectionSpec>;
  /** Prepares the sandbox before the first request. */
  given?: (sandbox: Sandbox) => void;
  /** Called after each wait, with the time since the begin in milliseconds. */
  waited?: (ms: number, sandbox: Sandbox, cancel: () => void) => void;
};

/** What came of it, as the step would tell. */
export type Converged = {
  state: State;
  verdict: Verdict;
  /** The log's lines, each with the time in seconds at which it came. */
  lines: { at: number; text: string }[];
  log: string;
  outputs: Record<string, string>;
  summary: string;
  sandbox: Sandbox;
  requests: Sandbox['requests'];
  sent: string[];
  /** The ids of the connections that exist now. */
  ids: string[];
  sleeps: readonly number[];
  /** Lets time pass after the end. */
  advance: (ms: number) => void;
};

/** Brings one connection to its end against a fresh sandbox, without waiting for real. */
export async function converging(setting: Setting): Promise<Converged> {
  const { spec, given, waited, ...options } = setting;
  const time = virtualClock();
  const sandbox = await sandboxOn(time, options);
  given?.(sandbox);
  const run = new AbortController();
  const clock: Clock = {
    ...time,
    async sleep(ms) {
      await time.sleep(ms);
      // The sandbox's syncs go by the real clock: for them the wait has passed as well.
      for (const stored of sandbox.state.connections.values()) {
        if (stored.syncStartedAt !== undefined) stored.syncStartedAt -= ms;
      }
      waited?.(time.now(), sandbox, () => run.abort());
    },
  };
  const line = lineTo(sandbox, { ...time, ...clock }, { signal: run.signal });
  const lines: Converged['lines'] = [];
  const say = (text: string) => void lines.push({ at: time.now() / 1000, text });
  const whole = { ...SPEC, ...spec } as ConnectionSpec;
  const state = initialState(whole, () => {});
  const context = { fivetran: fivetranOn(line, say), state, say };
  try {
    await reconcile(whole, context);
    await syncAsWished(whole, context, clock);
  } catch (error) {
    if (!(error instanceof FivetranError || error instanceof CancelledError)) throw error;
    state.error = error.message;
  }
  const verdict = verdictOn(state);
  const secrets = makeRedactor(() => {});
  return {
    state,
    verdict,
    lines,
    log: [...lines.map(({ text }) => text), verdict.sentence].join('\n'),
    outputs: connectionOutputs(state, new Set(), secrets),
    summary: connectionSummary(state, verdict, secrets.redact),
    sandbox,
    requests: sandbox.requests,
    sent: sandbox.requests.map(shortName),
    ids: sandbox.connections.map(({ id }) => String(id)),
    sleeps: time.sleeps,
    advance: time.advance,
  };
}
