import '../../harness/one-realm.ts';
import type { Outcome } from '../../../src/connection/outcome.ts';
import { InputError, type Problem } from '../../../src/inputs/problem.ts';
import type { ConnectionSpec } from '../../../src/inputs/spec.ts';
import { reportInputErrors } from '../../../src/report/input-errors.ts';
import { reportSingle } from '../../../src/report/single.ts';
import { closeAtEnd, temporaryFolder } from '../../harness/cleanup.ts';
import { type GitHubApi, startGitHubApi } from '../../harness/github-api.ts';
import { readable } from '../../project/markup.ts';
import { stepEnvironment } from '../../runner/step-environment.mjs';
import { present, recordedLog, redactorOf, spec } from '../report/outcomes.ts';

/** Lets requests be sent again without a wait: what is waited is a random part of some seconds. */
const { random } = Math;
beforeAll(() => {
  Math.random = () => 0;
});
afterAll(() => {
  Math.random = random;
});

export const token = 'ghs_t0ken';
export const pullRequest = { pull_request: { number: 7 } };

export const open = async (...args: Parameters<typeof startGitHubApi>): Promise<GitHubApi> =>
  closeAtEnd(await startGitHubApi(...args));

/** The environment of a step that an event started. */
export function environment({ url }: { url: string }, event: unknown = pullRequest, more = {}) {
  const folder = temporaryFolder();
  return { ...stepEnvironment({ folder, workspace: folder, event }), GITHUB_API_URL: url, ...more };
}

/** The setting of a step with comment: true. */
export const comment = { github_token: token, comment_key: '0' };

/** Reports an outcome with comment: true. */
export async function commented(
  env: NodeJS.ProcessEnv,
  outcome: Outcome = present(),
  wanted: ConnectionSpec = spec,
  { comment_key = '0', signal = new AbortController().signal } = {},
) {
  const redactor = redactorOf(token);
  const { log, result } = recordedLog(redactor);
  const settings = { summary: false, comment: { ...comment, comment_key }, dry_run: false };
  await reportSingle({ outcome, spec: wanted }, settings, { log, redactor, env, signal });
  return result();
}

/** Reports problems with the inputs of a step with comment: true. */
export async function commentedInputError(env: NodeJS.ProcessEnv, problems: Problem[]) {
  const redactor = redactorOf(token);
  const { log, result } = recordedLog(redactor);
  const { signal } = new AbortController();
  const error = new InputError(problems, { summary: false, comment });
  await reportInputErrors(error, { log, redactor, env, signal });
  return result();
}

/** A comment's text without the hidden marker. */
export const visibleText = (body = '') => readable(body.replace(/^<!--.*?-->\n/, ''));
