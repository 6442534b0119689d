import '../../harness/one-realm.ts';
import { writeComment } from '../../../src/github/comment.ts';
import type { ConnectionSpec } from '../../../src/inputs/spec.ts';
import { createDetailBudget, reportEntry } from '../../../src/report/manifest/entry.ts';
import { reportManifest } from '../../../src/report/manifest.ts';
import type { GitHubFault, GitHubRequest } from '../../harness/github-api.ts';
import { foreignMarkup } from '../../project/markup.ts';
import {
  absentSpec,
  failedTest,
  passedTest,
  present,
  recordedLog,
  redactorOf,
  spec,
} from '../report/outcomes.ts';
import {
  comment,
  commented,
  commentedInputError,
  environment,
  open,
  pullRequest,
  token,
  visibleText,
} from './commented.ts';

test('a comment with a short summary is created on the pull request', async () => {
  const api = await open();
  const outcome = present({ setup_tests: [passedTest, failedTest] });
  const { log } = await commented(environment(api), outcome);
  expect(log).toContain(
    'The pull request comment was created: https://github.com/octo-org/warehouse/pull/7#issuecomment-1',
  );
  expect(api.comments).toHaveLength(1);
  const [comment] = api.comments;
  expect(comment?.body).toMatch(
    /^<!-- fivetran-connection-action [0-9a-f]{32} -->\n<h3>❌ billing \(postgres\): /,
  );
  const text = visibleText(comment?.body);
  expect(text).toContain('setup tests: 1 failed, 1 passed');
  expect(text).toContain('Validating credentials');
  expect(text).not.toContain('Connecting');
  expect(text).toContain('Next: Fix what the failed tests report');
  expect(comment?.body).toContain('https://github.com/octo-org/warehouse/actions/runs/1658821493');
});

test('every request carries the token', async () => {
  const api = await open();
  await commented(environment(api));
  expect(new Set(api.requests.map(({ authorization }) => authorization))).toEqual(
    new Set([`token ${token}`]),
  );
});

test('the next run updates the same comment', async () => {
  const api = await open(['hello']);
  await commented(environment(api), present({ setup_tests: [failedTest] }));
  const { log } = await commented(environment(api), present(), { ...spec, if_exists: 'update' });
  expect(log).toContain(
    'The pull request comment was updated: https://github.com/octo-org/warehouse/pull/7#issuecomment-2',
  );
  expect(api.comments).toHaveLength(2);
  expect(visibleText(api.comments[1]?.body)).toMatch(
    /^✅ billing \(postgres\): created and connected/,
  );
  expect(api.comments[0]?.body).toBe('hello');
});

test('the comment is found behind hundreds of others', async () => {
  const api = await open();
  await commented(environment(api));
  const [own] = api.comments;
  const others = Array.from({ length: 250 }, (_, at) => `comment ${at}`);
  const busy = await open([...others, own?.body ?? '', 'one more']);
  await commented(environment(busy), present({ setup_tests: [failedTest] }));
  expect(busy.comments).toHaveLength(252);
  expect(visibleText(busy.comments[250]?.body)).toMatch(/^❌/);
});

test('the newest of several comments with the marker is updated', async () => {
  const api = await open();
  await commented(environment(api));
  const body = api.comments[0]?.body ?? '';
  const twice = await open([`> ${body}`, body, body]);
  await commented(environment(twice), present({ setup_tests: [failedTest] }));
  expect(twice.comments.map((comment) => comment.body === body)).toEqual([false, true, false]);
  expect(twice.comments[0]?.body).toBe(`> ${body}`);
});

describe("a stranger's comment with the marker", () => {
  const noGraphql = ({ url }: GitHubRequest): GitHubFault => (url === '/graphql' ? 404 : undefined);
  const strangers = ['mallory', 'other-app[bot]'];

  /** The body of the step's comment. */
  async function ownBody() {
    const api = await open();
    await commented(environment(api), present({ setup_tests: [failedTest] }));
    return api.comments[0]?.body ?? '';
  }

  test.each(strangers)('is left alone, and another is created: %s', async (login) => {
    const forged = { login, body: await ownBody() };
    const api = await open([forged, forged]);
    const run = await commented(environment(api));
    expect(run.log).toContain('The pull request comment was created');
    expect(api.comments.map(({ body }) => body === forged.body)).toEqual([true, true, false]);
    expect(api.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  test.each(strangers)('is left alone, and the own one is updated: %s', async (login) => {
    const body = await ownBody();
    const api = await open([body, { login, body }]);
    await commented(environment(api));
    expect(api.comments.map((comment) => comment.body === body)).toEqual([false, true]);
  });

  test("is told by the token's kind where GitHub does not say", async () => {
    const body = await ownBody();
    const api = await open([body, { login: 'mallory', body }], noGraphql);
    await commented(environment(api));
    expect(api.comments.map((comment) => comment.body === body)).toEqual([false, true]);
  });

  test.each([
    ['ghp_t0ken', 'octocat', 'updated'],
    ['ghp_t0ken', 'other-app[bot]', 'created'],
    ['t0ken-of-no-known-kind', 'other-app[bot]', 'updated'],
  ])('is told by the kind of a token such as %s: by %s, %s', async (token, login, kind) => {
    const body = '<!-- marker -->\nx';
    const api = await open([{ login, body }], noGraphql);
    const { signal } = new AbortController();
    const options = { env: environment(api), signal, limitMs: 60_000 };
    const result = await writeComment({ marker: '<!-- marker -->', body: 'y' }, token, options);
    expect(result.kind).toBe(kind);
  });

  test.each([403, 404, 410])('is passed over where GitHub answers %i', async (status) => {
    const body = await ownBody();
    const api = await open(
      [body, { login: 'other-app[bot]', body }],
      (request) => noGraphql(request) ?? (/comments\/2$/.test(request.url) ? status : undefined),
    );
    const run = await commented(environment(api));
    expect(run.log).toContain('The pull request comment was updated');
    expect(api.comments.map((comment) => comment.body === body)).toEqual([false, true]);
  });
});

test.each<[string, object]>([
  ['workflow', { GITHUB_WORKFLOW: 'Other' }],
  ['job', { GITHUB_JOB: 'other' }],
  ['step', { GITHUB_ACTION: '__fivetran_2' }],
])('another %s has its own comment', async (_, more) => {
  const api = await open();
  await commented(environment(api));
  await commented(environment(api, pullRequest, more));
  expect(api.comments).toHaveLength(2);
});

test('each job of a matrix has its own comment', async () => {
  const api = await open();
  for (const comment_key of ['0', '1', '2', '1']) {
    await commented(environment(api), present(), spec, { comment_key });
  }
  expect(api.comments).toHaveLength(3);
});

test.each<[string, ConnectionSpec]>([
  ['another name', { ...spec, name: 'other' }],
  ['another service', { ...spec, service: 'mysql' }],
  ['another group', { ...spec, group_id: 'other_group' }],
  ['state: absent', absentSpec],
])('the step keeps its comment with %s', async (_, wanted) => {
  const api = await open();
  await commented(environment(api));
  await commented(environment(api), present(), wanted);
  expect(api.comments).toHaveLength(1);
});

test('problems with the inputs replace what an earlier run said', async () => {
  const api = await open();
  await commented(environment(api));
  const path = ['connections', 'crm', 'paused'];
  const run = await commentedInputError(environment(api), [
    { path: ['<img>'], message: `@all GH-2 ${token}` },
    { path, message: 'must be true or false.', file: 'deploy/fivetran.yml', line: 12 },
  ]);
  expect(run.exitCode).toBe(1);
  expect(api.comments).toHaveLength(1);
  const body = api.comments[0]?.body ?? '';
  expect(visibleText(body)).toMatch(/^❌ Fivetran connection: 2 problems with the inputs\n/);
  expect(visibleText(body)).toContain('deploy/fivetran.yml:12: connections.crm.paused: must be');
  expect(body).not.toContain(token);
  expect(foreignMarkup(body.replace(/^<!--.*?-->\n/, ''))).toEqual([]);
});

test('many problems with the inputs stay below the size limit of GitHub', async () => {
  const api = await open();
  const problem = { path: ['<'.repeat(3000)], message: '<'.repeat(3000) };
  await commentedInputError(environment(api), Array(50).fill(problem));
  expect(api.comments[0]?.body.length).toBeLessThan(65_536);
});

test('another attempt of the same run has the same comment', async () => {
  const api = await open();
  await commented(environment(api));
  await commented(environment(api, pullRequest, { GITHUB_RUN_ATTEMPT: '2', GITHUB_RUN_ID: '9' }));
  expect(api.comments).toHaveLength(1);
});

test('a manifest has one comment, which names the shard', async () => {
  const api = await open();
  for (const shard of ['0/2', '1/2']) {
    const redactor = redactorOf();
    const { log } = recordedLog(redactor);
    const reports = [
      reportEntry(
        { entry: { name: 'crm', spec }, outcome: present() },
        redactor,
        createDetailBudget(),
      ),
    ];
    await reportManifest(
      reports,
      {
        summary: false,
        dry_run: false,
        comment,
        target: { path: 'a.yml', shard },
      },
      { log, redactor, env: environment(api), signal: new AbortController().signal },
    );
  }
  expect(api.comments).toHaveLength(1);
  expect(visibleText(api.comments[0]?.body)).toMatch(
    /^✅ 1 Fivetran connection: 1 created\n+Manifest a\.yml · shard 1\/2/,
  );
});

test('an issue_comment event on a pull request counts as its run', async () => {
  const api = await open();
  await commented(
    environment(api, { issue: { number: 7, pull_request: { url: 'x' } }, comment: {} }),
  );
  expect(api.comments).toHaveLength(1);
});

test('a comment contains no secret, no connect card and no foreign markup', async () => {
  const api = await open();
  const connect_card = { token: 'card-token', uri: 'https://fivetran.com/card?auth=card-token' };
  const sha = 'ffac537e6cbbf934b08745a378932722df287a53';
  const message = `@everyone <img> [x](https://evil.example) #1 GH-2 ${sha} ${token} --> <!--`;

  const status = { setup_state: 'incomplete', tasks: [{ message }] };
  await commented(
    environment(api),
    present({ connect_card, status, setup_tests: [{ ...failedTest, title: message, message }] }),
  );
  const body = api.comments[0]?.body ?? '';
  expect(body).toContain('***');
  expect(body).not.toMatch(/card-token|ghs_t0ken/);
  expect(foreignMarkup(body.replace(/^<!--.*?-->\n/, ''))).toEqual([]);
});

test('a comment stays below the size limit of GitHub', async () => {
  const api = await open();
  const long = '<@'.repeat(20_000);
  const setup_tests = Array.from({ length: 30 }, () => ({
    ...failedTest,
    title: long,
    message: long,
  }));
  const tasks = Array.from({ length: 30 }, (_, at) => ({ message: `${at}${long}` }));
  await commented(environment(api), present({ setup_tests, status: { tasks } }));
  const { length } = api.comments[0]?.body ?? '';
  expect(length).toBeGreaterThan(1000);
  expect(length).toBeLessThan(65_536);
});
