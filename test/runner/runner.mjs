import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { declaredInputNames, prepareStep } from './prepare-step.mjs';

/** @typedef {import('./prepare-step.mjs').StepDefinition} StepDefinition */
/** @typedef {import('./prepare-step.mjs').StepRecords} StepRecords */

/**
 * A workflow step that uses this action.
 * @typedef {StepDefinition & {
 *   node?: string, dist?: string, signal?: AbortSignal, onOutput?: (text: string) => void,
 * }} Step `node` runs `dist`; aborting `signal` cancels the job; `onOutput` receives stdout and
 *   stderr as they arrive
 */

/**
 * The result of a step.
 * @typedef {StepRecords & {
 *   exitCode: number | null, signal: NodeJS.Signals | null, log: string, durationMs: number,
 * }} StepResult `exitCode` is null when a signal ended the step; `log` is stdout and stderr in the
 *   order of arrival, workflow commands included
 */

const DIST = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** Milliseconds between the cancellation of a job and each signal that its step receives. */
const CANCELLATION = /** @type {const} */ ([
  [0, 'SIGINT'],
  [7_500, 'SIGTERM'],
  [10_000, 'SIGKILL'],
]);

export { declaredInputNames };

/**
 * Runs the action as the GitHub runner does and waits for its end.
 * @param {Step} step
 * @returns {Promise<StepResult>}
 */
export const runAction = (step) => startAction(step).done;

/**
 * Starts the action as the GitHub runner does.
 * @param {Step} step
 * @returns {{ child: import('node:child_process').ChildProcess, done: Promise<StepResult> }}
 * @throws {RangeError} when action.yml does not declare an input; the runner would only warn
 */
export function startAction(step) {
  const { node = process.execPath, dist = DIST, onOutput = () => {} } = step;
  const prepared = prepareStep(step);
  const startedAt = performance.now();
  const child = spawn(node, [dist], {
    cwd: prepared.workspace,
    env: prepared.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      log += text;
      onOutput(text);
    });
  }
  const stopCancelling = cancelOn(step.signal, child);

  /** @type {Promise<StepResult>} */
  const done = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      const durationMs = performance.now() - startedAt;
      try {
        resolve({ exitCode, signal, log, ...prepared.read(log), durationMs });
      } catch (error) {
        reject(error);
      }
    });
  });
  return {
    child,
    done: done.finally(() => {
      stopCancelling();
      prepared.cleanUp();
    }),
  };
}

/**
 * @param {AbortSignal | undefined} signal
 * @param {import('node:child_process').ChildProcess} child
 */
function cancelOn(signal, child) {
  /** @type {NodeJS.Timeout[]} */
  const timers = [];
  const cancel = () => {
    for (const [ms, name] of CANCELLATION) timers.push(setTimeout(() => child.kill(name), ms));
  };
  if (signal?.aborted) cancel();
  else signal?.addEventListener('abort', cancel, { once: true });
  return () => {
    signal?.removeEventListener('abort', cancel);
    timers.forEach(clearTimeout);
  };
}
