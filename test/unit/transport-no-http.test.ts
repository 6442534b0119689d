import { type AddressInfo, createServer } from 'node:net';
import { send } from '../../src/fivetran/send.ts';
import { closeAll, closing, lineTo } from '../fault-run.ts';
import { virtualClock } from '../virtual-clock.ts';

afterEach(closeAll);

/** A server that answers the first bytes of each request with these, and then hangs up. */
async function startAnswering(bytes: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const whole = '{"code":"Success","data":{"id":"vivid_umbrella"}}';
const head = 'HTTP/1.1 201 Created\r\n';

test.each([
  ['nothing', ''],
  ['what is no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ['half of a status line', 'HTTP/1.1 20'],
  ['half of a header', `${head}Content-Le`],
  ['a header and no body', `${head}Content-Length: ${whole.length}\r\n\r\n`],
  ['half of a body', `${head}Content-Length: ${whole.length}\r\n\r\n${whole.slice(0, 20)}`],
  ['half of a chunk', `${head}Transfer-Encoding: chunked\r\n\r\n40\r\n${whole}`],
  ['chunks without an end', `${head}Transfer-Encoding: chunked\r\n\r\n31\r\n${whole}\r\n`],
  ['a chunk of no size', `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n${whole}\r\n0\r\n\r\n`],
  ['headers without end', `${head}X: ${'x'.repeat(100_000)}\r\n\r\n`],
])('an answer that is %s leaves it open whether the request was processed', async (_, bytes) => {
  const clock = virtualClock();
  const url = await startAnswering(bytes);
  const line = lineTo({ url, apiKey: 'k', apiSecret: 's' }, clock);
  const create = {
    method: 'POST' as const,
    path: '/v1/connections',
    body: {},
    purpose: 'create the connection',
    read: (data: unknown) => data,
  };
  const outcome = await send(line, create, false, () => {});
  expect(outcome).toMatchObject({
    kind: 'unknown',
    error: { message: expect.stringMatching(/^Could not create the connection: /) },
  });
});
