import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetch } from '../../../src/vendor/undici.ts';
import { closeAtEnd } from '../../harness/cleanup.ts';

/** A server that answers like this, and how many requests it has received. */
async function serverWith(answer: (response: ServerResponse) => void) {
  const methods: string[] = [];
  const server = createServer((request, response) => {
    methods.push(`${request.method}`);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAtEnd({
    async close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, methods };
}

test('an answer without a body is returned', async () => {
  const { url } = await serverWith((response) => response.writeHead(204).end());
  expect(await fetch(url, { method: 'DELETE' })).toMatchObject({ status: 204, body: null });
});

test('an answer that breaks off is rejected', async () => {
  const { url } = await serverWith((response) =>
    response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()),
  );
  await expect(fetch(url)).rejects.toThrow('the connection broke');
});

test('an answer of more than 8 MB is rejected', async () => {
  const { url } = await serverWith((response) => response.end('x'.repeat(8 * 1024 * 1024 + 1)));
  await expect(fetch(url)).rejects.toThrow('longer than 8 MB');
});

test('a signal that aborts ends a request', async () => {
  const abort = new AbortController();
  const { url, methods } = await serverWith(() => abort.abort(new Error('enough')));
  await expect(fetch(url, { signal: abort.signal })).rejects.toThrow('enough');
  expect(methods).toHaveLength(1);
});

test('nothing is sent once the signal has aborted', async () => {
  const { url, methods } = await serverWith((response) => response.end());
  const signal = AbortSignal.abort(new Error('late'));
  await expect(fetch(url, { signal })).rejects.toThrow('late');
  expect(methods).toEqual([]);
});
