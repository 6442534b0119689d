import './no-dns.ts';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Request } from '../../../../src/fivetran/http/attempt.ts';
import { sendWithRetries } from '../../../../src/fivetran/http/send.ts';
import { closeAtEnd } from '../../../harness/cleanup.ts';
import { virtualClock } from '../../../harness/virtual-clock.ts';
import { selfSigned } from '../../../sandbox/self-signed.mjs';
import { CREATE, READ, sandboxOn, senderIn, sending, sessionWith } from './session.ts';

/** Sends a create to an unreachable address. */
async function sendTo(url: string, request: Request<unknown> = CREATE) {
  const clock = virtualClock();
  return { ...(await sending(sessionWith(url, clock), request)), sleeps: clock.sleeps };
}

/** A server that greets each connection with a text; returns its port and the number of connections. */
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

test('a refused port is tried four times and named', async () => {
  const { port, close } = await startServer(() => {});
  await close();
  const { kind, error, message, lines, sleeps } = await sendTo(`http://127.0.0.1:${port}`);
  expect(kind).toBe('thrown');
  expect(error).toMatchObject({ shortReason: 'no connection to Fivetran' });
  expect(message).toMatch(
    new RegExp(
      `^Could not create the connection: 127\\.0\\.0\\.1:${port} does not accept connections ` +
        '\\(ECONNREFUSED\\)\\. .*api_url.*network',
    ),
  );
  expect(sleeps).toEqual([500, 1000, 2000]);
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/ECONNREFUSED.* Retrying in 2 s \(try 4 of 4\)\.$/);
});

test('a host with several addresses that all refuse is reported the same way', async () => {
  const { port, close } = await startServer(() => {});
  await close();
  const { message, lines } = await sendTo(`http://localhost:${port}`);
  expect(message).toMatch(/localhost:\d+ does not accept connections \(ECONNREFUSED\)/);
  expect(lines).toHaveLength(3);
});

test('an unresolvable name is tried four times and named', async () => {
  const { message, lines } = await sendTo('https://nowhere.invalid');
  expect(message).toMatch(/the name nowhere\.invalid does not resolve \(\w+\)\. .*api_url.*DNS/);
  expect(lines).toHaveLength(3);
});

test('a port that opens again is used, and the create is sent once', async () => {
  const clock = virtualClock();
  const { port, close } = await startServer(() => {});
  await close();
  const session = sessionWith(`http://127.0.0.1:${port}`, clock);
  let back: ReturnType<typeof sandboxOn> | undefined;
  const sleep = async () => {
    back ??= sandboxOn(clock, { port, apiKey: session.api.key, apiSecret: session.api.secret });
    await back;
  };
  const outcome = await sendWithRetries(
    senderIn({ ...session, clock: { ...clock, sleep } }),
    CREATE,
  );
  expect(outcome).toMatchObject({ kind: 'answered', afterUnknown: false });
  expect((await back)?.requests).toHaveLength(1);
});

test('a port that closes after an unanswered try leaves the outcome unknown', async () => {
  const clock = virtualClock();
  const sandbox = await sandboxOn(clock, { faults: [{ kind: 'reset' }] });
  let closed: Promise<void> | undefined;
  const sleep = async () => {
    closed ??= sandbox.close();
    await closed;
  };
  const session = { ...sessionWith(sandbox.url, clock), clock: { ...clock, sleep } };
  expect(await sending(session, READ)).toMatchObject({ kind: 'unknown', sentAt: 0 });
  expect(sandbox.requests).toHaveLength(1);
});

describe('a TLS handshake that fails', () => {
  test('over an untrusted certificate is not retried', async () => {
    const sandbox = await sandboxOn(virtualClock(), { tls: selfSigned() });
    for (const request of [CREATE, READ]) {
      const { kind, message, lines, sleeps } = await sendTo(sandbox.url, request);
      expect(kind).toBe('thrown');
      expect(message).toMatch(
        /TLS with 127\.0\.0\.1:\d+ failed \(DEPTH_ZERO_SELF.*NODE_EXTRA_CA_CERTS/,
      );
      expect([lines, sleeps]).toEqual([[], []]);
    }
    expect(sandbox.requests).toEqual([]);
  });

  test('over a plain-text answer is retried', async () => {
    const sandbox = await sandboxOn(virtualClock());
    const { kind, message, lines } = await sendTo(sandbox.url.replace('http:', 'https:'));
    expect(kind).toBe('thrown');
    expect(message).toMatch(/TLS with 127\.0\.0\.1:\d+ failed \(.*SSL/);
    expect(lines).toHaveLength(3);
    expect(sandbox.requests).toEqual([]);
  });

  test('because the server breaks it off is retried', async () => {
    const greet = (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy());
    const server = closeAtEnd(await startServer(greet));
    const { kind, message } = await sendTo(`https://127.0.0.1:${server.port}`);
    expect(kind).toBe('thrown');
    expect(message).toMatch(/broke before anything was sent|TLS with 127\.0\.0\.1:\d+ failed/);
    expect(server.count()).toBe(4);
  });

  test('because the server says nothing is retried, and was never in flight', async () => {
    const server = closeAtEnd(await startServer((socket) => socket.resume()));
    const inFlight: boolean[] = [];
    const session = sessionWith(`https://127.0.0.1:${server.port}`, virtualClock(), {
      timeoutSeconds: 0.05,
    });
    const onInFlight = (is: boolean) => inFlight.push(is);
    const { kind, error, message, lines } = await sending(session, { ...CREATE, onInFlight });
    expect(kind).toBe('thrown');
    expect(error).toMatchObject({ shortReason: 'no connection to Fivetran' });
    expect(message).toMatch(/no connection to 127\.0\.0\.1:\d+ within 0\.05 s/);
    // A busy machine may not have accepted each connection within that time.
    expect(lines).toHaveLength(3);
    expect(inFlight).not.toContain(true);
  });

  test('because the server hangs up is retried', async () => {
    const server = closeAtEnd(await startServer((socket) => socket.resume().end()));
    const { kind, message } = await sendTo(`https://127.0.0.1:${server.port}`);
    expect(kind).toBe('thrown');
    expect(message).toMatch(/TLS with 127\.0\.0\.1:\d+ failed/);
    expect(server.count()).toBe(4);
  });
});
