import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../harness/cleanup.ts';
import { newHostKey } from '../harness/keys.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { plainInputs, type StepRun } from '../harness/step.ts';
import {
  ACTION,
  COMPOSITE_ACTION,
  envOf,
  evaluated,
  type Job,
  ownSteps,
  readRecipe,
  recipeFiles,
  type Step,
  type Workflow,
} from './recipes.ts';

type Values = Record<string, string>;

/** What the expressions of the recipes evaluate to in a run for pull request 42. */
const onPullRequest: Values = {
  'github.event.pull_request.number': '42',
  'matrix.pull_request': '42',
  "github.event_name == 'pull_request'": 'true',
  "github.event.action == 'closed' && 'absent' || 'present'": 'present',
  'inputs.database': 'billing',
  'inputs.password': 'DATABASE_PASSWORD',
  'inputs.api_key': 'FIVETRAN_APIKEY',
  'inputs.api_secret': 'FIVETRAN_APISECRET',
};
const onMain: Values = { ...onPullRequest, "github.event_name == 'pull_request'": 'false' };

/** A recipe's step as the runner starts it. The sandbox's key pair replaces the recipe's. */
function stepOf(step: Step, env: Record<string, string>, values: Values) {
  const unset = Object.fromEntries(Object.keys(plainInputs).map((name) => [name, '']));
  const given = Object.entries(step.with ?? {}).map(([name, value]) => [
    name,
    evaluated(value, values).trim(),
  ]);
  const texts = Object.entries(env).map(([name, value]) => [name, evaluated(value, values)]);
  return { inputs: { ...unset, ...Object.fromEntries(given) }, env: Object.fromEntries(texts) };
}

function jobOf(file: string, job: string): { workflow: Workflow; job: Job; step: Step } {
  const workflow = readRecipe(file);
  const found = workflow.jobs[job];
  const step = found && ownSteps(found)[0];
  if (!found || !step) throw new Error(`${file} has no step of ${ACTION} in its job ${job}`);
  return { workflow, job: found, step };
}

/** Runs the action's step in a job of a recipe against a fresh sandbox. */
async function run(
  [file, name]: [file: string, job: string],
  world: VirtualWorld = {},
  values = onPullRequest,
): Promise<StepRun> {
  const { workflow, job, step } = jobOf(file, name);
  return runStep(stepOf(step, envOf(workflow, job, step), values), world);
}

const database = (prefix: string) => ({
  id: `${prefix}_id`,
  service: 'postgres',
  config: { schema_prefix: prefix },
});
const preview = { ...database('billing_pr_42'), group_id: 'quaint_harbor' };
const neighbors = ['billing_pr_4', 'billing_pr_421', 'billing'].map((name) => ({
  ...database(name),
  group_id: 'quaint_harbor',
}));

describe('a preview', () => {
  test('is created and synced', async () => {
    const up = await run(['preview.yml', 'up'], { connections: neighbors, syncSeconds: 20 });
    expect(up.exitCode).toBe(0);
    expect(up.outputs).toMatchObject({ result: 'created', schema: 'billing_pr_42' });
    expect(up.sent).toContain('sync');
  });

  test('is found by the next push', async () => {
    const up = await run(['preview.yml', 'up'], { connections: [preview], syncSeconds: 20 });
    expect(up.outputs).toMatchObject({ result: 'updated', connection_id: 'billing_pr_42_id' });
    expect(up.ids).toEqual(['billing_pr_42_id']);
  });

  test.each([
    ['when its pull request is closed', 'preview.yml', 'down'],
    ['by the sweep', 'sweep.yml', 'remove'],
  ])('is deleted %s, alone, and only once', async (_when, file, job) => {
    const down = await run([file, job], { connections: [...neighbors, preview] });
    expect(down.outputs).toMatchObject({ result: 'deleted', connection_id: 'billing_pr_42_id' });
    expect(down.ids).toEqual(neighbors.map(({ id }) => id));
    const again = await run([file, job], { connections: neighbors });
    expect(again.exitCode).toBe(0);
    expect(again.outputs.result).toBe('absent');
    expect(again.ids).toEqual(neighbors.map(({ id }) => id));
  });

  test('with selected tables syncs only those and hashes the addresses', async () => {
    const up = await run(['table-selection.yml', 'up'], { syncSeconds: 20 });
    expect(up.exitCode).toBe(0);
    expect(up.outputs).toMatchObject({ result: 'created', schema: 'shop_pr_42', paused: 'false' });
    expect(up.sent.indexOf('patch schemas')).toBeLessThan(up.sent.indexOf('sync'));
    const patch = up.requests.find(
      ({ method, path }) => method === 'PATCH' && path.endsWith('/schemas'),
    );
    expect(patch?.body).toMatchObject({
      schemas: {
        public: {
          tables: {
            users: { columns: { email: { hashed: true }, notes: { enabled: false } } },
          },
        },
      },
    });
    const down = await run(['table-selection.yml', 'down'], {
      connections: [{ ...database('shop_pr_42'), group_id: 'quaint_harbor' }],
    });
    expect(down.outputs.result).toBe('deleted');
  });
});

test('a preview copies production and goes with its pull request, in one step', async () => {
  const recipe: [string, string] = ['copy-production.yml', 'preview'];
  const connections = [
    {
      id: 'iodize_impressive',
      service: 'postgres',
      config: { schema_prefix: 'billing', host: 'db.example.com', password: 'production' },
      group_id: 'decent_dropsy',
      selection: {
        schemas: { public: { tables: { users: { columns: { email: { hashed: true } } } } } },
      },
    },
  ];
  const up = await run(recipe, { connections });
  expect(up.exitCode).toBe(0);
  expect(up.outputs).toMatchObject({ result: 'created', schema: 'billing_pr_42' });
  const copy = up.sandbox.selection(up.outputs.connection_id ?? '');
  expect(copy['public.users']?.hashed).toEqual(['email']);
  const values = {
    ...onPullRequest,
    "github.event.action == 'closed' && 'absent' || 'present'": 'absent',
  };
  const down = await run(recipe, { connections: [...connections, preview] }, values);
  expect(down.outputs.result).toBe('deleted');
  expect(down.ids).toEqual(['iodize_impressive']);
});

test('an export writes the file that its pull request adds', async () => {
  const { workflow, job, step } = jobOf('export.yml', 'export');
  const { inputs, env } = stepOf(step, envOf(workflow, job, step), onPullRequest);
  const folder = temporaryFolder();
  const ran = await runStep(
    { inputs, env: { ...env, GITHUB_WORKSPACE: folder } },
    { connections: [preview] },
  );
  expect(ran.outputs.result).toBe('exported');
  expect(readFileSync(join(folder, 'fivetran.yml'), 'utf8')).toContain('  billing_pr_42:');
});

describe('a release', () => {
  test.each([
    ['first', [], 'created'],
    ['later', [database('billing')], 'updated'],
  ])(
    'the %s run creates or updates the connection and syncs it',
    async (_which, connections, result) => {
      const release = await run(['release.yml', 'connect'], { connections, syncSeconds: 20 });
      expect(release.exitCode).toBe(0);
      expect(release.outputs).toMatchObject({ result, schema: 'billing' });
      expect(release.sent).toContain('sync');
    },
  );

  test('pauses a new connection whose tests fail', async () => {
    const release = await run(['release.yml', 'connect'], { scenario: 'failed-tests' });
    expect(release.exitCode).toBe(1);
    expect(release.outputs).toMatchObject({ result: 'created', paused: 'true' });
    expect(release.outputs.failed_test_messages).not.toBe('');
  });
});

test('an OAuth connector waits for its connect card with a warning, until it is authorized', async () => {
  const recipe: [string, string] = ['connect-card.yml', 'connect'];
  const crm = { service: 'salesforce', config: { schema: 'crm' } };
  const waiting = { ...crm, scenario: 'incomplete', setup_state: 'incomplete' };
  const first = await run(recipe, { scenario: 'incomplete' });
  const again = await run(recipe, { connections: [waiting] });
  expect([first.outputs.result, again.outputs.result]).toEqual(['created', 'reused']);
  for (const { exitCode, outputs } of [first, again]) {
    expect(exitCode).toBe(0);
    expect(outputs.setup_state).toBe('incomplete');
    expect(outputs.connect_card_uri).toMatch(/^https:/);
  }
  const done = await run(recipe, { connections: [{ ...crm, scenario: 'connected' }] });
  expect(done.outputs).toMatchObject({ setup_state: 'connected', connect_card_uri: '' });
});

test('a database over SSH is trusted only with its pinned host key', async () => {
  const scenario = 'host-key-unknown';
  const pinned = await run(['ssh.yml', 'connect'], { scenario });
  expect(pinned.sent).toContain('approve key');
  expect(pinned.exitCode).toBe(0);
  const hostKeys = [newHostKey('bastion.example.com')];
  const other = await run(['ssh.yml', 'connect'], { scenario, hostKeys });
  expect(other.sent).not.toContain('approve key');
  expect(other.exitCode).toBe(1);
});

test('a check changes nothing on a pull request, and the same step applies it on main', async () => {
  const check = await run(['check.yml', 'connection']);
  expect(check.outputs).toMatchObject({ result: 'planned', plan: 'create' });
  expect(check.ids).toEqual([]);
  const real = await run(['check.yml', 'connection'], {}, onMain);
  expect(real.outputs).toMatchObject({ result: 'created', plan: '', schema: 'billing' });
});

test('drift shows as a plan other than reuse', async () => {
  const config = {
    schema_prefix: 'billing',
    host: 'db.example.com',
    port: 5432,
    database: 'billing',
    user: 'fivetran',
    update_method: 'QUERY_BASED',
  };
  const same = { ...database('billing'), config, sync_frequency: 60 };
  const plans = await Promise.all(
    [same, { ...same, sync_frequency: 1440 }].map(async (connection) => {
      const { outputs } = await run(['drift.yml', 'check'], { connections: [connection] });
      return outputs.plan;
    }),
  );
  expect(plans).toEqual(['reuse', 'update']);
});

test.each([
  ['reusable workflow', () => jobOf('reusable-workflow.yml', 'connect').step],
  ['composite action', () => compositeStep()],
])('the %s creates the connection and returns its id unmasked', async (_what, stepIn) => {
  const step = stepIn();
  const ran = await runStep(stepOf(step, step.env ?? {}, onPullRequest));
  expect(ran.exitCode).toBe(0);
  expect(ran.outputs).toMatchObject({ result: 'created', schema: 'billing' });
  for (const mask of ran.masks) expect(ran.outputs.connection_id).not.toContain(mask);
});

function compositeStep(): Step {
  const composite = readRecipe(COMPOSITE_ACTION) as unknown as { runs: { steps: Step[] } };
  const [step] = composite.runs.steps;
  if (!step) throw new Error(`${COMPOSITE_ACTION} has no step`);
  return step;
}

test('a dry run finds no problem in the config of any recipe', async () => {
  let count = 0;
  for (const file of recipeFiles) {
    const workflow = readRecipe(file);
    for (const job of Object.values(workflow.jobs)) {
      for (const step of ownSteps(job)) {
        const { state, manifest, copy_from, export_to } = step.with ?? {};
        // A copy needs its source, and an export plans nothing.
        if (copy_from !== undefined || export_to !== undefined) continue;
        // The drift check leaves the secrets out on purpose.
        if (state === 'absent' || manifest !== undefined || file === 'drift.yml') continue;
        const { inputs, env } = stepOf(step, envOf(workflow, job, step), onPullRequest);
        // Without a connection, a dry run cannot verify a selection and warns.
        const config = { ...inputs, schemas: '', schema_change_handling: '', comment: '' };
        const ran = await runStep({ inputs: { ...config, dry_run: 'true' }, env });
        expect([file, ran.exitCode, ran.annotations]).toEqual([file, 0, []]);
        count += 1;
      }
    }
  }
  expect(count).toBeGreaterThan(5);
});
