import { newHostKey } from '../harness/keys.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { plainInputs, type StepRun, workspaceWith } from '../harness/step.ts';
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
  "github.event.action == 'closed' && 'absent' || 'present'": 'present',
  "github.event_name == 'pull_request'": 'true',
  'inputs.database': 'billing',
  'inputs.password': 'DATABASE_PASSWORD',
  'inputs.api_key': 'FIVETRAN_APIKEY',
  'inputs.api_secret': 'FIVETRAN_APISECRET',
};
const onClose: Values = {
  ...onPullRequest,
  "github.event.action == 'closed' && 'absent' || 'present'": 'absent',
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

/** Which of the action's steps in a recipe: the first of the job unless it says otherwise. */
type Place = [file: string, job: string, at?: number];

function jobOf(...[file, job, at = 0]: Place): { workflow: Workflow; job: Job; step: Step } {
  const workflow = readRecipe(file);
  const found = workflow.jobs[job];
  const step = found && ownSteps(found)[at];
  if (!found || !step) throw new Error(`${file} has no such step of ${ACTION} in its job ${job}`);
  return { workflow, job: found, step };
}

/** Runs the action's step in a job of a recipe against a fresh sandbox, beside a file. */
async function run(
  place: Place,
  world: VirtualWorld = {},
  values = onPullRequest,
  file?: { name: string; content: object },
): Promise<StepRun> {
  const { workflow, job, step } = jobOf(...place);
  const { inputs, env } = stepOf(step, envOf(workflow, job, step), values);
  const workspace = file && { GITHUB_WORKSPACE: workspaceWith(file.content, file.name) };
  return runStep({ inputs, env: { ...env, ...workspace } }, world);
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
    const up = await run(['preview.yml', 'preview'], { connections: neighbors, syncSeconds: 20 });
    expect(up.exitCode).toBe(0);
    expect(up.outputs).toMatchObject({ result: 'created', schema: 'billing_pr_42' });
    expect(up.sent).toContain('sync');
  });

  test('is found by the next push', async () => {
    const up = await run(['preview.yml', 'preview'], { connections: [preview], syncSeconds: 20 });
    expect(up.outputs).toMatchObject({ result: 'updated', connection_id: 'billing_pr_42_id' });
    expect(up.ids).toEqual(['billing_pr_42_id']);
  });

  test.each([
    ['when its pull request is closed', 'preview.yml', 'preview'],
    ['by the sweep', 'sweep.yml', 'remove'],
  ])('is deleted %s, alone, and only once', async (_when, file, job) => {
    const down = await run([file, job], { connections: [...neighbors, preview] }, onClose);
    expect(down.outputs).toMatchObject({ result: 'deleted', connection_id: 'billing_pr_42_id' });
    expect(down.ids).toEqual(neighbors.map(({ id }) => id));
    const again = await run([file, job], { connections: neighbors }, onClose);
    expect(again.exitCode).toBe(0);
    expect(again.outputs.result).toBe('absent');
    expect(again.ids).toEqual(neighbors.map(({ id }) => id));
  });

  test('with selected tables syncs only those and hashes the addresses', async () => {
    const up = await run(['table-selection.yml', 'preview'], { syncSeconds: 20 });
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
    const connections = [{ ...database('shop_pr_42'), group_id: 'quaint_harbor' }];
    const down = await run(['table-selection.yml', 'preview'], { connections }, onClose);
    expect(down.outputs.result).toBe('deleted');
  });
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

const config = {
  schema_prefix: 'billing',
  host: 'db.example.com',
  port: 5432,
  database: 'billing',
  user: 'fivetran',
  update_method: 'QUERY_BASED',
};
const file = {
  name: 'fivetran.yml',
  content: {
    defaults: { group_id: 'decent_dropsy', destination_schema_names: 'FIVETRAN_NAMING' },
    connections: {
      billing: {
        service: 'postgres',
        sync_frequency: 60,
        config: { ...config, password: '${BILLING_PASSWORD}' },
      },
    },
  },
};
const stored = {
  ...database('billing'),
  config: { ...config, password: 'the real one' },
  sync_frequency: 60,
  paused: false,
};

describe('a drift check over a manifest', () => {
  test.each([
    ['the same connection', {}, 'reuse', ''],
    ['another setting', { sync_frequency: 1440 }, 'update', 'billing: sync_frequency: 1440 → 60'],
    ['a paused connection', { paused: true }, 'update', 'billing: paused: true → false'],
  ])('finds %s', async (_what, differs, plan, changes) => {
    const connections = [{ ...stored, ...differs }];
    const { outputs, sent } = await run(['drift.yml', 'check'], { connections }, onMain, file);
    expect(outputs).toMatchObject({ plan, changes });
    expect(JSON.parse(String(outputs.connections)).billing).toMatchObject({
      plan,
      setup_state: 'connected',
    });
    expect(sent).not.toContain('update');
  });

  test('finds a connection that is gone, and one that is broken', async () => {
    const gone = await run(['drift.yml', 'check'], {}, onMain, file);
    expect(gone.outputs.plan).toBe('create');
    const connections = [{ ...stored, setup_state: 'broken' }];
    const broken = await run(['drift.yml', 'check'], { connections }, onMain, file);
    expect(JSON.parse(String(broken.outputs.connections)).billing.setup_state).toBe('broken');
  });
});

describe('a manifest', () => {
  const removed = {
    name: 'removed.json',
    content: {
      connections: {
        crm: { group_id: 'decent_dropsy', service: 'salesforce', config: { schema: 'crm' } },
      },
    },
  };
  const crm = { id: 'crm_id', service: 'salesforce', config: { schema: 'crm' } };

  test('is planned on a pull request and applied on main', async () => {
    const planned = await run(['manifest.yml', 'connections'], {}, onPullRequest, file);
    expect(planned.outputs.plan).toBe('create');
    expect(planned.ids).toEqual([]);
    const applied = await run(['manifest.yml', 'connections'], {}, onMain, file);
    expect(applied.exitCode).toBe(0);
    expect(applied.ids).toHaveLength(1);
  });

  test('that lost an entry loses its connection on main, and no other', async () => {
    const place: Place = ['manifest.yml', 'connections', 1];
    const connections = [stored, crm];
    const planned = await run(place, { connections }, onPullRequest, removed);
    expect(planned.outputs.plan).toBe('delete');
    expect(planned.ids).toEqual([stored.id, crm.id]);
    const applied = await run(place, { connections }, onMain, removed);
    expect(applied.ids).toEqual([stored.id]);
  });
});

test('a deployed connector is reused and synced', async () => {
  const weather = { service: 'connector_sdk', config: { schema: 'weather' } };
  const ran = await run(['connector-sdk.yml', 'deploy'], {
    connections: [weather],
    syncSeconds: 20,
  });
  expect(ran.exitCode).toBe(0);
  expect(ran.outputs).toMatchObject({ result: 'reused', schema: 'weather' });
  expect(ran.sent).toContain('sync');
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
        const { state, manifest } = step.with ?? {};
        if (state === 'absent' || manifest !== undefined) continue;
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
