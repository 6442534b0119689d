import { type AddressInfo, createServer } from 'node:net';
import { closeAtEnd } from '../../../harness/cleanup.ts';
import { virtualClock } from '../../../harness/virtual-clock.ts';
import { CREATE, READ, sending, sessionWith } from './session.ts';

/** A server that answers the first bytes of each request with these, and then hangs up. */
async function startAnswering(bytes: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAtEnd({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const whole = '{"code":"Success","data":{"id":"vivid_umbrella"}}';
const head = 'HTTP/1.1 201 Created\r\n';

test.each([
  ['nothing', ''],
  ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ['half of a status line', 'HTTP/1.1 20'],
  ['half of a header', `${head}Content-Le`],
  ['a header without a body', `${head}Content-Length: ${whole.length}\r\n\r\n`],
  ['half of a body', `${head}Content-Length: ${whole.length}\r\n\r\n${whole.slice(0, 20)}`],
  ['half of a chunk', `${head}Transfer-Encoding: chunked\r\n\r\n40\r\n${whole}`],
  ['chunks without an end', `${head}Transfer-Encoding: chunked\r\n\r\n31\r\n${whole}\r\n`],
  [
    'a chunk without a size',
    `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n${whole}\r\n0\r\n\r\n`,
  ],
  ['endless headers', `${head}X: ${'x'.repeat(100_000)}\r\n\r\n`],
])('an answer of %s leaves the outcome unknown', async (_, bytes) => {
  const session = sessionWith(await startAnswering(bytes), virtualClock());
  const { kind, message } = await sending(session, CREATE);
  expect(kind).toBe('unknown');
  expect(message).toMatch(/^Could not create the connection: /);
});

test('what came of a broken answer is quoted without secrets', async () => {
  const redact = (text: string) => text.replaceAll('hush', '***');
  const url = await startAnswering(`${head}Content-Length: 99\r\n\r\nThe word is hush`);
  const { error } = await sending(sessionWith(url, virtualClock(), { redact }), CREATE);
  expect(error).toMatchObject({
    message:
      'Could not create the connection: Fivetran answered 201, but the connection broke before the ' +
      'response was complete: The word is ***',
    shortReason: 'unusable response',
  });
});

test('a long answer that breaks off is asked for again', async () => {
  const url = await startAnswering(`${head}Content-Length: 99\r\n\r\n{`);
  const { lines } = await sending(sessionWith(url, virtualClock()), { ...READ, maxMegabytes: 64 });
  expect(lines).toHaveLength(3);
});

test('a 429 says all that counts in its head', async () => {
  const limited =
    'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 9\r\n\r\n{';
  const session = sessionWith(await startAnswering(limited), virtualClock());
  expect((await sending(session, CREATE)).message).toContain('asks to wait 60 min');
});
