import { closeAtEnd } from '../harness/cleanup.ts';
import { type GitHubApi, startGitHubApi } from '../harness/github-api.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { plainInputs } from '../harness/step.ts';
import { readable } from '../project/markup.ts';

const open = async (...args: Parameters<typeof startGitHubApi>): Promise<GitHubApi> =>
  closeAtEnd(await startGitHubApi(...args));

/** Runs a step with comment: true for a pull request. */
const runWithComment = ({ url }: GitHubApi, inputs: object = {}, world: VirtualWorld = {}) =>
  runStep(
    {
      inputs: { comment: true, ...inputs },
      env: { GITHUB_API_URL: url },
      event: { pull_request: { number: 7 } },
    },
    world,
  );

test('the comment follows the step: success, an input error, success', async () => {
  const api = await open();
  await runWithComment(api);
  expect(api.comments[0]?.body).toContain('✅');

  const failed = await runWithComment(api, { paused: 'perhaps', shard: '0/2' });
  expect(failed.exitCode).toBe(1);
  expect(failed.sent).toEqual([]);
  expect(api.comments[0]?.body).toContain('❌ Fivetran connection: 2 problems with the inputs');

  await runWithComment(api, { config: { schema: 'renamed' } });
  expect(api.comments[0]?.body).toContain('✅');
  expect(api.comments).toHaveLength(1);
});

test('the comment on a dry run has its plan and changes', async () => {
  const api = await open();
  const connections = [existing({ sync_frequency: 360 })];
  const inputs = { dry_run: true, if_exists: 'update', sync_frequency: 1440 };
  await runWithComment(api, inputs, { connections });
  const text = readable(api.comments[0]?.body ?? '');
  for (const part of ['dry run, would change 1 field', 'Plan', 'sync_frequency: 360 → 1440']) {
    expect(text).toContain(part);
  }
});

test('every comment ends with the run and the short commit', async () => {
  const api = await open();
  await runWithComment(api, {}, {});
  await runWithComment(api, { paused: 'perhaps', comment_key: '1' });
  await runWithComment(api, { comment_key: '2', dry_run: true });
  expect(api.comments).toHaveLength(3);
  for (const { body } of api.comments) {
    expect(readable(body.split('\n').at(-1) ?? '')).toBe('Workflow run · commit ffac537');
  }
});

test('missing credentials are an input error too', async () => {
  const api = await open();
  await runWithComment(api, { api_key: '', api_secret: '' });
  expect(api.comments[0]?.body).toContain('❌');
});

test.each([{ comment: false }, { comment: 'perhaps' }, { github_token: '' }])(
  'an input error without a usable comment and token sends nothing: %j',
  async (inputs) => {
    const api = await open();
    const { exitCode } = await runWithComment(api, { paused: 'perhaps', ...inputs });
    expect(exitCode).toBe(1);
    expect(api.requests).toEqual([]);
  },
);

test('each job of a matrix has its own comment, whatever it is about', async () => {
  const api = await open();
  for (const comment_key of ['0', '1']) await runWithComment(api, { comment_key });
  expect(api.comments).toHaveLength(2);
});

test('a step that is cancelled while GitHub does not answer ends with its verdict', async () => {
  let cancel = () => {};
  const hanging = await open([], () => {
    cancel();
    return 'hang';
  });
  const run = await runWithComment(hanging, plainInputs, {
    onLine: (_, controls) => {
      cancel = controls.cancel;
    },
  });
  expect(run.log).toContain('The pull request comment was not written: the run was cancelled.');
  expect(run.log).toContain(`Connection ${run.ids[0]} was created`);
  expect(run.outputs.result).toBe('created');
});
