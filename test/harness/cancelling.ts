import { startBuiltStep } from './run-built-step.ts';
import type { Step, StepRun, World } from './step.ts';

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
