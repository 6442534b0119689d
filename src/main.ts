import * as core from '@actions/core';
import { type Clock, systemClock } from './fivetran/http/clock.ts';
import { openSession } from './fivetran/http/send.ts';
import { InputError } from './inputs/problem.ts';
import { readSettings } from './inputs/settings.ts';
import type { ConnectionSpec, Settings } from './inputs/spec.ts';
import { reportInputErrors } from './report/input-errors.ts';
import { createStepLog, type StepLog, type Toolkit } from './report/runner/log.ts';
import type { Runtime } from './run/job.ts';
import { runManifest } from './run/manifest.ts';
import { runSingle } from './run/single.ts';
import { makeRedactor } from './secrets/redactor.ts';

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
  const redactor = makeRedactor(toolkit.setSecret);
  const log = createStepLog(toolkit, redactor);
  return { ...host, input: toolkit.getInput, redactor, log, open: new Set() };
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
  clock: systemClock(signal),
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
  const { clock, env, input, log, redactor, signal } = runtime;
  let settings: Settings;
  try {
    settings = await readSettings({ input, env, mask: redactor.mask });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return reportInputErrors(error, runtime);
  }
  const { work } = settings;
  const api = { ...settings.api, redact: redactor.redact };
  noticeSchemaNames(work, log);
  const session = openSession(api, clock, signal, {
    ...(work.kind === 'manifest' && { maxParallel: work.max_parallel }),
    debug: log.debug,
  });
  if (work.kind === 'single') return runSingle(work.spec, settings, session, runtime);
  return runManifest(work, settings, session, runtime);
}

/** Fivetran announced that `destination_schema_names` will be required. */
function noticeSchemaNames(work: Settings['work'], log: StepLog): void {
  const isNameless = (spec: ConnectionSpec): boolean =>
    spec.state === 'present' && spec.request.destination_schema_names === undefined;
  const specs = work.kind === 'single' ? [work.spec] : work.entries.map(({ spec }) => spec);
  const nameless = specs.filter(isNameless).length;
  if (nameless === 0) return;
  const where = work.kind === 'manifest' ? ` for ${nameless} of ${specs.length} connections` : '';
  log.notice(
    `destination_schema_names is not set${where}. Fivetran will soon require it. Set it to ` +
      "FIVETRAN_NAMING (Fivetran's names, the current default) or SOURCE_NAMING (the source's names).",
  );
}
