import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A step, a job and a workflow, as far as the recipes use them. */
export type Step = {
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string | number | boolean>;
  env?: Record<string, string>;
};
export type Job = {
  if?: string;
  permissions?: Record<string, string>;
  environment?: { name: string; url: string };
  env?: Record<string, string>;
  outputs?: Record<string, string>;
  steps: Step[];
};
export type Workflow = {
  on: Record<string, { paths?: string[] } | null>;
  permissions?: Record<string, string>;
  concurrency?: { group: string; 'cancel-in-progress': boolean };
  env?: Record<string, string>;
  jobs: Record<string, Job>;
};

export const ACTION = 'OWNER/fivetran-connection-action@v1';

const folder = new URL('../../docs/recipes/', import.meta.url);

/** The recipe that is a composite action, the `action.yml` of whoever copies it. */
export const COMPOSITE_ACTION = 'composite-action.yml';

/** The file names of the recipes that are workflows. */
export const recipeFiles = readdirSync(folder).filter(
  (file) => file.endsWith('.yml') && file !== COMPOSITE_ACTION,
);

export const readRecipe = (file: string): Workflow =>
  parse(readFileSync(new URL(file, folder), 'utf8'));

export const jobsOf = (workflow: Workflow): Job[] => Object.values(workflow.jobs);

/** The steps that use this action. */
export const ownSteps = ({ steps }: Pick<Job, 'steps'>): Step[] =>
  steps.filter(({ uses }) => uses === ACTION);

/** The environment of a step: its own variables, those of its job and those of the workflow. */
export const envOf = (workflow: Workflow, job: Job, step: Step): Record<string, string> => ({
  ...workflow.env,
  ...job.env,
  ...step.env,
});

/**
 * A text with each expression replaced by its value. A secret's value is its name.
 *
 * @throws {Error} when `values` lacks an expression
 */
export const evaluated = (text: unknown, values: Record<string, string>): string =>
  String(text).replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = values[expression] ?? /^secrets\.(\w+)$/.exec(expression)?.[1];
    if (value === undefined) throw new Error(`no value for the expression ${expression}`);
    return value;
  });
