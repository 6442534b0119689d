import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../harness/cleanup.ts';

type Job = {
  permissions?: Record<string, string>;
  steps?: { uses?: string; run?: string; env?: Record<string, string> }[];
};
type Workflow = { jobs: Record<string, Job> };

const workflowOf = (file: string): Workflow =>
  parse(readFileSync(new URL(`../../.github/workflows/${file}`, import.meta.url), 'utf8'));
const release = workflowOf('release.yml');

/** The script of a job's last step. */
const scriptOf = (job: string): string => release.jobs[job]?.steps?.at(-1)?.run ?? '';

/**
 * GitHub's command line, as far as the workflow uses it. A tag and a release are a file each, so that
 * runs in parallel act on the same repository. The commit of v1.2.3 is sha-of-v1.2.3.
 */
const GH = `#!/usr/bin/env bash
cd "$REPOSITORY" || exit 9
arguments=" $* "
field() { [[ "$arguments" =~ \\ $1=([^ ]+) ]] && echo "\${BASH_REMATCH[1]}"; }
case "$1 $2" in
  'release view') [ -e "releases/$3" ] && echo "$3" ;;
  'release create')
    [ ! -e "releases/$3" ] || exit 1
    [[ "$arguments" = *' --latest=false '* ]] || echo "$3" > latest
    cat "$RUNNER_TEMP/notes.md" > "releases/$3" ;;
  'release edit')
    [ -e "releases/$3" ] || exit 1
    if [ "$4" = --latest ]; then echo "$3" > latest; else cat "$RUNNER_TEMP/notes.md" > "releases/$3"; fi ;;
  'release list')
    ls releases
    [[ "$arguments" = *' --exclude-drafts --exclude-pre-releases '* ]] || ls drafts
    if [ -e meanwhile ]; then mv meanwhile "releases/$(cat meanwhile)"; fi ;;
  'api --silent')
    [ ! -e refuses ] || exit 1
    name=\${5#repos/octo-org/warehouse/git/refs/tags/}
    case "$4" in
      PATCH) [ -e "tags/$name" ] && field sha > "tags/$name" ;;
      POST) name=$(field ref) && name=\${name#refs/tags/}
        [ ! -e "tags/$name" ] && field sha > "tags/$name" ;;
    esac ;;
  api\\ repos/octo-org/warehouse/commits/tags/*) echo "sha-of-\${2##*/}" ;;
  *) exit 8 ;;
esac
`;

const gh = temporaryFolder();
writeFileSync(join(gh, 'gh'), GH, { mode: 0o755 });

/** A repository with published releases, and v1 at one of them. */
function repositoryWith({ releases = [] as string[], v1 = '' } = {}): string {
  const repository = temporaryFolder();
  for (const folder of ['releases', 'drafts', 'tags']) mkdirSync(join(repository, folder));
  for (const tag of releases) writeFileSync(join(repository, 'releases', tag), 'old notes');
  if (v1) writeFileSync(join(repository, 'tags/v1'), `sha-of-${v1}\n`);
  writeFileSync(join(repository, 'notes.md'), 'the notes');
  return repository;
}

/** Runs scripts one after the other as the runner does, until one fails. */
function run(repository: string, tag: string, ...jobs: string[]) {
  const env = {
    PATH: `${gh}:${process.env.PATH}`,
    REPOSITORY: repository,
    RUNNER_TEMP: repository,
    GH_REPO: 'octo-org/warehouse',
    GITHUB_REF_NAME: tag,
  };
  for (const job of jobs) {
    const script = join(repository, `${job}.sh`);
    writeFileSync(script, scriptOf(job));
    const bash = ['--noprofile', '--norc', '-e', '-o', 'pipefail', script];
    const { status, stdout, stderr } = spawnSync('bash', bash, { env, encoding: 'utf8' });
    if (status !== 0) return { status, log: stdout + stderr };
  }
  return { status: 0, log: '' };
}

/** What a file of the repository says; undefined when it does not exist. */
const read = (repository: string, file: string): string | undefined =>
  existsSync(join(repository, file))
    ? readFileSync(join(repository, file), 'utf8').trim()
    : undefined;

const stateOf = (repository: string) => ({
  v1: read(repository, 'tags/v1'),
  latest: read(repository, 'latest'),
});

test.each([
  ['the first release creates v1', [], '', 'v1.0.0', 'v1.0.0', 'v1.0.0'],
  ['a higher version moves it', ['v1.9.0'], 'v1.9.0', 'v1.10.0', 'v1.10.0', 'v1.10.0'],
  ['a lower version leaves it', ['v1.1.0'], 'v1.1.0', 'v1.0.1', 'v1.1.0', 'v1.1.0'],
  ['another major version leaves it', ['v1.1.0'], 'v1.1.0', 'v2.0.0', 'v1.1.0', 'v2.0.0'],
  ['a patch of v1 beside v2', ['v1.1.0', 'v2.0.0'], 'v1.1.0', 'v1.1.1', 'v1.1.1', 'v2.0.0'],
  ['v10 is another major version', ['v10.0.0'], '', 'v1.0.0', 'v1.0.0', 'v10.0.0'],
  ['other releases do not count', ['v1.5.0-rc.1', 'nightly'], '', 'v1.4.0', 'v1.4.0', 'v1.4.0'],
])('%s', (_, releases, before, tag, v1, latest) => {
  const repository = repositoryWith({ releases, v1: before });
  expect(run(repository, tag, 'publish', 'point')).toEqual({ status: 0, log: '' });
  expect(stateOf(repository)).toEqual({ v1: `sha-of-${v1}`, latest });
  expect(read(repository, `releases/${tag}`)).toBe('the notes');
});

test('drafts do not count', () => {
  const repository = repositoryWith();
  writeFileSync(join(repository, 'drafts/v1.9.0'), '');
  run(repository, 'v1.0.0', 'publish', 'point');
  expect(stateOf(repository)).toEqual({ v1: 'sha-of-v1.0.0', latest: 'v1.0.0' });
});

test('a second run changes nothing but the notes', () => {
  const repository = repositoryWith({ releases: ['v1.0.0', 'v1.1.0'], v1: 'v1.1.0' });
  expect(run(repository, 'v1.0.0', 'publish', 'point')).toEqual({ status: 0, log: '' });
  expect(run(repository, 'v1.0.0', 'publish', 'point')).toEqual({ status: 0, log: '' });
  expect(stateOf(repository)).toEqual({ v1: 'sha-of-v1.1.0', latest: 'v1.1.0' });
  expect(readdirSync(join(repository, 'releases'))).toEqual(['v1.0.0', 'v1.1.0']);
  expect(read(repository, 'releases/v1.0.0')).toBe('the notes');
});

test('of releases at the same time, the highest wins', () => {
  const repository = repositoryWith({ releases: ['v1.0.0'] });
  // The run of v1.1.0 publishes, and is done, after the first look of this one.
  writeFileSync(join(repository, 'meanwhile'), 'v1.1.0');
  expect(run(repository, 'v1.0.1', 'publish', 'point')).toEqual({ status: 0, log: '' });
  expect(stateOf(repository)).toEqual({ v1: 'sha-of-v1.1.0', latest: 'v1.1.0' });
});

test('a refusal fails the job, names the commit, and leaves the release', () => {
  const repository = repositoryWith({ releases: ['v1.0.0'], v1: 'v1.0.0' });
  writeFileSync(join(repository, 'refuses'), '');
  const { status, log } = run(repository, 'v1.1.0', 'publish', 'point');
  expect(status).toBe(1);
  expect(log).toMatch(/^::error title=v1 was not moved::.*v1\.1\.0 \(sha-of-v1\.1\.0\)/m);
  expect(stateOf(repository)).toEqual({ v1: 'sha-of-v1.0.0', latest: 'v1.1.0' });
  expect(read(repository, 'releases/v1.1.0')).toBe('the notes');
});

test('a job that writes runs no code of the repository', () => {
  const writing = Object.values(release.jobs).filter(({ permissions = {} }) =>
    Object.values(permissions).includes('write'),
  );
  expect(writing).not.toEqual([]);
  for (const { uses = '', run = '' } of writing.flatMap(({ steps = [] }) => steps)) {
    expect(uses).not.toMatch(/^\.\//);
    expect(run).not.toMatch(/\b(npm|npx|node)\b|\.\//);
  }
});

test('neither packages nor the document about the connectors ever see a token', () => {
  const steps = Object.values(workflowOf('connectors.yml').jobs).flatMap((job) => job.steps ?? []);
  const [last, ...earlier] = steps.toReversed();
  expect(Object.keys(last?.env ?? {})).toContain('GH_TOKEN');
  for (const { env = {} } of earlier) expect(env).toEqual({});
  expect(last?.run).not.toMatch(/npm|node|npx/);
});
