import type { ChildProcess } from 'node:child_process';
import { type Step as RunnerStep, startAction } from '../runner/runner.mjs';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.mjs';
import { closeAtEnd } from './cleanup.ts';
import { inputTexts, type Step, type StepRun, seenBy, type World, workspaceWith } from './step.ts';

/** Further options; see the sandbox's runner. */
type Runner = Pick<RunnerStep, 'node' | 'dist' | 'onOutput' | 'signal'>;

/** A step whose process is running. */
export type StartedStep = { child: ChildProcess; done: Promise<StepRun>; sandbox: Sandbox };

/** Starts the built action in its own process, as the runner does. */
export async function startBuiltStep(
  step: Step & Runner = {},
  { sandbox: shared, prepare, ...options }: World = {},
): Promise<StartedStep> {
  const { inputs: _, env, manifest, event, ...runner } = step;
  const sandbox = shared ?? closeAtEnd(await startSandbox(options));
  prepare?.(sandbox);
  const earlier = sandbox.requests.length;
  const started = startAction({
    ...runner,
    inputs: inputTexts(step, sandbox),
    ...(env && { env }),
    ...(event !== undefined && { event }),
    ...(manifest !== undefined && { workspace: workspaceWith(manifest) }),
  });
  const { child } = started;
  closeAtEnd({
    async close() {
      if (child.exitCode === null) child.kill('SIGKILL');
      await started.done.catch(() => undefined);
    },
  });
  const done = started.done.then((result) => seenBy(sandbox, earlier, result));
  return { child, done, sandbox };
}

/** Runs the built action in its own process, to its end. */
export async function runBuiltStep(step: Step & Runner = {}, world: World = {}): Promise<StepRun> {
  return (await startBuiltStep(step, world)).done;
}
