import { type PullRequest, pullRequestOf } from './pull-request.ts';

/** What became of a comment. */
export type CommentResult =
  | { kind: 'created' | 'updated'; url: string }
  | { kind: 'no-pull-request' }
  | { kind: 'not-permitted'; status: number }
  | { kind: 'failed'; reason: string };

/** How long all requests for a comment may take together. */
const timeoutMs = 60_000;

/** What to write, and how to find it again. */
export type Comment = {
  /** An HTML comment that stands first in the body and in no other comment. */
  marker: string;
  /** Markdown. */
  body: string;
};

/**
 * Writes a comment to the pull request that the workflow runs for: updates the first one that begins
 * with the marker, or creates it.
 */
export async function writeComment(
  comment: Comment,
  token: string,
  env: NodeJS.ProcessEnv,
): Promise<CommentResult> {
  const pullRequest = await pullRequestOf(env);
  if (!pullRequest) return { kind: 'no-pull-request' };
  try {
    return await upsert(comment, pullRequest, await octokitFor(token, env));
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return { kind: 'not-permitted', status };
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

type Octokit = Awaited<ReturnType<typeof octokitFor>>;

/** Octokit is large, so it is loaded only when a comment is wanted. */
async function octokitFor(token: string, env: NodeJS.ProcessEnv) {
  const { getOctokit } = await import('@actions/github');
  const baseUrl = env.GITHUB_API_URL || 'https://api.github.com';
  return getOctokit(token, { baseUrl });
}

async function upsert(
  { marker, body }: Comment,
  { owner, repo, number }: PullRequest,
  { paginate, rest: { issues } }: Octokit,
): Promise<CommentResult> {
  // As an option of Octokit it would replace the defaults, which know the proxy.
  const request = { signal: AbortSignal.timeout(timeoutMs) };
  const target = { owner, repo, request };
  const text = { ...target, body: `${marker}\n${body}` };
  const listed = { ...target, issue_number: number, per_page: 100 };
  for await (const { data } of paginate.iterator(issues.listComments, listed)) {
    const existing = data.find((comment) => comment.body?.trimStart().startsWith(marker));
    if (existing) {
      const updated = await issues.updateComment({ ...text, comment_id: existing.id });
      return { kind: 'updated', url: updated.data.html_url };
    }
  }
  const created = await issues.createComment({ ...text, issue_number: number });
  return { kind: 'created', url: created.data.html_url };
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
