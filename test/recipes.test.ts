import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { secretStrings } from '../src/secrets/secret-names.ts';
import { ACTION, envOf, jobsOf, ownSteps, readRecipe, recipeFiles } from './recipes.ts';

const root = new URL('../', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8');
const action = parse(textOf('action.yml'));
const inputs = Object.keys(action.inputs);
const outputs = Object.keys(action.outputs);

const SAME_REPOSITORY = 'github.event.pull_request.head.repo.full_name == github.repository';
const PR_NUMBER = '${{ github.event.pull_request.number }}';
const pair = ['FIVETRAN_APIKEY', 'FIVETRAN_APISECRET'];
const namings = ['schema', 'schema_prefix'];

test('the page shows each recipe, and nothing that is not there', () => {
  const links = [...textOf('docs/recipes.md').matchAll(/\]\(recipes\/([^)]+)\)/g)];
  const linked = new Set(links.map(([, file]) => file));
  expect([...linked].sort()).toEqual([...recipeFiles].sort());
  expect(recipeFiles.length).toBeGreaterThan(4);
});

describe.each(recipeFiles)('%s', (file) => {
  const workflow = readRecipe(file);
  const jobs = jobsOf(workflow);
  /** Without comments. */
  const whole = JSON.stringify(workflow);
  const isOnPullRequests = Object.hasOwn(workflow.on, 'pull_request');

  test('uses this action, and no other but the checkout', () => {
    const used = jobs.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(used).toContain(ACTION);
    for (const uses of used) expect([ACTION, 'actions/checkout@v5']).toContain(uses);
  });

  test('gives inputs that there are, and all that its mode needs', () => {
    for (const { with: given = {} } of jobs.flatMap(ownSteps)) {
      for (const name of Object.keys(given)) expect(inputs).toContain(name);
      const { state, manifest, connection_id: id, group_id, service, config = '' } = given;
      if (manifest !== undefined || (state === 'absent' && id !== undefined)) continue;
      expect(group_id).toBeTruthy();
      if (state !== 'absent') expect(service).toBeTruthy();
      const isNamed = namings.some((name) => Object.hasOwn(parse(String(config)) ?? {}, name));
      if (state === 'absent' || given.if_exists !== undefined) expect(isNamed).toBe(true);
      if (state !== 'absent') expect(given.destination_schema_names).toBeTruthy();
    }
  });

  test('reads outputs that there are, of steps that came before', () => {
    for (const { steps } of jobs) {
      for (const [index, step] of steps.entries()) {
        const before = steps.slice(0, index).filter(({ uses }) => uses === ACTION);
        const reads = JSON.stringify(step).matchAll(/\bsteps\.([\w-]+)(?:\.outputs\.([\w-]+))?/g);
        for (const [, id, name] of reads) {
          expect(before.map((one) => one.id)).toContain(id);
          expect(outputs).toContain(name);
        }
      }
    }
    // What another job gets is from steps of its own: GitHub passes no output that holds a mask.
    const own = jobs.flatMap(ownSteps).map(({ id }) => id);
    for (const { outputs: passed = {} } of jobs) {
      for (const [, id] of JSON.stringify(passed).matchAll(/\bsteps\.([\w-]+)/g)) {
        expect(own).not.toContain(id);
      }
    }
  });

  test('hands secrets over through the environment, as names', () => {
    for (const job of jobs) {
      for (const step of ownSteps(job)) {
        const text = JSON.stringify(step.with);
        expect(text).not.toMatch(/secrets\.|env\./);
        for (const part of [step.with?.config, step.with?.auth]) {
          const secrets = secretStrings(parse(String(part ?? '')));
          for (const secret of secrets) expect(secret).toMatch(/^\$\{[A-Z_]+\}$/);
        }
        const env = envOf(workflow, job, step);
        for (const name of pair) expect(env[name]).toBe(`\${{ secrets.${name} }}`);
        // What a manifest names is in a file of its own.
        if (step.with?.manifest !== undefined) continue;
        const named = [...text.matchAll(/\$\{([A-Z_]+)(?::-[^}]*)?\}/g)].map(([, name]) => name);
        expect(Object.keys(env).sort()).toEqual([...new Set([...pair, ...named])].sort());
      }
      for (const { env = {}, ...rest } of job.steps) {
        expect(JSON.stringify(rest)).not.toContain('secrets.');
        for (const value of Object.values(env)) expect(value).toMatch(/^\$\{\{ [\w.]+ \}\}$/);
      }
    }
  });

  test('puts nothing from outside into a script', () => {
    for (const { run = '' } of jobs.flatMap(({ steps }) => steps)) expect(run).not.toContain('${{');
  });

  test('trusts no pull request with more than it may have', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(whole).not.toMatch(/head_ref|head\.ref|head\.label|base_ref|ref_name|github\.ref\b/);
    expect(whole).not.toMatch(/\.title|\.body|github\.actor\b/);
    if (!isOnPullRequests) return;
    for (const job of jobs) expect(job.if).toContain(SAME_REPOSITORY);
  });

  test('makes names of pull requests’ connections from their numbers', () => {
    if (!isOnPullRequests) return expect(whole).not.toContain('PR_NUMBER');
    for (const job of jobs) {
      for (const step of ownSteps(job)) {
        const { dry_run, config = '', manifest } = step.with ?? {};
        if (dry_run === true || dry_run === "${{ github.event_name == 'pull_request' }}") continue;
        expect(envOf(workflow, job, step).PR_NUMBER).toBe(PR_NUMBER);
        if (manifest !== undefined) continue;
        const { schema, schema_prefix: prefix = schema } = parse(String(config));
        expect(prefix).toMatch(/^[a-z_]+_\$\{PR_NUMBER\}$/);
      }
    }
  });

  test('has no permission that it does not need', () => {
    expect(workflow.permissions).toEqual({});
    for (const { permissions = {}, steps } of jobs) {
      const checksOut = steps.some(({ uses }) => uses?.startsWith('actions/checkout@'));
      expect(permissions).toEqual(checksOut ? { contents: 'read' } : {});
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) {
        expect(step.with?.['persist-credentials']).toBe(false);
      }
    }
  });

  test('works on a connection one run at a time, and ends what it began', () => {
    expect(workflow.concurrency).toMatchObject({ 'cancel-in-progress': false });
    const perPullRequest = workflow.concurrency?.group.includes('github.event.pull_request.number');
    expect(perPullRequest).toBe(isOnPullRequests);
  });
});
