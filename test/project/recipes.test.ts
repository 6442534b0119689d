import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { secretValues } from '../../src/secrets/secret-values.ts';
import {
  ACTION,
  COMPOSITE_ACTION,
  envOf,
  jobsOf,
  ownSteps,
  readRecipe,
  recipeFiles,
  type Step,
} from './recipes.ts';

const root = new URL('../../', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8');
const action = parse(textOf('action.yml'));
const inputs = Object.keys(action.inputs);
const outputs = Object.keys(action.outputs);

const SAME_REPOSITORY = 'github.event.pull_request.head.repo.full_name == github.repository';
const KEYS = ['FIVETRAN_APIKEY', 'FIVETRAN_APISECRET'];
const ENCODED_KEY = 'FIVETRAN_API_KEY';
const NAMING_FIELDS = ['schema', 'schema_prefix'];
/** Outputs that never hold a secret, so GitHub passes them to other jobs. */
const PUBLIC_OUTPUTS = ['connection_id', 'result', 'schema', 'setup_state', 'dashboard_url'];

test('the page links to every recipe and has no broken link', () => {
  const links = [...textOf('docs/recipes.md').matchAll(/\]\(recipes\/([^)]+)\)/g)];
  const linked = new Set(links.map(([, file]) => file));
  expect([...linked].sort()).toEqual([...recipeFiles, COMPOSITE_ACTION].sort());
  expect(recipeFiles.length).toBeGreaterThan(9);
});

function expectDeclaredInputs({ with: given = {} }: Step) {
  for (const name of Object.keys(given)) expect(inputs).toContain(name);
}

function expectWhatTheModeNeeds({ with: given = {} }: Step) {
  const { state, manifest, connection_id: id, group_id, service, config = '' } = given;
  if (given.export_to !== undefined) return expect(group_id).toBeTruthy();
  if (manifest !== undefined || (state === 'absent' && id !== undefined)) return;
  expect(group_id).toBeTruthy();
  if (state !== 'absent' && given.copy_from === undefined) expect(service).toBeTruthy();
  const fields = parse(String(config)) ?? {};
  const isNamed = NAMING_FIELDS.some((name) => Object.hasOwn(fields, name));
  if (state === 'absent' || given.if_exists !== undefined) expect(isNamed).toBe(true);
  if (state !== 'absent') expect(given.destination_schema_names).toBeTruthy();
}

function expectSecretsByName(step: Step, env: Record<string, string>) {
  const text = JSON.stringify(step.with);
  expect(text).not.toMatch(/secrets\.|env\.|inputs\./);
  for (const part of [step.with?.config, step.with?.auth]) {
    for (const { value } of secretValues(parse(String(part ?? '')))) {
      expect(value).toMatch(/^\$\{[A-Z_]+\}$/);
    }
  }
  // The variables that a manifest refers to are named in its own file.
  if (step.with?.manifest !== undefined) return;
  const named = [...text.matchAll(/\$\{([A-Z_]+)(?::-[^}]*)?\}/g)].map(([, name]) => name);
  expect(Object.keys(env).sort()).toEqual([...new Set([...keysIn(env), ...named])].sort());
}

const keysIn = (env: Record<string, string>) =>
  Object.hasOwn(env, ENCODED_KEY) ? [ENCODED_KEY] : KEYS;

describe.each(recipeFiles)('%s', (file) => {
  const workflow = readRecipe(file);
  const jobs = jobsOf(workflow);
  /** The workflow without its comments. */
  const whole = JSON.stringify(workflow);
  const isOnPullRequests = Object.hasOwn(workflow.on, 'pull_request');

  test('sets only declared inputs, and all that its mode requires', () => {
    for (const step of jobs.flatMap(ownSteps)) {
      expectDeclaredInputs(step);
      expectWhatTheModeNeeds(step);
    }
  });

  test('reads declared outputs of earlier steps', () => {
    for (const { steps } of jobs) {
      for (const [index, step] of steps.entries()) {
        const earlier = steps.slice(0, index);
        const reads = JSON.stringify(step).matchAll(/\bsteps\.([\w-]+)(?:\.outputs\.([\w-]+))?/g);
        for (const [, id, name] of reads) {
          const source = earlier.find((one) => one.id === id);
          if (source?.uses === ACTION) expect(outputs).toContain(name);
          else expect(source?.run).toContain(`"${name}=`);
        }
      }
    }
  });

  test('passes only outputs without secrets to other jobs and to GitHub', () => {
    for (const job of jobs) {
      const own = ownSteps(job).map(({ id }) => id);
      const passed = JSON.stringify([job.outputs ?? {}, job.environment ?? {}]);
      for (const [, id, name] of passed.matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
        if (own.includes(id)) expect(PUBLIC_OUTPUTS).toContain(name);
      }
    }
  });

  test('passes secrets through the environment and refers to them by name', () => {
    for (const job of jobs) {
      for (const step of ownSteps(job)) {
        const env = envOf(workflow, job, step);
        for (const name of keysIn(env)) expect(env[name]).toBe(`\${{ secrets.${name} }}`);
        expectSecretsByName(step, env);
      }
      for (const { env = {}, ...rest } of job.steps) {
        expect(JSON.stringify(rest)).not.toContain('secrets.');
        for (const value of Object.values(env)) {
          expect(value).toMatch(/^\$\{\{ [\w.]+ \}\}$|^not-needed-to-compare$/);
        }
      }
    }
  });

  test('puts no expression into a script', () => {
    for (const { run = '' } of jobs.flatMap(({ steps }) => steps)) expect(run).not.toContain('${{');
  });

  test('reads outputs after a failure only if they are set', () => {
    for (const step of jobs.flatMap(({ steps }) => steps)) {
      if (step.if?.includes('failure()')) expect(step.if).toMatch(/outputs\.\w+ != ''/);
    }
  });

  test('uses no text from a pull request', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(whole).not.toMatch(/head_ref|head\.ref|head\.label|base_ref|ref_name|github\.ref\b/);
    expect(whole).not.toMatch(/\.title|\.body|github\.actor\b/);
    if (!isOnPullRequests || !whole.includes('secrets.')) return;
    for (const job of jobs) expect(job.if).toContain(SAME_REPOSITORY);
  });

  test('has only the permissions it needs', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of jobs) {
      const checkouts = job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      const comments = ownSteps(job).some((step) => step.with?.comment !== undefined);
      const calls = (command: string) => job.steps.some(({ run }) => run?.includes(command));
      const opens = calls('gh pr create');
      expect(job.permissions ?? {}).toEqual({
        ...(checkouts.length > 0 ? { contents: calls('git push') ? 'write' : 'read' } : {}),
        ...(comments || opens ? { 'pull-requests': 'write' } : {}),
        ...(calls('gh pr list') && !opens ? { 'pull-requests': 'read' } : {}),
        ...(calls('gh run list') ? { actions: 'read' } : {}),
        ...(calls('gh issue') ? { issues: 'write' } : {}),
      });
      for (const step of checkouts) expect(step.with?.['persist-credentials']).toBe(false);
    }
  });

  test('runs once at a time per connection and cancels no run', () => {
    expect(workflow.concurrency).toMatchObject({ 'cancel-in-progress': false });
    const perPullRequest = workflow.concurrency?.group.includes('github.event.pull_request.number');
    expect(perPullRequest).toBe(isOnPullRequests);
  });
});

describe('the composite action', () => {
  const composite = parse(textOf(`docs/recipes/${COMPOSITE_ACTION}`));
  const steps: Step[] = composite.runs.steps;

  test('is one step of this action with declared inputs', () => {
    expect(composite.runs.using).toBe('composite');
    expect(steps.map(({ uses }) => uses)).toEqual([ACTION]);
    for (const step of steps) {
      expectDeclaredInputs(step);
      expectWhatTheModeNeeds(step);
      expectSecretsByName(step, step.env ?? {});
    }
  });

  test('passes on every input and only outputs without secrets', () => {
    const passed = Object.values(steps[0]?.env ?? {}).map(
      (value) => /inputs\.(\w+)/.exec(value)?.[1],
    );
    expect(passed.sort()).toEqual(Object.keys(composite.inputs).sort());
    const [id] = steps.map((step) => step.id);
    for (const [name, { value }] of Object.entries<{ value: string }>(composite.outputs)) {
      expect(value).toBe(`\${{ steps.${id}.outputs.${name} }}`);
      expect(PUBLIC_OUTPUTS).toContain(name);
    }
  });
});
