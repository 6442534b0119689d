import { proxyProblem } from '../vendor/proxy.ts';
import type { PullRequest } from './pull-request.ts';
import { type Upserted, upsertComment } from './upsert.ts';

/** What to write, and how to find it again. */
export type Comment = {
  /** An HTML comment that stands first in the body and in no other comment. */
  marker: string;
  /** Markdown. */
  body: string;
};

/** What GitHub made of it. */
export type WriteResult =
  | { kind: 'created' | 'updated'; url: string | undefined }
  | { kind: 'not-permitted' | 'rate-limited'; status: number }
  | { kind: 'failed'; reason: string };

/** How to reach GitHub's API, and until when. */
type Access = { token: string; env: NodeJS.ProcessEnv; signal: AbortSignal };

/** Writes a comment to a pull request. Never throws for what GitHub's API responds. */
export async function writeTo(
  pullRequest: PullRequest,
  { marker, body }: Comment,
  { token, env, signal }: Access,
): Promise<WriteResult> {
  const baseUrl = (env.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, '');
  if (!URL.canParse(baseUrl)) return { kind: 'failed', reason: 'GITHUB_API_URL is not a URL.' };
  const problem = proxyProblem(new URL(baseUrl));
  if (problem) return { kind: 'failed', reason: problem };
  // Octokit reads the proxy setting as it loads, and its own error would not name it.
  const { createGitHubRequester } = await import('./requester.ts');
  const requester = createGitHubRequester(token, baseUrl, signal);
  // The API of an enterprise server is at /api/v3, and at /api/graphql.
  const graphqlUrl = `${baseUrl.replace(/\/v3$/, '')}/graphql`;
  const target = { pullRequest, marker, body: `${marker}\n${body}`, token, graphqlUrl };
  return writeResult(await upsertComment(target, requester));
}

function writeResult(upserted: Upserted): WriteResult {
  switch (upserted.kind) {
    case 'created':
    case 'updated':
    case 'rate-limited':
    case 'failed':
      return upserted;
    case 'refused': {
      const { status, reason } = upserted;
      const isForbidden = status === 403 || status === 404;
      return isForbidden ? { kind: 'not-permitted', status } : { kind: 'failed', reason };
    }
    case 'unanswered':
      return { kind: 'failed', reason: upserted.reason };
    default:
      return upserted satisfies never;
  }
}
