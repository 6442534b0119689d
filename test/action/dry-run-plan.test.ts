import type { ConnectionSpec } from '../../src/inputs/fields.ts';
import { closeAll } from '../fault-run.ts';
import { type Rehearsed, rehearsing } from './rehearsing.ts';
import { act, existing } from './scene.ts';

afterEach(closeAll);

const complete = { config: { schema: 'crm', api_key: 'key-of-the-source' } };

/** A rehearsal where the group has a connection of that name, or what else is there. */
async function planDryRun(spec: Partial<ConnectionSpec>, seed: object = {}): Promise<Rehearsed> {
  const connections = [existing({ sync_frequency: 60, ...seed })];
  const run = await rehearsing({ connections, spec: { ...complete, ...spec } });
  expect(run.sandbox.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 60 }]);
  return run;
}

test.each([
  ['an unknown group', { group_id: 'none' }, ['group none']],
  ['an unknown service', { service: 'fifteen' }, ['service fifteen']],
  ['both', { group_id: 'none', service: 'fifteen' }, ['group none', 'service fifteen']],
])('%s is a problem', async (_what, spec, words) => {
  const run = await rehearsing({ spec: { ...complete, ...spec } });
  expect(run.problems).toEqual(words.map((word) => expect.stringMatching(`${word}.*404`)));
  expect(run.verdict.grade).toBe('failed');
  expect(run.plan).toEqual([]);
});

test('a key pair that is not valid fails', async () => {
  const step = await act({ inputs: { dry_run: true, api_secret: 'wrong' } });
  expect(step.exitCode).toBe(1);
  expect(step.outputs.result).toBe('planned');
  expect(step.annotations.at(-1)?.message).toMatch(/401.*api_key and api_secret/);
});

test('nothing is sent when the inputs are not usable', async () => {
  const { sent, exitCode } = await act({ inputs: { dry_run: true, sync_frequency: 7 } });
  expect([sent, exitCode]).toEqual([[], 1]);
});

test('an existing name would fail, and its id is told', async () => {
  const step = await act({ connections: [existing()], inputs: { dry_run: true } });
  expect(step.requests.map(({ method }) => method)).toEqual(step.requests.map(() => 'GET'));
  expect(step.exitCode).toBe(1);
  for (const text of [step.log, step.summary]) {
    expect(text).toMatch(/already has a connection of this name: crm_id/);
  }
  expect(step.outputs).toMatchObject({ result: 'planned', connection_id: 'crm_id' });
});

test.each([
  ['reuse', { sync_frequency: 5 }, ['Use connection crm_id as it is.', 'Run its setup tests.']],
  ['reuse', { run_setup_tests: false }, ['Use connection crm_id as it is.']],
  [
    'update',
    { sync_frequency: 5 },
    ['Update config, sync_frequency of connection crm_id.', 'Run its setup tests.'],
  ],
  [
    'update',
    { config: { schema: 'crm' } },
    ['Use connection crm_id as it is.', 'Run its setup tests.'],
  ],
  [
    'reuse',
    { wait_for_sync: true, sync_timeout_minutes: 7, run_setup_tests: false },
    ['Use connection crm_id as it is.', expect.stringMatching(/^Start a sync, .* 7 min/)],
  ],
] as const)('%s with %j says what it would do', async (if_exists, spec, plan) => {
  const run = await planDryRun({ if_exists, ...spec });
  expect(run.plan).toEqual(plan);
  expect(run.problems).toEqual([]);
  expect(run.verdict.grade).toBe('passed');
  expect(run.outputs.connection_id).toBe('crm_id');
});

test.each(['fail', 'reuse', 'update'] as const)(
  'another service under that name would fail with if_exists %s',
  async (if_exists) => {
    const run = await planDryRun({ if_exists }, { service: 'github' });
    expect(run.problems).toEqual([
      expect.stringMatching(/crm_id, is of service github, not 15five/),
    ]);
    expect(run.verdict.grade).toBe('failed');
  },
);

test.each(['fail', 'reuse', 'update'] as const)(
  'one that is absent would be created with if_exists %s',
  async (if_exists) => {
    const run = await planDryRun({ if_exists, config: { schema: 'other', api_key: 'key' } });
    expect(run.plan).toEqual(['Create a 15five connection named other in group decent_dropsy.']);
    expect(run.verdict.grade).toBe('passed');
  },
);

test('a sync that is known not to start would fail', async () => {
  const run = await planDryRun({ if_exists: 'reuse', wait_for_sync: true }, { paused: true });
  expect(run.problems).toEqual([expect.stringMatching(/crm_id .*paused/)]);
  expect(run.verdict.grade).toBe('failed');
  const spec = { if_exists: 'update', paused: false, wait_for_sync: true } as const;
  expect((await planDryRun(spec, { paused: true })).problems).toEqual([]);
});

describe('state absent', () => {
  const nothing = { group_id: undefined, service: undefined, config: undefined };
  const byId = { ...nothing, state: 'absent', connection_id: 'crm_id' } as Partial<ConnectionSpec>;
  const byName = { state: 'absent', service: undefined } as Partial<ConnectionSpec>;

  test.each([
    ['by id', byId, 'read'],
    ['by name', byName, 'look up'],
  ])('would delete what is there (%s)', async (_how, spec, find) => {
    const run = await planDryRun(spec);
    expect(run.sent).toEqual([find]);
    expect(run.plan).toEqual(['Delete connection crm_id.']);
    expect(run.verdict.grade).toBe('passed');
    expect(run.outputs.connection_id).toBe('crm_id');
  });

  test.each([
    ['by id', { ...byId, connection_id: 'other_id' }],
    ['by name', { ...byName, config: { schema: 'other' } }],
  ])('would do nothing where nothing is (%s)', async (_how, spec) => {
    const run = await planDryRun(spec);
    expect(run.plan).toEqual(['Nothing: there is no such connection.']);
    expect(run.verdict.grade).toBe('passed');
  });

  test('would fail over one of another service', async () => {
    const run = await planDryRun({ ...byId, service: 'github' });
    expect(run.verdict.grade).toBe('failed');
    expect(run.verdict.sentence).toMatch(/crm_id.*service is 15five.*github/);
  });
});
