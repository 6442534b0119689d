import type { GitHubFailure } from './failure.ts';
import {
  type CommentTarget,
  findOwnComments,
  type ListedComment,
  readComment,
} from './own-comments.ts';
import { type GitHubAnswer, maxTries, type Requester } from './requester.ts';

/** What became of a comment. */
export type Upserted =
  | { kind: 'created' | 'updated'; url: string | undefined }
  | { kind: 'failed'; reason: string }
  | GitHubFailure;

const unreadable = 'GitHub did not answer with the comment.';

/**
 * Updates the newest own comment that GitHub lets this token update, or creates one. A create that went
 * unanswered may have happened, so the comment is looked for again before the next try.
 *
 * @param body the whole text, marker included
 */
export async function upsertComment(
  body: string,
  target: CommentTarget,
  requester: Requester,
): Promise<Upserted> {
  const passedOver = new Set<number>();
  for (let tries = 1, failure: GitHubFailure | undefined; ; tries++) {
    const found = await findOwnComments(target, requester);
    if (found.kind !== 'found') return failure ?? found;
    for (const comment of found.comments.filter(({ id }) => !passedOver.has(id))) {
      const { url } = comment;
      if (failure && comment.body.trim() === body.trim()) return { kind: 'created', url };
      const updated = await update(comment, body, target, requester);
      if (updated.kind === 'answered') return { kind: 'updated', url: updated.data.url };
      // GitHub refuses the comment, or no longer has it.
      if (updated.kind !== 'refused' || ![403, 404, 410].includes(updated.status)) return updated;
      passedOver.add(comment.id);
    }
    if (failure && tries > maxTries) return failure;
    const created = await create(body, target, requester);
    if (created.kind === 'answered') return { kind: 'created', url: created.data.url };
    if (created.kind !== 'unanswered') return created;
    failure = created;
    await requester.waitToRetry(Math.min(tries, maxTries));
  }
}

function update(
  { id }: ListedComment,
  body: string,
  { pullRequest: { owner, repo } }: CommentTarget,
  requester: Requester,
): Promise<GitHubAnswer<ListedComment>> {
  return requester.sendWithRetries({
    route: 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
    parameters: { owner, repo, comment_id: id, body },
    read(data) {
      const comment = readComment(data);
      return comment?.id === id ? comment : undefined;
    },
    unreadable,
  });
}

function create(
  body: string,
  { pullRequest: { owner, repo, number } }: CommentTarget,
  requester: Requester,
): Promise<GitHubAnswer<ListedComment>> {
  return requester.send({
    route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    parameters: { owner, repo, issue_number: number, body },
    read: readComment,
    unreadable,
  });
}
