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
  permissions?: Record<string, string>;
  strategy?: { matrix: Record<string, string[]> };
  uses?: string;
  steps?: Step[];
};

const root = new URL('../../', import.meta.url);
const folder = new URL('.github/workflows/', root);
const action = parse(readFileSync(new URL('action.yml', root), 'utf8'));
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const workflowOf = (file: string) => parse(textOf(file));
const jobsOf = (file: string) => Object.entries<Job>(workflowOf(file).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(([, { steps = [] }]) => steps);

// CI lints the workflows, too: actionlint their syntax and scripts, zizmor their pins, permissions, and
// triggers.
test('a job that writes runs no code of the repository', () => {
  const writing = jobsOf('release.yml').filter(([, { permissions = {} }]) =>
    Object.values(permissions).includes('write'),
  );
  expect(writing).not.toEqual([]);
  for (const { uses = '', run = '' } of writing.flatMap(([, { steps = [] }]) => steps)) {
    expect(uses).not.toMatch(/^\.\//);
    expect(run).not.toMatch(/\b(npm|npx|node)\b|\.\//);
  }
});

test.each(['ci.yml', 'e2e.yml'])(
  '%s finishes for every commit on main and every release',
  (file) => {
    const { concurrency, on } = workflowOf(file);
    expect(concurrency.group).toContain('github.event.pull_request.number || github.run_id');
    expect(Object.keys(on)).toEqual(['push', 'pull_request', 'workflow_call']);
    expect(jobsOf('release.yml').map(([, { uses }]) => uses)).toContain(
      `./.github/workflows/${file}`,
    );
  },
);

test('every check runs on Linux, and the built action on macOS and Windows, too', () => {
  const jobs = Object.fromEntries(jobsOf('ci.yml'));
  expect(jobs.check?.['runs-on']).toBe('ubuntu-latest');
  expect(jobs.check?.steps?.map(({ run }) => run)).toContain('.ci/run');
  const others = ['macos-latest', 'windows-latest'];
  expect(jobs.systems?.strategy?.matrix.os).toEqual(others);
  expect(jobs.systems?.steps?.map(({ run }) => run)).toContain('npm test -- test/e2e');
  const [[, sandbox] = []] = jobsOf('e2e.yml');
  expect(sandbox?.strategy?.matrix.os).toEqual(['ubuntu-latest', ...others]);
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

test('the only action is the one at the root, which CI checks against its types', () => {
  for (const name of ['docs', '.github', 'test']) {
    const found = readdirSync(new URL(name, root), { recursive: true, encoding: 'utf8' });
    expect(found.filter((path) => /(^|[\\/])action\.ya?ml$/.test(path))).toEqual([]);
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
