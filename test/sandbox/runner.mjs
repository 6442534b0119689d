import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declaredInputs } from './runner/action-metadata.mjs';
import { outputsIn } from './runner/output-file.mjs';
import { stepEnvironment } from './runner/step-environment.mjs';
import { commandsIn } from './runner/workflow-commands.mjs';

/**
 * A step of a workflow that uses this action.
 * @typedef {object} Step
 * @property {Record<string, string | number | boolean>} [inputs] what `with:` says
 * @property {Record<string, string>} [env] what `env:` says; it wins over the runner's own
 * @property {string} [node] the Node.js that runs the action
 * @property {string} [dist]
 * @property {string | URL} [actionFile] the action.yml that declares the inputs
 * @property {string} [workspace] a fresh, empty folder when left out
 * @property {unknown} [event]
 * @property {string} [githubToken] what `github.token` is
 * @property {AbortSignal} [signal] aborted: the job is cancelled
 * @property {(text: string) => void} [onOutput] gets stdout and stderr as they come
 */

/**
 * What a step left behind.
 * @typedef {object} StepResult
 * @property {number | null} exitCode null when a signal ended it
 * @property {NodeJS.Signals | null} signal
 * @property {string} log stdout and stderr, as they came, commands included
 * @property {Record<string, string>} outputs
 * @property {string} summary
 * @property {string[]} masks
 * @property {import('./runner/workflow-commands.mjs').Annotation[]} annotations
 * @property {number} durationMs
 */

const ROOT = new URL('../../', import.meta.url);
const DIST = fileURLToPath(new URL('dist/index.js', ROOT));
const ACTION_FILE = new URL('action.yml', ROOT);

/** How long after a cancelled job's SIGINT come SIGTERM and the end, in milliseconds. */
const CANCELLATION = /** @type {const} */ ([
  [0, 'SIGINT'],
  [7_500, 'SIGTERM'],
  [10_000, 'SIGKILL'],
]);

/** The names of the inputs that action.yml declares. */
export const declaredInputNames = () => declaredInputs(ACTION_FILE).map(({ name }) => name);

/**
 * Runs the action as the GitHub runner does, to its end.
 * @param {Step} step
 * @returns {Promise<StepResult>}
 */
export const runAction = (step) => startAction(step).done;

/**
 * Starts the action as the GitHub runner does.
 * @param {Step} step
 * @returns {{ child: import('node:child_process').ChildProcess, done: Promise<StepResult> }}
 * @throws {RangeError} when action.yml declares no such input; the runner would only warn
 */
export function startAction(step) {
  const { env = {}, node = process.execPath, dist = DIST, event = {}, onOutput = () => {} } = step;
  const inputs = inputVariables(step);
  const folder = mkdtempSync(join(tmpdir(), 'fivetran-step-'));
  const workspace = step.workspace ?? join(folder, 'workspace');
  if (step.workspace === undefined) mkdirSync(workspace);
  const stepEnv = stepEnvironment({ folder, workspace, event });
  const { PATH = '', HOME = folder } = process.env;

  const startedAt = performance.now();
  const child = spawn(node, [dist], {
    cwd: workspace,
    env: { PATH, HOME, ...stepEnv, ...inputs, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      log += text;
      onOutput(text);
    });
  }
  const endCancellation = cancelOn(step.signal, child);

  /** @param {number | null} exitCode @param {NodeJS.Signals | null} signal */
  const resultOf = (exitCode, signal) => ({
    exitCode,
    signal,
    log,
    outputs: outputsIn(readFileSync(stepEnv.GITHUB_OUTPUT ?? '', 'utf8')),
    summary: readFileSync(stepEnv.GITHUB_STEP_SUMMARY ?? '', 'utf8'),
    ...commandsIn(log),
    durationMs: performance.now() - startedAt,
  });

  /** @type {Promise<StepResult>} */
  const done = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      try {
        resolve(resultOf(exitCode, signal));
      } catch (error) {
        reject(error);
      }
    });
  });
  return {
    child,
    done: done.finally(() => {
      endCancellation();
      rmSync(folder, { recursive: true, force: true });
    }),
  };
}

/** @param {Step} step */
function inputVariables({ inputs = {}, actionFile = ACTION_FILE, githubToken = 'ghs_sandbox' }) {
  const declared = declaredInputs(actionFile);
  const unknown = Object.keys(inputs).find((name) => declared.every((one) => one.name !== name));
  if (unknown !== undefined) throw new RangeError(`action.yml declares no input '${unknown}'`);
  return Object.fromEntries(
    declared.map(({ name, default: fallback }) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      String(inputs[name] ?? fallback.replace(/\$\{\{\s*github\.token\s*\}\}/, githubToken)),
    ]),
  );
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
