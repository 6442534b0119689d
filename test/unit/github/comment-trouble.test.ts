import '../../harness/one-realm.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeComment } from '../../../src/github/comment.ts';
import { reportSingle } from '../../../src/report/single.ts';
import { closeAtEnd, temporaryFolder } from '../../harness/cleanup.ts';
import {
  type GitHubAnswer,
  type GitHubFault,
  type GitHubRequest,
  startGitHubApi,
} from '../../harness/github-api.ts';
import { annotated } from '../../harness/reading.ts';
import { startProxy } from '../../sandbox/proxy.mjs';
import { failedTest, present, recordedLog, redactorOf, spec } from '../report/outcomes.ts';
import { commented, environment, open } from './commented.ts';

afterEach(() => {
  delete process.env.http_proxy;
});

describe('outside a pull request', () => {
  test.each<[string, unknown]>([
    ['a push', { ref: 'refs/heads/main' }],
    ['an issue', { issue: { number: 7 } }],
    ['no event', null],
    ['a strange event', { pull_request: { number: '7/../../x' } }],
  ])('nothing is sent, and a notice says so: %s', async (_, event) => {
    const api = await open();
    const run = await commented(environment(api, event));
    expect(api.requests).toEqual([]);
    expect(annotated(run, 'notice')).toEqual([
      'comment: true has no effect here: the workflow does not run for a pull request.',
    ]);
    expect(run.exitCode).toBe(0);
  });

  test('an unreadable event file counts as no pull request', async () => {
    const file = join(temporaryFolder(), 'event.json');
    writeFileSync(file, '{"pull_request"');
    const api = await open();
    const run = await commented(environment(api, {}, { GITHUB_EVENT_PATH: file }));
    expect(annotated(run, 'notice')).toHaveLength(1);
  });
});

describe('a comment that cannot be written', () => {
  test.each([403, 404])(
    'for lack of permission (%i) names the permission to add',
    async (status) => {
      const data = { message: 'Beyond the limits of this token' };
      const refusal = { status, data, headers: { 'X-RateLimit-Remaining': '4999' } };
      const api = await open([], ({ method }) => (method === 'POST' ? refusal : undefined));
      const run = await commented(environment(api));
      expect(run.exitCode).toBe(0);
      expect(annotated(run, 'warning')).toEqual([
        expect.stringContaining('permissions: pull-requests: write'),
      ]);
      expect(run.outputs.result).toBe('created');
    },
  );

  test.each<[string, number]>([
    ['bad credentials', 401],
    ['a comment that is too long', 422],
  ])('only warns: %s', async (_, status) => {
    const api = await open([], () => status);
    const run = await commented(environment(api));
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual([
      `Could not write the pull request comment: GitHub answered ${status}: Resource not accessible.`,
    ]);
  });

  test.each<[string, Partial<GitHubAnswer>]>([
    ['403 without requests left', { headers: { 'X-RateLimit-Remaining': '0' } }],
    ['403 with a time to wait', { headers: { 'Retry-After': '60' } }],
    ['403 in words', { data: { message: 'You have exceeded a secondary rate limit.' } }],
    ['429', { status: 429 }],
  ])('because of a rate limit says so: %s', async (_, answer) => {
    const api = await open([], () => ({ status: 403, data: { message: 'No.' }, ...answer }));
    const run = await commented(environment(api));
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual([expect.stringContaining("GitHub's rate limit")]);
    expect(run.log).not.toContain('permissions');
  });

  test.each([
    ['no list', { message: 'Hello' }],
    ['null', null],
    ['HTML', '<html>Sign in</html>'],
    ['an empty text', ''],
  ])('because the list of comments is %s says so', async (_, data) => {
    const api = await open([], () => ({ status: 200, data }));
    const run = await commented(environment(api));
    expect(api.requests).toHaveLength(4);
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual([
      'Could not write the pull request comment: GitHub did not return a list of comments.',
    ]);
  });

  test.each([401, 422, 500])(
    'since its update ends with %i is not created anew',
    async (status) => {
      const earlier = await open();
      await commented(environment(earlier));
      const api = await open([earlier.comments[0]?.body ?? ''], ({ method }) =>
        method === 'PATCH' ? status : undefined,
      );
      const run = await commented(environment(api));
      expect(annotated(run, 'warning')).toEqual([expect.stringContaining(`answered ${status}`)]);
      expect(api.comments).toHaveLength(1);
    },
  );

  test('because of an error page says only its status', async () => {
    const api = await open([], () => ({ status: 502, data: '<html>Bad gateway</html>' }));
    expect(annotated(await commented(environment(api)), 'warning')).toEqual([
      'Could not write the pull request comment: GitHub answered 502.',
    ]);
  });

  test('because of a long message shows its beginning', async () => {
    const api = await open([], () => ({ status: 422, data: { message: 'x'.repeat(600) } }));
    expect(annotated(await commented(environment(api)), 'warning')).toEqual([
      expect.stringContaining(`422: ${'x'.repeat(500)}… (truncated)`),
    ]);
  });

  test('because of an address that is no URL says so', async () => {
    const env = environment({ url: 'api.github.example' });
    expect(annotated(await commented(env), 'warning')).toEqual([
      'Could not write the pull request comment: GITHUB_API_URL is not a URL.',
    ]);
  });

  test('because of an answer of no known type says so', async () => {
    const headers = { 'Content-Type': ';;' };
    const api = await open([], () => ({ status: 200, data: [], headers }));
    expect(annotated(await commented(environment(api)), 'warning')).toEqual([
      expect.stringMatching(/^Could not write the pull request comment: GitHub [a-z ]+\.$/),
    ]);
  });

  test('because there is no end of comments only warns', async () => {
    const data = [{ id: 1, body: 'hello' }];
    const headers = { Link: '<https://github.example/next>; rel="next"' };
    const api = await open([], () => ({ status: 200, data, headers }));
    expect(annotated(await commented(environment(api)), 'warning')).toEqual([
      'Could not write the pull request comment: the pull request has more than 5000 comments.',
    ]);
    expect(api.requests).toHaveLength(50);
  });

  test('because GitHub does not answer only warns', async () => {
    const api = await startGitHubApi();
    await api.close();
    const run = await commented(environment(api));
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });
});

describe.each(['GET', 'POST', 'PATCH'])('a %s that GitHub never answers', (hanging) => {
  /** GitHub with a comment to update, unless one has to be created. */
  async function openHanging(onHang = () => {}) {
    const earlier = await open();
    await commented(environment(earlier));
    const bodies = hanging === 'PATCH' ? earlier.comments.map(({ body }) => body) : [];
    return open(bodies, ({ method }) => {
      if (method !== hanging) return undefined;
      onHang();
      return 'hang';
    });
  }

  test('ends with the cancellation of the job', async () => {
    const job = new AbortController();
    const api = await openHanging(() => job.abort());
    const run = await commented(environment(api), present(), spec, { signal: job.signal });
    expect(api.requests.at(-1)?.method).toBe(hanging);
    expect(run.log).toContain('The pull request comment was not written: the run was cancelled.');
    expect(run.log).toContain('Connection open_mosaic was created');
    expect(run.exitCode).toBe(0);
  });
});

test('a comment has a time limit', async () => {
  const api = await open([], () => 'hang');
  const comment = { marker: '<!-- marker -->', body: 'x' };
  const { signal } = new AbortController();
  const options = { env: environment(api), signal, limitMs: 20 };
  expect(await writeComment(comment, 'ghs_t0ken', options)).toEqual({
    kind: 'failed',
    reason: 'GitHub did not respond within 0.02 s.',
  });
});

test('a job that was cancelled sends nothing to GitHub', async () => {
  const api = await open();
  await commented(environment(api), present(), spec, { signal: AbortSignal.abort() });
  expect(api.requests).toEqual([]);
});

describe('a comment that is written in spite of trouble', () => {
  /** The first `times` requests with this method and path have trouble. */
  const first =
    (times: number, method: string, trouble: GitHubFault, path = /comments/) =>
    (request: GitHubRequest): GitHubFault =>
      request.method === method && path.test(request.url) && times-- > 0 ? trouble : undefined;

  const troubles: [string, GitHubFault][] = [
    ['a 502', { status: 502, data: '<html>Bad gateway</html>' }],
    ['a 408', 408],
    ['a broken connection', 'break'],
    ['HTML', { status: 200, data: '<html>Sign in</html>' }],
    ['null', { status: 200, data: null }],
    ['another thing', { status: 200, data: { html_url: 7 } }],
  ];
  const long = { status: 200, data: { id: 1, body: 'x'.repeat(9 * 1024 * 1024) } };

  test.each([...troubles, ['more than 8 MB', long] as const])(
    'where the list is answered with %s',
    async (_, trouble) => {
      const api = await open([], first(3, 'GET', trouble));
      const run = await commented(environment(api));
      expect(run.log).toContain('The pull request comment was created: https');
      expect(api.comments).toHaveLength(1);
    },
  );

  test.each(troubles)('where a new comment is answered with %s', async (_, trouble) => {
    const api = await open([], first(3, 'POST', trouble));
    const run = await commented(environment(api));
    expect(run.log).toContain('The pull request comment was created: https');
    expect(api.comments).toHaveLength(1);
  });

  test.each(troubles)('where an update is answered with %s', async (_, trouble) => {
    const api = await open();
    await commented(environment(api));
    const again = await open([api.comments[0]?.body ?? ''], first(3, 'PATCH', trouble));
    const run = await commented(environment(again), present({ setup_tests: [failedTest] }));
    expect(run.log).toContain('The pull request comment was updated: https');
    expect(again.comments.map(({ body }) => body)).toEqual([expect.stringContaining('❌')]);
  });

  test.each([1, 2, 4])('once, where the answers to %i new comments are lost', async (times) => {
    const api = await open([], first(times, 'POST', 'lose', /7\/comments/));
    const run = await commented(environment(api));
    expect(run.log).toContain('The pull request comment was created: https');
    expect(api.comments).toHaveLength(1);
  });

  test('where it was deleted between the search and the update', async () => {
    const api = await open();
    await commented(environment(api));
    const own = api.comments[0]?.body ?? '';
    const deleted = await open([own], first(1, 'PATCH', 404));
    const run = await commented(environment(deleted));
    expect(run.log).toContain('The pull request comment was created: https');
    expect(annotated(run, 'warning')).toEqual([]);
    expect(deleted.comments).toHaveLength(2);
  });

  test('where GITHUB_API_URL ends with a slash', async () => {
    const api = await open();
    await commented(environment(api, undefined, { GITHUB_API_URL: `${api.url}/` }));
    await commented(environment(api, undefined, { GITHUB_API_URL: `${api.url}//` }));
    expect(api.comments).toHaveLength(1);
  });
});

test.each(['GET', 'POST', 'PATCH'])('a redirect of a %s is not followed', async (method) => {
  const elsewhere = await open();
  const earlier = await open();
  await commented(environment(earlier));
  const bodies = method === 'PATCH' ? earlier.comments.map(({ body }) => body) : [];
  const headers = { Location: `${elsewhere.url}/repos/octo-org/warehouse/issues/7/comments` };
  const api = await open(bodies, (request) =>
    request.method === method && request.url !== '/graphql' ? { status: 307, headers } : undefined,
  );
  const run = await commented(environment(api));
  expect(elsewhere.requests).toEqual([]);
  expect(annotated(run, 'warning')).toEqual([
    expect.stringMatching(/307, a redirect, .* Check GITHUB_API_URL/),
  ]);
});

test.each(['GET', 'POST'])('a server error that stays is tried four times: %s', async (failing) => {
  const api = await open([], ({ method }) => (method === failing ? 500 : undefined));
  const run = await commented(environment(api));
  expect(api.requests.filter(({ method }) => method === failing)).toHaveLength(4);
  expect(run.exitCode).toBe(0);
  expect(annotated(run, 'warning')).toEqual([
    'Could not write the pull request comment: GitHub answered 500: Resource not accessible.',
  ]);
});

test.each(['socks5://127.0.0.1:1080', 'http://robot:hu%6sh@127.0.0.1:3128'])(
  'a proxy setting that cannot be read sends nothing: %s',
  async (http_proxy) => {
    const api = await open();
    process.env.http_proxy = http_proxy;
    const run = await commented(environment({ url: `http://localhost.example:${api.port}` }));
    expect(annotated(run, 'warning')).toEqual([
      expect.stringMatching(/comment: the proxy in http_proxy cannot be used: .* Nothing was sent/),
    ]);
    expect(run.log).not.toMatch(/hu%6sh/);
    expect(api.requests).toEqual([]);
  },
);

test('comments that cannot be read are skipped', async () => {
  const api = await open();
  await commented(environment(api));
  const strange = [null, 7, 'x', {}, { id: 2, body: null }, { id: 3, body: 5 }];
  const busy = await open([api.comments[0]?.body ?? ''], ({ method }) =>
    method === 'GET' ? { status: 200, data: [...strange, ...api.comments] } : undefined,
  );
  const run = await commented(environment(busy));
  expect(run.log).toContain('The pull request comment was updated');
});

test('requests go through the proxy of the environment', async () => {
  const api = await open();
  const proxy = closeAtEnd(await startProxy({ port: api.port }));
  process.env.http_proxy = proxy.url;
  await commented(environment({ url: `http://github.example:${api.port}` }));
  expect(api.comments).toHaveLength(1);
  expect(proxy.connects.length).toBeGreaterThan(0);
});

test('an enterprise server is asked at its own addresses', async () => {
  const own = { id: 4, node_id: 'IC_4', body: '<!-- marker -->' };
  const api = await open([], ({ method, url }) => {
    if (url === '/api/graphql')
      return { status: 200, data: { data: { nodes: [{ viewerDidAuthor: true }] } } };
    return { status: 200, data: method === 'GET' ? [own] : own };
  });
  const env = environment({ url: `${api.url}/api/v3` });
  const { signal } = new AbortController();
  const comment = { marker: own.body, body: 'x' };
  await writeComment(comment, 'ghs_t0ken', { env, signal, limitMs: 60_000 });
  expect(api.requests.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual([
    'GET /api/v3/repos/octo-org/warehouse/issues/7/comments',
    'POST /api/graphql',
    'PATCH /api/v3/repos/octo-org/warehouse/issues/comments/4',
  ]);
});

test('without comment: true nothing is sent to GitHub', async () => {
  const api = await open();
  const redactor = redactorOf();
  const { log } = recordedLog(redactor);
  const settings = { summary: false, comment: undefined, dry_run: false };
  const { signal } = new AbortController();
  const deps = { log, redactor, env: environment(api), signal };
  await reportSingle({ outcome: present(), spec }, settings, deps);
  expect(api.requests).toEqual([]);
});
