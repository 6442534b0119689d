import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request } from '../../../../src/fivetran/http/attempt.ts';
import { closeAtEnd } from '../../../harness/cleanup.ts';
import { virtualClock } from '../../../harness/virtual-clock.ts';
import type { Fault } from '../../../sandbox/faults.mjs';
import { CREATE, READ, sandboxOn, sending, sessionWith } from './session.ts';

/** Sends one request with this fault. */
async function sendInto(
  fault: Fault,
  { timeoutSeconds = 30, ...request }: Partial<Request<unknown>> & { timeoutSeconds?: number } = {},
) {
  const clock = virtualClock();
  const sandbox = await sandboxOn(clock, { faults: [fault] });
  const session = sessionWith(sandbox.url, clock, { timeoutSeconds });
  return { ...(await sending(session, { ...CREATE, ...request })), sandbox };
}

describe('the time limit of a request', () => {
  test.each<[string, Fault]>([
    ['without an answer', { kind: 'hang' }],
    ['with an answer that trickles in and does not end', { kind: 'drip', ms: 10 }],
    ['with an answer that comes too late', { kind: 'slow', ms: 60_000 }],
  ])('ends one %s, and names the input', async (_, fault) => {
    const { kind, error, message } = await sendInto(fault, { timeoutSeconds: 0.2 });
    expect(kind).toBe('unknown');
    expect(error).toMatchObject({ shortReason: 'no response' });
    expect(message).toBe(
      'Could not create the connection: no complete response within 0.2 s (request_timeout_seconds). ' +
        'Slow setup tests may need more.',
    );
  });

  test('can be set per request', async () => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock, { faults: [{ kind: 'hang' }] });
    const session = sessionWith(sandbox.url, clock, { timeoutSeconds: 60 });
    const { message } = await sending(session, { ...CREATE, timeoutSeconds: 0.1 });
    expect(message).toBe('Could not create the connection: no complete response within 0.1 s.');
  });

  test('can be longer than the input', async () => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock, { faults: [{ kind: 'slow', ms: 300 }] });
    const session = sessionWith(sandbox.url, clock, { timeoutSeconds: 0.1 });
    expect(await sending(session, { ...CREATE, timeoutSeconds: 60 })).toMatchObject({
      kind: 'answered',
    });
  });

  test('can exceed the maximum of timers', async () => {
    expect(await sendInto({ kind: 'slow', ms: 5 }, { timeoutSeconds: 1e9 })).toMatchObject({
      kind: 'answered',
    });
  });

  test('ends at the deadline at the latest', async () => {
    const { kind, message } = await sendInto({ kind: 'hang' }, { deadline: 150 });
    expect(kind).toBe('unknown');
    expect(message).toMatch(
      /no complete response within 0\.2 s, when the time limit \(sync_timeout_minutes\) was reached\.$/,
    );
  });

  test('does not interrupt a slow but complete answer', async () => {
    expect((await sendInto({ kind: 'drip', ms: 0 })).kind).toBe('answered');
    expect((await sendInto({ kind: 'slow', ms: 1 })).kind).toBe('answered');
  });
});

describe('an answer', () => {
  test('is read up to 8 MB', async () => {
    const { kind, message } = await sendInto({ kind: 'huge' });
    expect(kind).toBe('unknown');
    expect(message).toMatch(/^Could not create the connection: .*longer than 8 MB/);
  });

  test('of just under 8 MB is read', async () => {
    const padding = 'x'.repeat(8 * 1024 * 1024 - 100);
    const body = { code: 'Success', data: { id: 'vivid_umbrella', padding } };
    expect((await sendInto({ kind: 'status', status: 201, body })).kind).toBe('answered');
  });
});

describe('a redirect', () => {
  async function startTarget() {
    let count = 0;
    const server = createServer((_, response) => {
      count += 1;
      response.end('{"code":"Success","data":{"id":"stolen"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
    closeAtEnd({ close });
    return { url: `http://127.0.0.1:${port}/v1/connections`, count: () => count };
  }

  test.each([301, 302, 303, 307, 308])('with %i is not followed', async (status) => {
    const target = await startTarget();
    const { kind, message, sandbox } = await sendInto({
      kind: 'redirect',
      status,
      location: target.url,
    });
    expect(kind).toBe('unknown');
    expect(message).toMatch(new RegExp(`answered ${status}, a redirect.*check api_url`));
    expect(message).not.toContain(target.url);
    expect(target.count()).toBe(0);
    expect(sandbox.requests).toHaveLength(1);
  });

  test('to the same server is not followed either', async () => {
    const { kind, sandbox } = await sendInto({ kind: 'redirect' });
    expect(kind).toBe('unknown');
    expect(sandbox.requests).toHaveLength(1);
  });
});

describe('a request', () => {
  const sent = async (request: Request<unknown>) => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock);
    await sending(sessionWith(sandbox.url, clock), request);
    return sandbox.requests[0];
  };

  test.each([
    [2, 'application/json;version=2'],
    [1, 'application/json'],
  ] as const)('asks for version %i of the API with Accept: %s', async (apiVersion, accept) => {
    expect(await sent({ ...READ, apiVersion })).toMatchObject({ headers: { accept } });
  });

  test('sends its body unchanged, as JSON', async () => {
    const body = '{"group_id":"decent_dropsy","service":"15five","paused":true}';
    const request = await sent({ ...CREATE, body });
    expect(request).toMatchObject({ body: JSON.parse(body) });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(body.length),
    });
    expect(await sent(READ)).not.toHaveProperty('headers.content-type');
  });

  test('does not keep its connection alive', async () => {
    expect(await sent(READ)).toMatchObject({ headers: { connection: 'close' } });
  });
});
