import * as core from '@actions/core';
import { type Clock, createSystemClock } from './fivetran/http/clock.ts';
import { createSession } from './fivetran/http/session.ts';
import { InputError } from './inputs/problem.ts';
import { type ReadSettings, readSettings } from './inputs/settings.ts';
import { reportInputErrors } from './report/input-errors.ts';
import { createStepLog, type Toolkit } from './report/runner/log.ts';
import type { Runtime } from './run/job.ts';
import { createRedactor } from './secrets/redactor.ts';

/** What a step gets from its process and the runner. */
export type Host = {
  toolkit: Toolkit;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  /** Aborts when the job is cancelled. */
  signal: AbortSignal;
};

/** Creates the runtime of a step. All text that leaves the step goes through its log and redactor. */
export function createRuntime({ toolkit, ...host }: Host): Runtime {
  const redactor = createRedactor(toolkit.setSecret);
  const log = createStepLog(toolkit, redactor);
  return { ...host, input: toolkit.getInput, redactor, log, open: new Set(), waiting: new Set() };
}

/** The process that the runner started. */
export const systemHost = (signal: AbortSignal): Host => ({
  // Named one by one, so that the bundler can drop the rest of @actions/core.
  toolkit: {
    getInput: core.getInput,
    setSecret: core.setSecret,
    setOutput: core.setOutput,
    info: core.info,
    debug: core.debug,
    notice: core.notice,
    warning: core.warning,
    error: core.error,
    setFailed: core.setFailed,
    startGroup: core.startGroup,
    endGroup: core.endGroup,
    writeSummary: async (markdown) => void (await core.summary.addRaw(markdown).write()),
  },
  env: process.env,
  clock: createSystemClock(signal),
  signal,
});

/**
 * Runs the step outside of `index.ts`, which handles signals and crashes.
 *
 * @public for @github/local-action
 */
export const run = (): Promise<void> =>
  main(createRuntime(systemHost(new AbortController().signal)));

/**
 * The step: reads the inputs, reconciles one connection or those of a manifest, and reports each
 * outcome. Errors that a user can cause are reported, not thrown.
 */
export async function main(runtime: Runtime): Promise<void> {
  const { env, input, log, redactor } = runtime;
  try {
    const settings = await readSettings({ input, env, mask: redactor.mask });
    for (const notice of settings.notices) log.notice(notice);
    await runTarget(settings, runtime);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    await reportInputErrors(error, runtime);
  }
}

/** @throws InputError when a connection cannot be copied */
async function runTarget(read: ReadSettings, runtime: Runtime): Promise<void> {
  const { clock, log, redactor, signal } = runtime;
  const api = { ...read.api, redact: redactor.redact };
  const session = createSession({
    api,
    clock,
    signal,
    ...(read.target.kind !== 'single' && { maxParallel: read.target.max_parallel }),
    rateLimitWaitMinutes: read.api.rateLimitWaitMinutes,
    log: log.info,
    debug: log.debug,
  });
  const target =
    read.target.kind === 'draft'
      ? await (await import('./run/copy.ts')).completeDrafts(read.target, read, session, runtime)
      : read.target;
  const settings = { ...read, target };
  // Loaded once the inputs are known to be valid, so that V8 has less to read until then.
  if (target.kind === 'single') {
    const { runSingle } = await import(/* webpackChunkName: "run" */ './run/single.ts');
    return runSingle(target.spec, settings, session, runtime);
  }
  if (target.kind === 'manifest') {
    const { runManifest } = await import(/* webpackChunkName: "run" */ './run/manifest.ts');
    return runManifest(target, settings, session, runtime);
  }
  const { runExport } = await import('./run/export.ts');
  return runExport(target, settings, session, runtime);
}
