import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Step = {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
};
type Job = {
  'runs-on'?: string;
  'timeout-minutes'?: number;
  permissions?: Record<string, string>;
  strategy?: { matrix: Record<string, string[]> };
  uses?: string;
  steps?: Step[];
};

const root = new URL('../../', import.meta.url);
const folder = new URL('.github/workflows/', root);
const action = parse(readFileSync(new URL('action.yml', root), 'utf8'));
const files = readdirSync(folder);
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const workflowOf = (file: string) => parse(textOf(file));
const jobsOf = (file: string) => Object.entries<Job>(workflowOf(file).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(([, { steps = [] }]) => steps);

/** Every permission to write, with what it is for. */
const WRITES: Record<string, string> = {
  'connectors.yml update contents': 'the branch of the pull request',
  'connectors.yml update pull-requests': 'the pull request',
  'codeql.yml analyze security-events': 'the findings',
  'release.yml release contents': "the release, and the major version's tag",
  'release.yml release id-token': 'the signing certificate of the attestation',
  'release.yml release attestations': 'the attestation',
};

test('the workflows are those that the documentation describes', () => {
  expect(files.sort()).toEqual([
    'ci.yml',
    'codeql.yml',
    'connectors.yml',
    'e2e.yml',
    'release.yml',
  ]);
});

test('an action has the same pin everywhere', () => {
  const pins = new Map<string, string>();
  for (const [, name = '', pin = ''] of files
    .map(textOf)
    .join('\n')
    .matchAll(/uses: ([\w-]+\/[\w-]+)[\w/-]*@(.+)$/gm)) {
    expect([name, pins.get(name) ?? pin]).toEqual([name, pin]);
    pins.set(name, pin);
  }
  expect(pins.size).toBeGreaterThan(4);
});

describe.each(files)('%s', (file) => {
  const jobs = jobsOf(file);

  test('pins every action of others by commit, with its version in a comment', () => {
    for (const [, uses = ''] of textOf(file).matchAll(/uses: (.+)$/gm)) {
      if (uses.startsWith('./')) continue;
      expect(uses).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test('has no permission by default, and in each job only those that are needed', () => {
    expect(workflowOf(file).permissions).toEqual({});
    for (const [name, { permissions }] of jobs) {
      expect(permissions).toBeDefined();
      for (const [scope, level] of Object.entries(permissions ?? {})) {
        if (level === 'read') expect(scope).toBe('contents');
        else expect(Object.keys(WRITES)).toContain(`${file} ${name} ${scope}`);
      }
    }
  });

  test('limits the time of every job', () => {
    for (const [, job] of jobs) {
      if (job.uses === undefined) expect(job['timeout-minutes']).toBeLessThanOrEqual(20);
    }
  });

  test('keeps no credentials in the checkout', () => {
    const checkouts = stepsOf(file).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    for (const step of checkouts) expect(step.with?.['persist-credentials']).toBe(false);
  });

  test('puts no expression into a script', () => {
    for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${{');
  });

  test('never runs with secrets on the code of a pull request', () => {
    expect(Object.keys(workflowOf(file).on)).not.toContain('pull_request_target');
    expect(textOf(file)).not.toContain('secrets.');
  });
});

test('CI runs every check on Linux, macOS and Windows, and on demand of a release', () => {
  const [, check] = jobsOf('ci.yml').find(([name]) => name === 'check') ?? [];
  expect(check?.strategy?.matrix.os).toEqual(['ubuntu-latest', 'macos-latest', 'windows-latest']);
  expect(check?.steps?.map(({ run }) => run)).toContain('.ci/run');
  for (const file of ['ci.yml', 'e2e.yml']) {
    expect(Object.keys(workflowOf(file).on)).toContain('workflow_call');
    expect(jobsOf('release.yml').map(([, { uses }]) => uses)).toContain(
      `./.github/workflows/${file}`,
    );
  }
});

test('the end-to-end run uses this very action with declared inputs and outputs', () => {
  const own = stepsOf('e2e.yml').filter(({ uses }) => uses === './');
  expect(own.length).toBeGreaterThan(3);
  for (const { with: given = {} } of own) {
    for (const name of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(name);
  }
  for (const [, output] of textOf('e2e.yml').matchAll(/\.outputs\.(\w+)/g)) {
    expect(Object.keys(action.outputs)).toContain(output);
  }
});

test('every month, a pull request brings the facts about the connectors up to date', () => {
  const { schedule, ...others } = workflowOf('connectors.yml').on;
  expect(schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \d+ \* \*$/) }]);
  expect(Object.keys(others)).toEqual(['workflow_dispatch']);
  const steps = stepsOf('connectors.yml');
  const scripts = steps.map(({ run = '' }) => run).join('\n');
  for (const command of ['npm run --silent connectors -- ', 'npm run --silent schema']) {
    expect(scripts).toContain(command);
  }
  // Neither the packages nor what was downloaded ever sees the token.
  const [last, ...earlier] = steps.toReversed();
  expect(Object.keys(last?.env ?? {})).toContain('GH_TOKEN');
  for (const { env = {} } of earlier) expect(env).toEqual({});
  expect(last?.run).not.toMatch(/npm|node|npx/);
});

test('Dependabot updates packages and actions', () => {
  const { updates } = parse(readFileSync(new URL('.github/dependabot.yml', root), 'utf8'));
  const ecosystems = updates.map((one: Record<string, unknown>) => one['package-ecosystem']);
  expect(ecosystems).toEqual(['npm', 'github-actions']);
});
