import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeAtEnd, temporaryFolder } from '../harness/cleanup.ts';
import { startGitHubApi } from '../harness/github-api.ts';
import { newHostKey } from '../harness/keys.ts';
import { runStep } from '../harness/run-step.ts';
import {
  database,
  jobOf,
  onClose,
  onMain,
  onPullRequest,
  type Place,
  run,
  stepOf,
} from './recipe-runs.ts';
import {
  COMPOSITE_ACTION,
  envOf,
  ownSteps,
  readRecipe,
  recipeFiles,
  type Step,
} from './recipes.ts';

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

  test('has one comment, which says in the end that it is gone', async () => {
    const api = closeAtEnd(await startGitHubApi());
    const place: Place = ['preview.yml', 'preview'];
    await run(place, { syncSeconds: 20 }, onPullRequest, { api });
    expect(api.comments[0]?.body).toContain('created');
    await run(place, { connections: [preview] }, onClose, { api });
    expect(api.comments).toHaveLength(1);
    expect(api.comments[0]?.body).toContain('deleted');
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
        const { state, manifest, copy_from, export_to } = step.with ?? {};
        // A copy needs its source, and an export plans nothing.
        if (copy_from !== undefined || export_to !== undefined) continue;
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
