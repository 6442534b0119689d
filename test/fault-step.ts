import type { ChildProcess } from 'node:child_process';
import { closing } from './fault-run.ts';
import { type Step, type StepResult, startAction } from './sandbox/runner.mjs';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox/sandbox.mjs';

/** A sandbox that `closeAll` closes. */
export const openSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> =>
  closing(await startSandbox(options));

/** The inputs of a step that makes the connection `crm` in a sandbox. */
export const inputsFor = ({ url, apiKey, apiSecret }: Omit<Sandbox, 'close'>) => ({
  api_url: url,
  api_key: apiKey,
  api_secret: apiSecret,
  group_id: 'decent_dropsy',
  service: '15five',
  config: '{"schema": "crm"}',
  destination_schema_names: 'FIVETRAN_NAMING',
});

/** Starts a step that `closeAll` ends, should it not end by itself. */
export function startStep(step: Step): { child: ChildProcess; done: Promise<StepResult> } {
  const started = startAction(step);
  closing({
    async close() {
      if (started.child.exitCode === null) started.child.kill('SIGKILL');
      await started.done.catch(() => undefined);
    },
  });
  return started;
}

/** Runs a step to its end. */
export const runStep = (step: Step): Promise<StepResult> => startStep(step).done;

/** The message of the annotation that failed the step: the last error. */
export const failureOf = ({ annotations }: StepResult): string =>
  annotations.filter(({ level }) => level === 'error').at(-1)?.message ?? '';

/** The lines of the log that look like a part of a stack trace, debug messages left out. */
export const stackLines = ({ log }: StepResult): string[] =>
  log
    .split('\n')
    .filter((line) => !line.startsWith('::debug::'))
    .filter((line) => /^\s*at .*[:)]|\.[cm]?[jt]s:\d+|%0A\s+at /.test(line));
