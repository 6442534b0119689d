import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getOctokit } from '@actions/github';
import { fetch } from '../../src/vendor/undici.ts';
import { startProxy } from '../sandbox/proxy.mjs';

type Seen = { method: string; url: string; headers: Record<string, unknown>; body: string };

let server: Server;
let url: string;
let port: number;
let seen: Seen[];
let onRequest: () => void;
let reply: { status: number; headers: Record<string, string>; body: string } | 'break' | 'never';

beforeEach(async () => {
  seen = [];
  onRequest = () => {};
  reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"id":7}' };
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body });
    onRequest();
    if (reply === 'never') return;
    if (reply === 'break') {
      response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy());
      return;
    }
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  url = `http://127.0.0.1:${port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('fetch', () => {
  test('sends method, headers and body', async () => {
    await fetch(`${url}/path?query=1`, {
      method: 'PATCH',
      headers: { 'user-agent': 'tester', authorization: 'token t' },
      body: '{"a":1}',
    });

    expect(seen).toEqual([
      {
        method: 'PATCH',
        url: '/path?query=1',
        headers: expect.objectContaining({ 'user-agent': 'tester', authorization: 'token t' }),
        body: '{"a":1}',
      },
    ]);
  });

  test('returns status, headers and body', async () => {
    const response = await fetch(url);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ id: 7 });
  });

  test('returns an answer without a body', async () => {
    reply = { status: 204, headers: {}, body: '' };

    const response = await fetch(url, { method: 'DELETE' });

    expect(response.status).toBe(204);
    expect(response.body).toBeNull();
  });

  test('rejects when the answer breaks off', async () => {
    reply = 'break';

    await expect(fetch(url)).rejects.toThrow('the connection broke');
  });

  test('rejects an answer of more than 8 MB', async () => {
    reply = { status: 200, headers: {}, body: 'x'.repeat(8 * 1024 * 1024 + 1) };

    await expect(fetch(url)).rejects.toThrow('longer than 8 MB');
  });

  test('does not follow redirects', async () => {
    reply = { status: 307, headers: { location: `${url}/elsewhere` }, body: '' };

    const response = await fetch(url, { method: 'POST', body: '{"a":1}' });

    expect(response.status).toBe(307);
    expect(seen).toHaveLength(1);
  });

  test('rejects when its signal aborts', async () => {
    const abort = new AbortController();
    reply = 'never';
    server.once('request', () => abort.abort(new Error('enough')));

    await expect(fetch(url, { signal: abort.signal })).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });

  test('sends nothing when its signal has aborted', async () => {
    await expect(fetch(url, { signal: AbortSignal.abort(new Error('late')) })).rejects.toThrow(
      'late',
    );
    expect(seen).toEqual([]);
  });

  test('goes through the proxy of the environment', async () => {
    const proxy = await startProxy({ port });
    process.env.http_proxy = proxy.url;
    try {
      const response = await fetch(`http://api.github.example:${port}/`);

      expect(response.status).toBe(200);
      expect(proxy.connects).toMatchObject([{ target: `api.github.example:${port}` }]);
    } finally {
      delete process.env.http_proxy;
      await proxy.close();
    }
  });
});

describe('Octokit', () => {
  const octokit = () => getOctokit('t', { baseUrl: url });
  const comment = { owner: 'o', repo: 'r', issue_number: 1, body: 'text' };

  test('creates a comment', async () => {
    reply = { status: 201, headers: { 'content-type': 'application/json' }, body: '{"id":7}' };

    const { data } = await octokit().rest.issues.createComment(comment);

    expect(data.id).toBe(7);
    expect(seen).toMatchObject([
      { method: 'POST', url: '/repos/o/r/issues/1/comments', body: '{"body":"text"}' },
    ]);
  });

  test('follows pages', async () => {
    const next = `<${url}/repos/o/r/issues/1/comments?page=2>; rel="next"`;
    const headers: Record<string, string> = { 'content-type': 'application/json', link: next };
    reply = { status: 200, headers, body: '[{"id":1}]' };
    const client = octokit();
    const ids: number[] = [];

    for await (const { data } of client.paginate.iterator(
      client.rest.issues.listComments,
      comment,
    )) {
      ids.push(...data.map(({ id }) => id));
      delete headers.link;
    }

    expect(ids).toEqual([1, 1]);
  });

  test('reports the status and message of a refusal', async () => {
    reply = {
      status: 403,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"Resource not accessible by integration"}',
    };

    await expect(octokit().rest.issues.createComment(comment)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    });
  });
});
