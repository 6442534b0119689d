import type { GitHubFailure } from './failure.ts';
import {
  type CommentTarget,
  findOwnComments,
  type ListedComment,
  readComment,
} from './own-comments.ts';
import type { GitHubRequester, GitHubResult } from './requester.ts';

/** What became of a comment. */
export type Upserted =
  | { kind: 'created' | 'updated'; url: string | undefined }
  | { kind: 'failed'; reason: string }
  | GitHubFailure;

const withoutComment = 'GitHub did not return the comment.';

/**
 * Updates the newest own comment that GitHub lets this token update, or creates one. A create that
 * went unanswered may have happened, so the comment is looked for again before the next try.
 */
export async function upsertComment(
  target: CommentTarget,
  requester: GitHubRequester,
): Promise<Upserted> {
  const passedOver = new Set<number>();
  for (let tries = 1, failure: GitHubFailure | undefined; ; tries++) {
    const found = await findOwnComments(target, requester);
    if (found.kind !== 'found') return failure ?? found;
    for (const comment of found.comments.filter(({ id }) => !passedOver.has(id))) {
      const { url } = comment;
      if (failure && comment.body.trim() === target.body.trim()) return { kind: 'created', url };
      const updated = await updateComment(comment, target, requester);
      if (updated.kind === 'answered') return { kind: 'updated', url: updated.data.url };
      // GitHub refuses the comment, or no longer has it.
      if (updated.kind !== 'refused' || ![403, 404, 410].includes(updated.status)) return updated;
      passedOver.add(comment.id);
    }
    if (failure && tries > requester.maxAttempts) return failure;
    const created = await createComment(target, requester);
    if (created.kind === 'answered') return { kind: 'created', url: created.data.url };
    if (created.kind !== 'unanswered') return created;
    failure = created;
    await requester.waitToRetry(Math.min(tries, requester.maxAttempts));
  }
}

function updateComment(
  { id }: ListedComment,
  { pullRequest: { owner, repo }, body }: CommentTarget,
  requester: GitHubRequester,
): Promise<GitHubResult<ListedComment>> {
  return requester.sendWithRetries({
    route: 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
    parameters: { owner, repo, comment_id: id, body },
    read(data) {
      const comment = readComment(data);
      return comment?.id === id ? comment : undefined;
    },
    unreadable: withoutComment,
  });
}

function createComment(
  { pullRequest: { owner, repo, number }, body }: CommentTarget,
  requester: GitHubRequester,
): Promise<GitHubResult<ListedComment>> {
  return requester.send({
    route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    parameters: { owner, repo, issue_number: number, body },
    read: readComment,
    unreadable: withoutComment,
  });
}
