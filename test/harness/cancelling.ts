import { startBuiltStep } from './run-built-step.ts';
import type { Step, StepRun, World } from './step.ts';

/** Skips a test on Windows, which has no signals: there, `kill` ends a process at once. */
export const testWithSignals = process.platform === 'win32' ? test.skip : test;

/**
 * Runs the built action, and sends its process a signal once a line of the step's output or of the
 * sandbox's log matches. The process has to end by itself.
 */
export async function runCancelled(
  { at, signal = 'SIGINT', ...step }: Step & { at: RegExp; signal?: NodeJS.Signals },
  world: World = {},
): Promise<StepRun> {
  let cancel = () => {};
  const watch = (text: string) => {
    if (at.test(text)) cancel();
  };
  const started = await startBuiltStep({ ...step, onOutput: watch }, { ...world, log: watch });
  cancel = () => void started.child.kill(signal);
  return started.done;
}

/** The environment of a step that also runs a script, on SIGUSR2. */
export const onSignal = (script: string) => {
  const module = `process.on('SIGUSR2', () => { ${script} });`;
  return { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(module)}"` };
};
