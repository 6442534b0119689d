import { failureOf } from './failure.ts';
import { type PullRequest, pullRequestOf } from './pull-request.ts';

/** The outcome of writing a comment. */
export type CommentResult =
  | { kind: 'created' | 'updated'; url: string | undefined }
  | { kind: 'no-pull-request' }
  | { kind: 'cancelled' }
  | { kind: 'not-permitted' | 'rate-limited'; status: number }
  | { kind: 'failed'; reason: string };

/** What to write, and how to find it again. */
export type Comment = {
  /** An HTML comment that stands first in the body and in no other comment. */
  marker: string;
  /** Markdown. */
  body: string;
};

/** Where and for how long to write. */
export type CommentDeps = {
  env: NodeJS.ProcessEnv;
  /** Aborts when the job is cancelled. */
  signal: AbortSignal;
  /** How many milliseconds all requests for the comment may take together. */
  limitMs?: number;
};

/** Pages of 100 comments that are searched. GitHub allows 2,500 comments on a pull request. */
const maxPages = 50;

/**
 * Writes a comment to the pull request that the workflow runs for: updates the first one that begins
 * with the marker, or creates it. Never throws, and ends within the limit whatever GitHub does.
 */
export async function writeComment(
  comment: Comment,
  token: string,
  { env, signal, limitMs = 60_000 }: CommentDeps,
): Promise<CommentResult> {
  if (signal.aborted) return { kind: 'cancelled' };
  const pullRequest = await pullRequestOf(env);
  if (!pullRequest) return { kind: 'no-pull-request' };
  const stop = new AbortController();
  const write = async (): Promise<CommentResult> => {
    try {
      return await upsert(comment, pullRequest, await requesterFor(token, env, stop.signal));
    } catch (error) {
      return failureOf(error);
    }
  };
  const { stopped, release } = stopOn(signal, limitMs);
  try {
    // The race does not rely on Octokit to obey the signal.
    return await Promise.race([write(), stopped]);
  } finally {
    release();
    stop.abort();
  }
}

/** What ends the work on a comment before it is done: the job's cancellation, or the time limit. */
function stopOn(signal: AbortSignal, limitMs: number) {
  let release = (): void => {};
  const stopped = new Promise<CommentResult>((resolve) => {
    const cancel = (): void => resolve({ kind: 'cancelled' });
    const reason = `GitHub did not answer within ${limitMs / 1000} s.`;
    const timer = setTimeout(() => resolve({ kind: 'failed', reason }), limitMs);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel);
    release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    };
  });
  return { stopped, release };
}

/** Sends one request to GitHub's API. */
type Requester = (
  route: string,
  parameters: Record<string, unknown>,
) => Promise<{ headers: { link?: string | undefined }; data: unknown }>;

/** Octokit is large, so it is loaded only when a comment is wanted. */
async function requesterFor(
  token: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Requester> {
  const { getOctokit } = await import('@actions/github');
  const baseUrl = env.GITHUB_API_URL || 'https://api.github.com';
  const { request } = getOctokit(token, { baseUrl });
  // As an option of Octokit, the signal would replace the defaults, which know the proxy.
  return (route, parameters) => request(route, { ...parameters, request: { signal } });
}

async function upsert(
  { marker, body }: Comment,
  { owner, repo, number }: PullRequest,
  send: Requester,
): Promise<CommentResult> {
  const target = { owner, repo };
  const text = { ...target, body: `${marker}\n${body}` };
  // Octokit's pagination drops the signal of a request.
  for (let page = 1; page <= maxPages; page++) {
    const { data, headers } = await send(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { ...target, issue_number: number, per_page: 100, page },
    );
    if (!Array.isArray(data)) {
      return { kind: 'failed', reason: 'GitHub did not answer with a list of comments.' };
    }
    const own = data.map(commentIn).find(({ body }) => body.trimStart().startsWith(marker));
    if (own) {
      const { data: updated } = await send(
        'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
        { ...text, comment_id: own.id },
      );
      return { kind: 'updated', url: commentIn(updated).url };
    }
    if (!/rel="?next"?/.test(headers.link ?? '')) {
      const { data: created } = await send(
        'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
        { ...text, issue_number: number },
      );
      return { kind: 'created', url: commentIn(created).url };
    }
  }
  const reason = `the pull request has more than ${maxPages * 100} comments.`;
  return { kind: 'failed', reason };
}

/** A comment as GitHub answered it. What is missing or of another type counts as empty. */
function commentIn(answer: unknown): { id: unknown; body: string; url: string | undefined } {
  const { id, body, html_url } = Object(answer) as Record<string, unknown>;
  return {
    id,
    body: typeof body === 'string' ? body : '',
    url: typeof html_url === 'string' ? html_url : undefined,
  };
}
