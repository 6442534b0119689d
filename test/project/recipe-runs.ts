import type { GitHubApi } from '../harness/github-api.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { plainInputs, type StepRun, workspaceWith } from '../harness/step.ts';
import {
  ACTION,
  envOf,
  evaluated,
  type Job,
  ownSteps,
  readRecipe,
  type Step,
  type Workflow,
} from './recipes.ts';

type Values = Record<string, string>;

/** What the expressions of the recipes evaluate to in a run for pull request 42. */
export const onPullRequest: Values = {
  'github.event.pull_request.number': '42',
  'matrix.pull_request': '42',
  "github.event.action == 'closed' && 'absent' || 'present'": 'present',
  "github.event_name == 'pull_request'": 'true',
  'inputs.database': 'billing',
  'inputs.password': 'DATABASE_PASSWORD',
  'inputs.api_key': 'FIVETRAN_APIKEY',
  'inputs.api_secret': 'FIVETRAN_APISECRET',
};
export const onClose: Values = {
  ...onPullRequest,
  "github.event.action == 'closed' && 'absent' || 'present'": 'absent',
};
export const onMain: Values = { ...onPullRequest, "github.event_name == 'pull_request'": 'false' };

/** A recipe's step as the runner starts it. The sandbox's key pair replaces the recipe's. */
export function stepOf(step: Step, env: Record<string, string>, values: Values) {
  const unset = Object.fromEntries(Object.keys(plainInputs).map((name) => [name, '']));
  const given = Object.entries(step.with ?? {}).map(([name, value]) => [
    name,
    evaluated(value, values).trim(),
  ]);
  const texts = Object.entries(env).map(([name, value]) => [name, evaluated(value, values)]);
  return { inputs: { ...unset, ...Object.fromEntries(given) }, env: Object.fromEntries(texts) };
}

/** Which of the action's steps in a recipe: the first of the job unless it says otherwise. */
export type Place = [file: string, job: string, at?: number];

export function jobOf(...[file, job, at = 0]: Place): { workflow: Workflow; job: Job; step: Step } {
  const workflow = readRecipe(file);
  const found = workflow.jobs[job];
  const step = found && ownSteps(found)[at];
  if (!found || !step) throw new Error(`${file} has no such step of ${ACTION} in its job ${job}`);
  return { workflow, job: found, step };
}

/** What a step finds on its runner: a file in its workspace, and GitHub's API for a pull request. */
export type Runner = { file?: { name: string; content: object }; api?: GitHubApi };

/** Runs the action's step in a job of a recipe against a sandbox. */
export async function run(
  place: Place,
  world: VirtualWorld = {},
  values = onPullRequest,
  { file, api }: Runner = {},
): Promise<StepRun> {
  const { workflow, job, step } = jobOf(...place);
  const { inputs, env } = stepOf(step, envOf(workflow, job, step), values);
  const workspace = file && { GITHUB_WORKSPACE: workspaceWith(file.content, file.name) };
  const github = api && { GITHUB_API_URL: api.url };
  const event = api && { event: { pull_request: { number: 7 } } };
  return runStep({ inputs, env: { ...env, ...workspace, ...github }, ...event }, world);
}

/** A database that exists under a name. */
export const database = (prefix: string) => ({
  id: `${prefix}_id`,
  service: 'postgres',
  config: { schema_prefix: prefix },
});
