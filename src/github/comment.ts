import { pullRequestOf } from './pull-request.ts';
import type { Comment, WriteResult } from './write.ts';

/** The outcome of writing a comment. */
export type CommentResult = WriteResult | { kind: 'no-pull-request' } | { kind: 'cancelled' };

/** Where and for how long to write. */
export type CommentDeps = {
  env: NodeJS.ProcessEnv;
  /** Aborts when the job is cancelled. */
  signal: AbortSignal;
  /** How many milliseconds all requests for the comment may take together. */
  limitMs: number;
};

/**
 * Writes a comment to the pull request that the workflow runs for: updates the newest one that
 * begins with the marker and that the token's own actor wrote, or creates it. Never throws, and
 * ends within the limit whatever GitHub does.
 */
export async function writeComment(
  comment: Comment,
  token: string,
  { env, signal, limitMs }: CommentDeps,
): Promise<CommentResult> {
  if (signal.aborted) return { kind: 'cancelled' };
  const pullRequest = pullRequestOf(env);
  if (!pullRequest) return { kind: 'no-pull-request' };
  const stop = new AbortController();
  const write = async (): Promise<CommentResult> => {
    try {
      // Octokit is large, so it is loaded only when a comment is wanted.
      const { writeTo } = await import('./write.ts');
      return await writeTo(pullRequest, comment, { token, env, signal: stop.signal });
    } catch (error) {
      return { kind: 'failed', reason: `it ended with an error (${String(error)}).` };
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

/**
 * What ends the work on a comment before it is done: the job's cancellation, or the time limit.
 */
function stopOn(signal: AbortSignal, limitMs: number) {
  let release = (): void => {};
  const stopped = new Promise<CommentResult>((resolve) => {
    const cancel = (): void => resolve({ kind: 'cancelled' });
    const reason = `GitHub did not respond within ${limitMs / 1000} s.`;
    const timer = setTimeout(() => resolve({ kind: 'failed', reason }), limitMs);
    signal.addEventListener('abort', cancel);
    release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    };
  });
  return { stopped, release };
}
