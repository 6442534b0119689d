import '../one-realm.ts';
import { converge, syncAsWished } from '../../src/connection/converge.ts';
import { type Progress, startProgress } from '../../src/connection/progress.ts';
import { type Verdict, verdictOn } from '../../src/connection/verdict.ts';
import { fivetranOn } from '../../src/fivetran/client.ts';
import type { Clock } from '../../src/fivetran/clock.ts';
import { CancelledError, FivetranError } from '../../src/fivetran/errors.ts';
import type { Wish } from '../../src/inputs/fields.ts';
import { connectionOutputs } from '../../src/report/outputs.ts';
import { makeSecrets } from '../../src/report/secrets.ts';
import { connectionSummary } from '../../src/report/summary.ts';
import { lineTo, sandboxOn, WISH } from '../fault-run.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.mjs';
import { virtualClock } from '../virtual-clock.ts';
import { shortName } from './scene.ts';

/** A wish, and the Fivetran that it meets, at a time that is made up. */
export type Setting = SandboxOptions & {
  wish?: Partial<Wish>;
  /** Prepares the sandbox before the first request. */
  given?: (sandbox: Sandbox) => void;
  /** Called after each wait, with the time since the begin in milliseconds. */
  waited?: (ms: number, sandbox: Sandbox, cancel: () => void) => void;
};

/** What came of it, as the step would tell. */
export type Converged = {
  progress: Progress;
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
  const { wish, given, waited, ...options } = setting;
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
  const whole = { ...WISH, ...wish } as Wish;
  const progress = startProgress(whole, () => {});
  const tools = { fivetran: fivetranOn(line, say), progress, say };
  try {
    await converge(whole, tools);
    await syncAsWished(whole, tools, clock);
  } catch (error) {
    if (!(error instanceof FivetranError || error instanceof CancelledError)) throw error;
    progress.error = error.message;
  }
  const verdict = verdictOn(progress);
  const secrets = makeSecrets(() => {});
  return {
    progress,
    verdict,
    lines,
    log: [...lines.map(({ text }) => text), verdict.sentence].join('\n'),
    outputs: connectionOutputs(progress, new Set(), secrets),
    summary: connectionSummary(progress, verdict, secrets.redact),
    sandbox,
    requests: sandbox.requests,
    sent: sandbox.requests.map(shortName),
    ids: sandbox.connections.map(({ id }) => String(id)),
    sleeps: time.sleeps,
    advance: time.advance,
  };
}
