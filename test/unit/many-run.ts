import '../one-realm.ts';
import type { Clock } from '../../src/fivetran/clock.ts';
import { openSession } from '../../src/fivetran/send.ts';
import type { ConnectionSpec } from '../../src/inputs/fields.ts';
import type { StepLog } from '../../src/report/log.ts';
import { runManifest } from '../../src/run/manifest.ts';
import { makeRedactor } from '../../src/secrets/redactor.ts';
import { SPEC } from '../fault-run.ts';
import type { Sandbox } from '../sandbox/sandbox.mjs';

export type ManyRun = {
  lines: string[];
  groups: Record<string, string[]>;
  /** The text that the step failed with; empty when it did not. */
  failure: string;
  /** The output `connections`. */
  ended: Record<string, { result: string; error: string | null }>;
};

/** Brings connections of these names, each its own schema, to what the wish says, without a process. */
export async function runMany(
  names: string[],
  spec: Partial<ConnectionSpec>,
  { sandbox, clock, atOnce }: { sandbox: Sandbox; clock: Clock; atOnce: number },
): Promise<ManyRun> {
  const ran: ManyRun = { lines: [], groups: {}, failure: '', ended: {} };
  const say = (text: string) => void ran.lines.push(text);
  const console: StepLog = {
    line: say,
    notice: say,
    warning: say,
    error: say,
    debug: say,
    crash: (error) => say(String(error)),
    explain: (error) => (error instanceof Error ? error.message : String(error)),
    fail: (text) => {
      ran.failure = text;
    },
    output: (name, value) => {
      if (name === 'connections') ran.ended = JSON.parse(value);
    },
    group: (title, lines) => {
      ran.groups[title] = lines;
    },
  };
  const { url, apiKey: api_key, apiSecret: api_secret } = sandbox;
  const step: ConnectionSpec = { ...SPEC, summary: false, api_url: url, ...spec };
  const { signal } = new AbortController();
  const api = { url, key: api_key, secret: api_secret, timeoutSeconds: 30 };
  await runManifest(
    names.map((name) => ({ name, spec: { ...step, config: { schema: name } } })),
    { ...step, api_key, api_secret, max_parallel: atOnce },
    openSession(api, clock, signal, { atOnce }),
    { clock, signal, secrets: makeRedactor(() => {}), console, open: new Set() },
  );
  return ran;
}

/** A clock that stands still: who sleeps is woken by `wake` alone. */
export function heldClock() {
  const sleepers: (() => void)[] = [];
  let time = 0;
  let latest = 0;
  const clock: Clock = {
    now: () => time,
    sleep: (ms) => {
      latest = Math.max(latest, time + ms);
      return new Promise((resolve) => sleepers.push(resolve));
    },
    random: () => 0.5,
    every: () => () => {},
  };
  return {
    clock,
    /** How many sleep now. */
    sleeping: () => sleepers.length,
    /** Lets time pass until all may wake. */
    wake(): void {
      time = latest;
      for (const resolve of sleepers.splice(0)) resolve();
    },
  };
}

/** Lets the event loop go on until this holds; not for ever, so that what never holds fails. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds() && turns < 20_000; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets the event loop go on until this has not changed for many turns of it. */
export async function quiet(read: () => unknown): Promise<void> {
  for (let still = 0, last = read(); still < 500; still++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (read() !== last) still = 0;
    last = read();
  }
}
