import { readSettings } from '../src/inputs/settings.ts';
import { type Converged, converging, type Setting } from './action/converging.ts';
import { newHostKey } from './action/keys.ts';
import { rehearsing } from './action/rehearsing.ts';
import { closeAll } from './fault-run.ts';
import { ACTION, envOf, evaluated, jobsOf, ownSteps, readRecipe, recipeFiles } from './recipes.ts';

afterEach(closeAll);

/** What the recipes' expressions are when they run for pull request 42. */
const onPullRequest = {
  'github.event.pull_request.number': '42',
  "github.event_name == 'pull_request'": 'true',
};
const onMain = { ...onPullRequest, "github.event_name == 'pull_request'": 'false' };

/** The settings that the recipe's step comes to. */
async function settingsOf(file: string, job: string, values: Record<string, string>) {
  const workflow = readRecipe(file);
  const its = workflow.jobs[job];
  const step = its && ownSteps(its)[0];
  if (!its || !step) throw new Error(`${file} has no step of ${ACTION} in its job ${job}`);
  const env = Object.fromEntries(
    Object.entries(envOf(workflow, its, step)).map(([name, value]) => [
      name,
      evaluated(value, values),
    ]),
  );
  const input = (name: string) => evaluated(step.with?.[name] ?? '', values).trim();
  return readSettings({ input, env, mask: () => {} });
}

/** Runs the recipe's step against a fresh sandbox. */
async function run(
  [file, job]: [string, string],
  setting: Setting = {},
  values = onPullRequest,
): Promise<Converged> {
  return converging({ ...setting, spec: await settingsOf(file, job, values) });
}

const billing = (prefix: string) => ({
  id: `${prefix}_id`,
  service: 'postgres',
  config: { schema_prefix: prefix },
});
const preview = { ...billing('billing_pr_42'), group_id: 'quaint_harbor' };
const neighbours = ['billing_pr_4', 'billing_pr_421', 'billing'].map((name) => ({
  ...billing(name),
  group_id: 'quaint_harbor',
}));

describe('a preview', () => {
  test('comes up, and has synced', async () => {
    const up = await run(['preview.yml', 'up'], { connections: neighbours, syncSeconds: 20 });
    expect(up.outputs).toMatchObject({ result: 'created', schema: 'billing_pr_42' });
    expect(up.sent).toContain('sync');
    expect(up.verdict.grade).toBe('passed');
  });

  test('is found by the next push', async () => {
    const up = await run(['preview.yml', 'up'], { connections: [preview] });
    expect(up.outputs).toMatchObject({ result: 'updated', connection_id: 'billing_pr_42_id' });
    expect(up.ids).toEqual(['billing_pr_42_id']);
  });

  test('is torn down, and no other is; twice is fine', async () => {
    const down = await run(['preview.yml', 'down'], { connections: [...neighbours, preview] });
    expect(down.outputs).toMatchObject({ result: 'deleted', connection_id: 'billing_pr_42_id' });
    expect(down.ids).toEqual(neighbours.map(({ id }) => id));
    const again = await run(['preview.yml', 'down'], { connections: neighbours });
    expect(again.outputs.result).toBe('absent');
    expect(again.verdict.grade).toBe('passed');
  });

  test('what comes up is what is torn down', async () => {
    const up = await settingsOf('preview.yml', 'up', onPullRequest);
    const down = await settingsOf('preview.yml', 'down', onPullRequest);
    const { schema_prefix } = up.config ?? {};
    expect(down.config).toEqual({ schema_prefix });
    expect([down.group_id, down.service]).toEqual([up.group_id, up.service]);
  });
});

describe('a release', () => {
  test.each([
    ['the first', [], 'created'],
    ['a later', [billing('billing')], 'updated'],
  ])('%s one', async (_which, connections, result) => {
    const release = await run(['release.yml', 'connect'], { connections });
    expect(release.outputs).toMatchObject({ result, schema: 'billing' });
    expect(release.sent).toContain('sync');
    expect(release.verdict.grade).toBe('passed');
  });

  test('with a connection that fails its tests pauses it', async () => {
    const release = await run(['release.yml', 'connect'], { scenario: 'failed-tests' });
    expect(release.verdict.grade).toBe('failed');
    expect(release.outputs).toMatchObject({ result: 'created', paused: 'true' });
    expect(release.outputs.failed_test_messages).toBeTruthy();
  });
});

test('an OAuth connector is left to the connect card, with a warning', async () => {
  const first = await run(['connect-card.yml', 'connect'], { scenario: 'incomplete' });
  const crm = { service: 'salesforce', config: { schema: 'crm' }, scenario: 'incomplete' };
  const connections = [{ ...crm, setup_state: 'incomplete' }];
  const again = await run(['connect-card.yml', 'connect'], { connections });
  expect([first.outputs.result, again.outputs.result]).toEqual(['created', 'reused']);
  for (const { outputs, verdict } of [first, again]) {
    expect(verdict.grade).toBe('warned');
    expect(outputs.setup_state).toBe('incomplete');
    expect(outputs.connect_card_uri).toMatch(/^https:/);
  }
  const done = await run(['connect-card.yml', 'connect'], {
    connections: [{ ...crm, scenario: 'connected' }],
  });
  expect(done.outputs).toMatchObject({ setup_state: 'connected', connect_card_uri: '' });
  expect(done.verdict.grade).toBe('passed');
});

test('a database over SSH is trusted by its pinned host key alone', async () => {
  const scenario = 'host-key-unknown';
  const pinned = await run(['ssh.yml', 'connect'], { scenario });
  expect(pinned.sent).toContain('approve key');
  expect(pinned.verdict.grade).toBe('passed');
  const hostKeys = [newHostKey('bastion.example.com')];
  const other = await run(['ssh.yml', 'connect'], { scenario, hostKeys });
  expect(other.sent).not.toContain('approve key');
  expect(other.verdict.grade).toBe('failed');
});

test('a check changes nothing on a pull request, and the same step does it on main', async () => {
  const check = await run(['check.yml', 'connection'], {});
  expect(check.outputs.result).toBe('planned');
  expect(check.ids).toEqual([]);
  const real = await run(['check.yml', 'connection'], {}, onMain);
  expect(real.outputs).toMatchObject({ result: 'created', schema: 'billing' });
});

test('Fivetran would find no fault with the config of any', async () => {
  for (const file of recipeFiles) {
    const workflow = readRecipe(file);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      const [step] = ownSteps(job);
      if (!step || step.with?.state === 'absent' || step.with?.manifest !== undefined) continue;
      const spec = await settingsOf(file, name, onPullRequest);
      const { problems, warnings } = await rehearsing({ spec });
      expect([file, problems, warnings]).toEqual([file, [], []]);
    }
  }
  expect(recipeFiles.flatMap((file) => jobsOf(readRecipe(file)))).not.toHaveLength(0);
});
