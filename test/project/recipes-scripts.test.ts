import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../harness/cleanup.ts';
import { jobsOf, readRecipe } from './recipes.ts';

/**
 * Programs that a runner has and the scripts call. Each writes its command line to a file. gh answers
 * from a file named after its first two words, through its own --jq. yq reads YAML as the runner's does.
 */
const RECORD = '#!/usr/bin/env bash\necho "$(basename "$0") $*" >> "$FOLDER/calls"\n';
const PROGRAMS = {
  gh: `${RECORD}filter=.
for ((at = 1; at <= $#; at++)); do [ "\${!at}" != --jq ] || { next=$((at + 1)); filter=\${!next}; }; done
[ ! -e "$FOLDER/gh-$1-$2.json" ] || jq --raw-output "$filter" "$FOLDER/gh-$1-$2.json"
`,
  fivetran: `${RECORD}read -r answer; echo "answered $answer" >> "$FOLDER/calls"\n`,
  pipx: RECORD,
  curl: `${RECORD}cat >> "$FOLDER/calls"\n`,
  yq: `#!/usr/bin/env node
const { parse } = require(${JSON.stringify(join(process.cwd(), 'node_modules/yaml'))});
const data = parse(require('node:fs').readFileSync(process.argv.at(-1), 'utf8'));
const isCount = process.argv[2] === '.connections | length';
console.log(isCount ? Object.keys(data.connections).length : JSON.stringify(data));
`,
};

const programs = temporaryFolder();
for (const [name, text] of Object.entries(PROGRAMS)) {
  writeFileSync(join(programs, name), text, { mode: 0o755 });
}

type World = { files?: Record<string, string>; env?: Record<string, string>; folder?: string };

/** Runs the script of a recipe that contains a text, as the runner does. */
function run(recipe: string, text: string, { files = {}, env = {}, folder }: World = {}) {
  const steps = jobsOf(readRecipe(recipe)).flatMap((job) => job.steps);
  const script = steps.find((step) => step.run?.includes(text))?.run;
  if (script === undefined) throw new Error(`${recipe} has no script with ${text}`);
  const place = folder ?? temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(place, name), content);
  const read = (name: string) =>
    existsSync(join(place, name)) ? readFileSync(join(place, name), 'utf8') : '';
  writeFileSync(join(place, 'script.sh'), script);
  const { status, stdout } = spawnSync('bash', ['-e', join(place, 'script.sh')], {
    cwd: place,
    encoding: 'utf8',
    env: {
      PATH: `${programs}:${process.env.PATH}`,
      FOLDER: place,
      RUNNER_TEMP: place,
      GITHUB_OUTPUT: join(place, 'output'),
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'octo-org/warehouse',
      GITHUB_RUN_ID: '7',
      ...env,
    },
  });
  return { status, stdout, calls: read('calls').trim().split('\n'), output: read('output'), read };
}

describe('the drift script', () => {
  const entry = (plan: string, setup_state: string | null) => ({ plan, setup_state });
  const outputs = (plan: string, connections: object, changes = '') => ({
    PLAN: plan,
    CHANGES: changes,
    CONNECTIONS: JSON.stringify(connections),
    ERROR: '',
  });
  const same = outputs('reuse', { crm: entry('reuse', 'connected') });
  const none = { 'gh-issue-list.json': '[]' };
  const open = { 'gh-issue-list.json': '[{"number": 12}]' };

  test('opens no issue while nothing differs', () => {
    const { status, calls } = run('drift.yml', 'gh issue', { env: same, files: none });
    expect([status, calls.length]).toEqual([0, 1]);
  });

  test('closes the issue when the connections match again', () => {
    const { status, calls } = run('drift.yml', 'gh issue', { env: same, files: open });
    expect(status).toBe(0);
    expect(calls[1]).toMatch(/^gh issue close 12 /);
  });

  test.each([
    ['a changed field', 'update', entry('update', 'connected'), 'crm: sync_frequency: 1440 → 60'],
    ['a deleted connection', 'create', entry('create', null), 'crm: plan create, setup null'],
    ['a broken setup', 'reuse', entry('reuse', 'broken'), 'crm: plan reuse, setup broken'],
  ])('opens an issue for %s', (_what, plan, crm, line) => {
    const changes = plan === 'update' ? line : '';
    const env = outputs(plan, { crm, erp: entry('reuse', 'connected') }, changes);
    const { status, calls, read } = run('drift.yml', 'gh issue', { env, files: none });
    expect(status).toBe(1);
    expect(calls.at(-1)).toMatch(/^gh issue create .*--label fivetran-drift /);
    const body = read('drift.md');
    expect(body).toContain('https://github.com/octo-org/warehouse/actions/runs/7');
    expect(body).toContain(`    ${line}\n`);
    expect(body).not.toContain('erp');
  });

  test('keeps one issue, and no Markdown in it', () => {
    const env = outputs(
      'update',
      { crm: entry('update', 'connected') },
      'crm: a: 1 → @everyone\n# b',
    );
    const { calls, read } = run('drift.yml', 'gh issue', { env, files: open });
    expect(calls.at(-1)).toMatch(/^gh issue edit 12 /);
    expect(read('drift.md')).toContain('\n    crm: a: 1 → @everyone\n    # b\n');
  });
});

describe('the manifest script', () => {
  const git = (folder: string, ...args: string[]) => {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    const { stdout } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
    return stdout.trim();
  };

  /** A repository that has applied one version of the file and now has another. */
  function removedBetween(applied: string, current: string, { hasRun = true } = {}) {
    const folder = temporaryFolder();
    git(folder, 'init', '--quiet');
    for (const version of [applied, current]) {
      writeFileSync(join(folder, 'fivetran.yml'), version);
      git(folder, 'add', 'fivetran.yml');
      git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'Change');
    }
    const runs = hasRun ? [{ headSha: git(folder, 'rev-parse', 'HEAD~1') }] : [];
    const files = { 'gh-run-list.json': JSON.stringify(runs) };
    const { status, stdout, output, read } = run('manifest.yml', 'gh run list', { files, folder });
    expect(status).toBe(0);
    return { stdout, output, removed: parse(read('removed.json')).connections };
  }

  const crm = 'crm: { service: salesforce, config: { schema: crm, base_url: "${URL}" } }';
  const erp = 'erp: { service: postgres, config: { schema_prefix: erp, password: "${PASSWORD}" } }';
  const manifest = (...entries: string[]) =>
    `defaults: { group_id: decent_dropsy }\nconnections:\n${entries.map((one) => `  ${one}\n`).join('')}`;

  test('finds what was removed, and asks for no secret of it', () => {
    const { stdout, output, removed } = removedBetween(manifest(crm, erp), manifest(crm));
    expect(removed).toEqual({
      erp: { group_id: 'decent_dropsy', service: 'postgres', config: { schema_prefix: 'erp' } },
    });
    expect(stdout).toBe('::warning title=Removed from fivetran.yml::To be deleted: erp\n');
    expect(output).toBe('names=erp\n');
  });

  test.each([
    ['another key', crm.replace('crm:', 'customers:')],
    ['other settings', crm.replace('${URL}', 'https://example.com')],
    ['its name in capitals', crm.replace('schema: crm', 'schema: CRM')],
    ['its group in the entry', crm.replace('{ service', '{ group_id: decent_dropsy, service')],
  ])('removes nothing from a file that has the connection with %s', (_what, entry) => {
    const { output, removed, stdout } = removedBetween(manifest(crm), manifest(entry));
    expect([output, removed, stdout]).toEqual(['names=\n', {}, '']);
  });

  test('removes a connection whose name in the file changed', () => {
    const renamed = crm.replace('schema: crm', 'schema: sales');
    const { removed } = removedBetween(manifest(crm), manifest(renamed));
    expect(Object.keys(removed)).toEqual(['crm']);
  });

  test('tells apart tables of one schema', () => {
    const sheet = (table: string) => `${table}: { config: { schema: sheets, table: ${table} } }`;
    const { removed } = removedBetween(manifest(sheet('a'), sheet('b')), manifest(sheet('b')));
    expect(Object.keys(removed)).toEqual(['a']);
  });

  test('removes nothing before the first successful run', () => {
    const { removed } = removedBetween(manifest(crm, erp), manifest(crm), { hasRun: false });
    expect(removed).toEqual({});
  });
});

test.each([
  [1, '[0]'],
  [25, '[0]'],
  [26, '[0,1]'],
])('a matrix for %i connections has the shards %s', (count, shards) => {
  const entries = Array.from({ length: count }, (_, at) => `  c${at}: {}\n`).join('');
  const files = { 'fivetran.yml': `connections:\n${entries}` };
  expect(run('matrix.yml', 'yq', { files }).output).toBe(`shards=${shards}\n`);
});

test('a connector is deployed over an existing one without a question', () => {
  const { status, calls } = run('connector-sdk.yml', 'deploy', {
    env: { FIVETRAN_API_KEY: 'a2V5OnNlY3JldA==' },
  });
  expect(status).toBe(0);
  expect(calls).toContain('answered y');
  expect(calls[1]).toMatch(
    /^fivetran deploy connector .*--destination Warehouse --connection weather$/,
  );
});

test('the manifest is linted with the schema that editors use', () => {
  const { calls } = run('lint.yml', 'pipx');
  expect(calls).toEqual([
    expect.stringMatching(
      /^pipx run check-jsonschema==\S+ --schemafile https:\S+\/schema\/manifest\.schema\.json fivetran\.yml$/,
    ),
  ]);
});

test('the sweep lists closed pull requests as a JSON array', () => {
  const files = { 'gh-pr-list.json': '[{"number": 4}, {"number": 42}]' };
  expect(run('sweep.yml', 'gh pr list', { files }).output).toBe('numbers=[4,42]\n');
});

test('a connect card reaches the mailbox as JSON and not the log', () => {
  const env = {
    LINK: 'https://fivetran.com/connect-card?a="b"',
    MAILBOX: 'https://mail.example.com',
  };
  const { calls, stdout } = run('connect-card.yml', 'curl', { env });
  expect(calls[0]).toMatch(/^curl .* https:\/\/mail\.example\.com$/);
  expect(JSON.parse(calls.slice(1).join(''))).toEqual({ link: env.LINK });
  expect(stdout).toBe('');
});

test('messages of setup tests cannot be workflow commands', () => {
  const { stdout } = run('release.yml', 'MESSAGES', { env: { MESSAGES: 'a\n::stop-commands::b' } });
  expect(stdout).toBe('Setup test failed - a\nSetup test failed - ::stop-commands::b\n');
});
