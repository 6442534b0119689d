import '../../harness/one-realm.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { reportSingle } from '../../../src/report/report-single.ts';
import { closeAtEnd, temporaryFolder } from '../../harness/cleanup.ts';
import { startGitHubApi } from '../../harness/github-api.ts';
import { annotated } from '../../harness/reading.ts';
import { startProxy } from '../../sandbox/proxy.mjs';
import { present, recordedLog, redactorOf, spec } from '../report-outcomes.ts';
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
      const api = await open([], ({ method }) => (method === 'POST' ? status : undefined));
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
    ['a server error', 500],
    ['a comment that is too long', 422],
  ])('only warns: %s', async (_, status) => {
    const api = await open([], () => status);
    const run = await commented(environment(api));
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual([
      expect.stringMatching(/^Could not write the pull request comment: Resource not accessible/),
    ]);
  });

  test('because GitHub does not answer only warns', async () => {
    const api = await startGitHubApi();
    await api.close();
    const run = await commented(environment(api));
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });
});

test('requests go through the proxy of the environment', async () => {
  const api = await open();
  const proxy = closeAtEnd(await startProxy({ port: api.port }));
  process.env.http_proxy = proxy.url;
  await commented(environment({ url: `http://github.example:${api.port}` }));
  expect(api.comments).toHaveLength(1);
  expect(proxy.connects.length).toBeGreaterThan(0);
});

test('without comment: true nothing is sent to GitHub', async () => {
  const api = await open();
  const redactor = redactorOf();
  const { log } = recordedLog(redactor);
  const settings = { summary: false, comment: undefined, dry_run: false };
  await reportSingle(present(), spec, settings, { log, redactor, env: environment(api) });
  expect(api.requests).toEqual([]);
});
