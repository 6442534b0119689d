import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Request } from '../../src/fivetran/attempt.ts';
import { FivetranError } from '../../src/fivetran/errors.ts';
import { send } from '../../src/fivetran/send.ts';
import { closeAll, closing, lineTo, sandboxOn } from '../fault-run.ts';
import { selfSigned } from '../sandbox/self-signed.mjs';
import { virtualClock } from '../virtual-clock.ts';

afterEach(closeAll);

const CREATE: Request<unknown> = {
  method: 'POST',
  path: '/v1/connections',
  body: { group_id: 'decent_dropsy', service: '15five' },
  purpose: 'create the connection',
  read: (data) => data,
};

/** Sends a create to an address where nothing can be sent to. */
async function sendTo(url: string) {
  const clock = virtualClock();
  const lines: string[] = [];
  const line = lineTo({ url, apiKey: 'k', apiSecret: 's' }, clock);
  const settled = send(line, CREATE, false, (text) => lines.push(text));
  const outcome = await settled.catch((error: unknown) => ({ kind: 'thrown' as const, error }));
  const error = outcome.kind === 'answered' ? undefined : outcome.error;
  expect(error).toBeInstanceOf(FivetranError);
  return { kind: outcome.kind, message: (error as Error).message, lines, sleeps: clock.sleeps };
}

/** A server that answers each connection like this; its port, and how many connections came. */
async function startServer(greet: (socket: Socket) => void) {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => {});
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { close, port: (server.address() as AddressInfo).port, count: () => count };
}

test('a port that refuses is tried four times, and named', async () => {
  const { port, close } = await startServer(() => {});
  await close();
  const { message, lines, sleeps } = await sendTo(`http://127.0.0.1:${port}`);
  expect(message).toMatch(
    new RegExp(
      `^Could not create the connection: 127\\.0\\.0\\.1:${port} does not accept connections ` +
        '\\(ECONNREFUSED\\)\\. .*api_url.*network',
    ),
  );
  expect(sleeps).toEqual([500, 1000, 2000]);
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/ECONNREFUSED.* Try 4 of 4 follows in 2 s\.$/);
});

test('a host with several addresses that all refuse is told the same way', async () => {
  const { port, close } = await startServer(() => {});
  await close();
  const { message, lines } = await sendTo(`http://localhost:${port}`);
  expect(message).toMatch(/localhost:\d+ does not accept connections \(ECONNREFUSED\)/);
  expect(lines).toHaveLength(3);
});

test('a name that does not resolve is tried four times, and named', async () => {
  const { message, lines } = await sendTo('https://nowhere.invalid');
  expect(message).toMatch(/the name nowhere\.invalid does not resolve \(\w+\)\. .*api_url.*DNS/);
  expect(lines).toHaveLength(3);
});

test('a port that comes back is used, and the create is sent once', async () => {
  const clock = virtualClock();
  const { port, close } = await startServer(() => {});
  await close();
  const line = lineTo({ url: `http://127.0.0.1:${port}`, apiKey: 'k', apiSecret: 's' }, clock);
  let back: Promise<Awaited<ReturnType<typeof sandboxOn>>> | undefined;
  const outcome = send({ ...line, clock: { ...clock, sleep } }, CREATE, false, () => {});
  async function sleep() {
    back ??= sandboxOn(clock, { port, apiKey: 'k', apiSecret: 's' });
    await back;
  }
  expect(await outcome).toMatchObject({ kind: 'answered', afterUnknown: false });
  expect((await back)?.requests).toHaveLength(1);
});

describe('a TLS handshake that fails', () => {
  test('over a certificate that nobody trusts says how to trust it', async () => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock, { tls: selfSigned() });
    const { message, lines } = await sendTo(sandbox.url);
    expect(message).toMatch(/TLS with 127\.0\.0\.1:\d+ failed \(DEPTH_ZERO_SELF/);
    expect(message).toMatch(/NODE_EXTRA_CA_CERTS/);
    expect(lines).toHaveLength(3);
    expect(sandbox.requests).toEqual([]);
  });

  test('over what is no TLS could as well have broken later, so it is left open', async () => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock);
    const { kind, message, lines } = await sendTo(sandbox.url.replace('http:', 'https:'));
    expect(kind).toBe('unknown');
    expect(message).toMatch(/TLS with 127\.0\.0\.1:\d+ failed \(.*SSL/);
    expect(lines).toEqual([]);
    expect(sandbox.requests).toEqual([]);
  });

  test('because the server hangs up', async () => {
    const server = closing(await startServer((socket) => socket.resume().end()));
    const { message } = await sendTo(`https://127.0.0.1:${server.port}`);
    expect(message).toMatch(/TLS with 127\.0\.0\.1:\d+ failed/);
    expect(server.count()).toBe(4);
  });
});
