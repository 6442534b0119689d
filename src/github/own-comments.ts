import { asMapping } from '../text/mapping.ts';
import type { GitHubFailure } from './failure.ts';
import type { PullRequest } from './pull-request.ts';
import type { GitHubRequester } from './requester.ts';

/** A comment as GitHub returns it. What is missing or of another type counts as empty. */
export type ListedComment = {
  id: number;
  nodeId: string;
  body: string;
  url: string | undefined;
  /** Whether a GitHub App wrote it, such as the workflow's own; undefined when that is unknown. */
  isByApp: boolean | undefined;
};

/** What to write where, and who writes it. */
export type CommentTarget = {
  pullRequest: PullRequest;
  /** Begins every comment of this step. */
  marker: string;
  /** The whole text, marker included. */
  body: string;
  token: string;
  graphqlUrl: string;
};

/** Own comments, or why they are not known. */
export type OwnComments =
  | { kind: 'found'; comments: ListedComment[] }
  | { kind: 'failed'; reason: string }
  | GitHubFailure;

/** Pages of 100 comments that are searched. GitHub allows 2,500 comments on a pull request. */
const maxCommentPages = 50;
/** Nodes that GitHub's GraphQL API returns at once. */
const maxNodes = 100;

/**
 * The comments with the marker that the token's own actor wrote, the newest first. Anybody can
 * copy a marker, and edit such a comment later.
 */
export async function findOwnComments(
  target: CommentTarget,
  requester: GitHubRequester,
): Promise<OwnComments> {
  const { owner, repo, number } = target.pullRequest;
  const marked: ListedComment[] = [];
  // Octokit's pagination drops the signal of a request.
  for (let page = 1; page <= maxCommentPages; page++) {
    const result = await requester.sendWithRetries({
      route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { owner, repo, issue_number: number, per_page: 100, page },
      read: (data) => (Array.isArray(data) ? data : undefined),
      unreadable: 'GitHub did not return a list of comments.',
    });
    if (result.kind !== 'answered') return result;
    const comments = result.data.flatMap((data) => readComment(data) ?? []);
    marked.push(...comments.filter(({ body }) => body.trimStart().startsWith(target.marker)));
    if (!result.hasNextPage) return ownAmong(marked.reverse(), target, requester);
  }
  const reason = `the pull request has more than ${maxCommentPages * 100} comments.`;
  return { kind: 'failed', reason };
}

/** Reads a comment; undefined when the data shows none. */
export function readComment(data: unknown): ListedComment | undefined {
  const { id, node_id, body, html_url, user } = asMapping(data);
  if (typeof id !== 'number') return undefined;
  const { type, login } = asMapping(user);
  return {
    id,
    nodeId: typeof node_id === 'string' ? node_id : '',
    body: typeof body === 'string' ? body : '',
    url: typeof html_url === 'string' ? html_url : undefined,
    isByApp:
      type === undefined && login === undefined
        ? undefined
        : type === 'Bot' || String(login).endsWith('[bot]'),
  };
}

/**
 * GitHub alone knows the actor of every kind of token. Where it does not say, the token's kind
 * decides.
 */
async function ownAmong(
  comments: ListedComment[],
  { token, graphqlUrl }: CommentTarget,
  requester: GitHubRequester,
): Promise<OwnComments> {
  const newest = comments.slice(0, maxNodes);
  if (newest.length === 0) return { kind: 'found', comments: [] };
  const result = await requester.sendWithRetries({
    route: `POST ${graphqlUrl}`,
    parameters: {
      query: 'query($ids: [ID!]!) { nodes(ids: $ids) { ... on IssueComment { viewerDidAuthor } } }',
      variables: { ids: newest.map(({ nodeId }) => nodeId) },
    },
    read(data) {
      const { nodes } = asMapping(asMapping(data).data);
      return Array.isArray(nodes) && nodes.length === newest.length ? nodes : undefined;
    },
    unreadable: 'GitHub did not say who wrote the comments.',
  });
  if (result.kind === 'rate-limited') return result;
  const isOwn = (comment: ListedComment, at: number): boolean =>
    result.kind === 'answered'
      ? asMapping(result.data[at]).viewerDidAuthor === true
      : mayBeBy(token, comment);
  return { kind: 'found', comments: newest.filter(isOwn) };
}

/** Apps, the workflow's own among them, have tokens that begin with `ghs_`; people have others. */
const mayBeBy = (token: string, { isByApp }: ListedComment): boolean =>
  isByApp === undefined || isByApp === token.startsWith('ghs_') || !/^gh\w+_/.test(token);
