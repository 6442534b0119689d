import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declaredInputs } from './action-metadata.mjs';
import { outputsIn } from './output-file.mjs';
import { stepEnvironment } from './step-environment.mjs';
import { commandsIn } from './workflow-commands.mjs';

/** @typedef {import('./workflow-commands.mjs').Annotation} Annotation */

/**
 * What a workflow and the runner define about a step, however the step is then run.
 * @typedef {object} StepDefinition
 * @property {Record<string, string | number | boolean>} [inputs] the step's `with:`
 * @property {Record<string, string>} [env] the step's `env:`; takes precedence over the runner's
 *   variables
 * @property {string | URL} [actionFile] the action.yml that declares the inputs
 * @property {string} [workspace] a new, empty folder by default
 * @property {unknown} [event] payload of the webhook event that started the workflow
 * @property {string} [githubToken] value of `github.token`
 */

/**
 * What a step wrote to the runner's files and to its log.
 * @typedef {object} StepRecords
 * @property {Record<string, string>} outputs
 * @property {string} summary
 * @property {string[]} masks
 * @property {Annotation[]} annotations
 */

/**
 * A step that is ready to run, in this process or in another.
 * @typedef {object} PreparedStep
 * @property {Record<string, string>} env its whole environment
 * @property {string} folder for the runner's files
 * @property {string} workspace
 * @property {(log: string) => StepRecords} read collects what the step wrote, given its log
 * @property {() => void} cleanUp removes the folder
 */

const ACTION_FILE = new URL('../../action.yml', import.meta.url);

/** The names of the inputs that action.yml declares. */
export const declaredInputNames = () => declaredInputs(ACTION_FILE).map(({ name }) => name);

/**
 * Creates the files and the environment that the GitHub runner gives to a step.
 * @param {StepDefinition} step
 * @returns {PreparedStep}
 * @throws {RangeError} when action.yml does not declare an input; the runner would only warn
 */
export function prepareStep(step) {
  const { env = {}, event = {} } = step;
  const inputs = inputVariables(step);
  const folder = mkdtempSync(join(tmpdir(), 'fivetran-step-'));
  const workspace = step.workspace ?? join(folder, 'workspace');
  if (step.workspace === undefined) mkdirSync(workspace);
  const runnerEnv = stepEnvironment({ folder, workspace, event });
  const { PATH = '', HOME = folder } = process.env;
  return {
    env: { PATH, HOME, ...runnerEnv, ...inputs, ...env },
    folder,
    workspace,
    read: (log) => ({
      outputs: outputsIn(readFileSync(runnerEnv.GITHUB_OUTPUT ?? '', 'utf8')),
      summary: readFileSync(runnerEnv.GITHUB_STEP_SUMMARY ?? '', 'utf8'),
      ...commandsIn(log),
    }),
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @param {StepDefinition} step */
function inputVariables({ inputs = {}, actionFile = ACTION_FILE, githubToken }) {
  const declared = declaredInputs(actionFile);
  const unknown = Object.keys(inputs).find((name) => declared.every((one) => one.name !== name));
  if (unknown !== undefined) throw new RangeError(`action.yml declares no input '${unknown}'`);
  return Object.fromEntries(
    declared.map(({ name, default: fallback }) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      String(inputs[name] ?? evaluate(fallback, githubToken)),
    ]),
  );
}

/**
 * Evaluates the expressions in the default of an input, for a job without a matrix.
 * @param {string} text
 * @param {string} [githubToken] value of `github.token`
 */
export const evaluate = (text, githubToken = 'ghs_sandbox') =>
  text
    .replace(/\$\{\{\s*github\.token\s*\}\}/, githubToken)
    .replace(/\$\{\{\s*strategy\.job-index\s*\}\}/, '0');
