import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A comment as GitHub's API answers it. */
type GitHubComment = {
  id: number;
  node_id: string;
  body: string;
  html_url: string;
  user: { login: string; type: string };
};

/** A comment that the pull request has already: its text, or another author with the text. */
export type EarlierComment = string | { login: string; body: string };

/** The actor of the token in the tests. */
const actor = 'github-actions[bot]';

/** A request that the API received. */
export type GitHubRequest = { method: string; url: string; authorization: string; body: unknown };

/** GitHub's API for the comments of pull request 7 of octo-org/warehouse, on a loopback port. */
export type GitHubApi = {
  url: string;
  port: number;
  comments: GitHubComment[];
  requests: GitHubRequest[];
  close: () => Promise<void>;
};

const path = '/repos/octo-org/warehouse/issues';

/** An answer that replaces the API's own. Text is sent as HTML, anything else as JSON. */
export type GitHubAnswer = {
  status: number;
  data?: unknown;
  headers?: Record<string, string>;
};

/**
 * What the API does with a request instead of answering it itself: a refusal can be its status alone;
 * `lose` does what was asked, and breaks the connection.
 */
export type GitHubFault = GitHubAnswer | number | 'hang' | 'break' | 'lose' | undefined;

/**
 * Starts GitHub's API.
 *
 * @param earlier the comments that the pull request has already, by the token's actor unless they say
 * @param fault what happens to a request; undefined where the API answers it itself
 */
export async function startGitHubApi(
  earlier: readonly EarlierComment[] = [],
  fault: (request: GitHubRequest) => GitHubFault = () => undefined,
): Promise<GitHubApi> {
  const comments: GitHubComment[] = [];
  const requests: GitHubRequest[] = [];
  const add = (body: string, login = actor): GitHubComment => {
    const id = comments.length + 1;
    const html_url = `https://github.com/octo-org/warehouse/pull/7#issuecomment-${id}`;
    const user = { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
    const comment = { id, node_id: `IC_${id}`, body, html_url, user };
    comments.push(comment);
    return comment;
  };
  for (const one of earlier) {
    if (typeof one === 'string') add(one);
    else add(one.body, one.login);
  }

  const answer = (request: GitHubRequest): GitHubAnswer => {
    const { pathname, searchParams } = new URL(request.url, url);
    const { body } = (request.body ?? {}) as { body?: string };
    if (pathname === `${path}/7/comments`) {
      if (request.method === 'POST') return { status: 201, data: add(String(body)) };
      const size = Number(searchParams.get('per_page') ?? 30);
      const page = Number(searchParams.get('page') ?? 1);
      const data = comments.slice((page - 1) * size, page * size);
      const hasMore = comments.length > page * size;
      const next = `<${url}${pathname}?per_page=${size}&page=${page + 1}>; rel="next"`;
      return { status: 200, data, headers: hasMore ? { Link: next } : {} };
    }
    if (pathname === '/graphql') {
      const { variables } = request.body as { variables: { ids: string[] } };
      const nodes = variables.ids.map((wanted) => {
        const found = comments.find(({ node_id }) => node_id === wanted);
        return found ? { viewerDidAuthor: found.user.login === actor } : null;
      });
      return { status: 200, data: { data: { nodes } } };
    }
    const comment = comments.find(({ id }) => pathname === `${path}/comments/${id}`);
    if (!comment || request.method !== 'PATCH')
      return { status: 404, data: { message: 'Not Found' } };
    comment.body = String(body);
    return { status: 200, data: comment };
  };

  const server = createServer(async (incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const body = await bodyOf(incoming);
    const request = { method, url, authorization: headers.authorization ?? '', body };
    requests.push(request);
    const wanted = fault(request);
    if (wanted === 'hang') return;
    if (wanted === 'lose') answer(request);
    if (wanted === 'lose' || wanted === 'break') return void incoming.socket.destroy();
    const { status, data, headers: more } = answerOf(wanted) ?? answer(request);
    const isText = typeof data === 'string';
    const type = isText ? 'text/html' : 'application/json; charset=utf-8';
    response
      .writeHead(status, { 'Content-Type': type, ...more })
      .end(isText ? data : JSON.stringify(data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ url, port, comments, requests },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const answerOf = (fault: GitHubAnswer | number | undefined): GitHubAnswer | undefined =>
  typeof fault === 'number'
    ? { status: fault, data: { message: 'Resource not accessible' } }
    : fault;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text ? JSON.parse(text) : undefined;
}
