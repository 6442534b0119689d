import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request } from '../../src/fivetran/attempt.ts';
import { send } from '../../src/fivetran/send.ts';
import { closeAll, closing, lineTo, sandboxOn } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { virtualClock } from '../virtual-clock.ts';

afterEach(closeAll);

const READ: Request<object> = {
  method: 'POST',
  path: '/v1/connections',
  body: { group_id: 'decent_dropsy', service: '15five', config: { schema: 'crm' } },
  purpose: 'create the connection',
  read: (data) => (typeof data === 'object' && data && 'id' in data ? data : undefined),
};

/** Sends one request that this fault befalls. */
async function sendInto(fault: Fault, timeoutSeconds = 30) {
  const clock = virtualClock();
  const sandbox = await sandboxOn(clock, { faults: [fault] });
  const line = lineTo(sandbox, clock, { timeoutSeconds });
  const outcome = await send(line, READ, false, () => {});
  const message = outcome.kind === 'answered' ? '' : outcome.error.message;
  return { kind: outcome.kind, message, sandbox };
}

describe('the time of a request', () => {
  test.each<[string, Fault]>([
    ['no answer', { kind: 'hang' }],
    ['an answer that never pauses for long, but does not end', { kind: 'drip', ms: 10 }],
    ['an answer that comes too late', { kind: 'slow', ms: 60_000 }],
  ])('ends while there is %s', async (_, fault) => {
    const { kind, message } = await sendInto(fault, 0.2);
    expect(kind).toBe('unknown');
    expect(message).toBe('Could not create the connection: no complete answer within 0.2 s.');
  });

  test('is not up while an answer that comes slowly can still end', async () => {
    expect((await sendInto({ kind: 'drip', ms: 0 })).kind).toBe('answered');
    expect((await sendInto({ kind: 'slow', ms: 1 })).kind).toBe('answered');
  });
});

test('an answer is read to 8 MB and no further', async () => {
  const { kind, message } = await sendInto({ kind: 'huge' });
  expect(kind).toBe('unknown');
  expect(message).toMatch(/^Could not create the connection: .*longer than 8 MB/);
});

test('an answer of just under 8 MB is read', async () => {
  const padding = 'x'.repeat(8 * 1024 * 1024 - 100);
  const body = { code: 'Success', data: { id: 'vivid_umbrella', padding } };
  expect((await sendInto({ kind: 'status', status: 201, body })).kind).toBe('answered');
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
    closing({ close });
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
    expect(message).toMatch(new RegExp(`answered ${status}, a redirect.*api_url`));
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

describe('an answer that is no answer of Fivetran', () => {
  test.each<[Fault, RegExp]>([
    [{ kind: 'html' }, /answered 200 with .*: Service temporarily unavailable\.$/],
    [{ kind: 'html', status: 502 }, /answered 502: Service temporarily unavailable\.$/],
    [{ kind: 'html', status: 504, body: '<p>Gateway&nbsp;' }, /answered 504: Gateway/],
    [{ kind: 'empty', status: 200 }, /answered 200 with nothing in it\.$/],
    [{ kind: 'empty', status: 503 }, /answered 503\.$/],
    [{ kind: 'empty' }, /answered 201 with nothing in it\.$/],
    [
      { kind: 'cut-json' },
      /answered 201 with what is not usable JSON.*: \{"code":"Success","data"/,
    ],
    [{ kind: 'invalid-json' }, /answered 200 with what is not usable JSON.*: \{"code": "Success"/],
    [{ kind: 'no-id' }, /answered 201 with what is not usable JSON.*: \{"code":"Success"/],
    [{ kind: 'status', status: 200, body: '[]' }, /answered 200 with .*: \[\]\.$/],
    [{ kind: 'status', status: 200, body: 'null' }, /answered 200 with .*: null\.$/],
    [{ kind: 'status', status: 500, body: 'Out of order' }, /answered 500: Out of order\.$/],
    [{ kind: 'cut' }, /answered 201.*\{"code":"Success"/],
    [{ kind: 'reset' }, /the connection broke before the answer was complete \(.+\)\.$/],
  ])('is told by its status and its first words: %j', async (fault, words) => {
    const { kind, message } = await sendInto(fault);
    expect(kind).toBe('unknown');
    expect(message).toMatch(words);
    expect(message).toMatch(/^Could not create the connection: /);
  });

  test('is a refusal when its status says so', async () => {
    const { kind, message } = await sendInto({ kind: 'html', status: 403 });
    expect(kind).toBe('rejected');
    expect(message).toMatch(/answered 403: Service temporarily unavailable\. Check that the role/);
  });

  test('is told in one line of bounded length, without markup, scripts or secrets', async () => {
    const body = `<html><head><title>no</title></head><script>alert(1)</script><p>Down\n\nfor</p>
      ${'maintenance '.repeat(5000)}`;
    const { message } = await sendInto({ kind: 'html', status: 500, body });
    expect(message).toMatch(/answered 500: Down for maintenance /);
    expect(message).not.toMatch(/\n|<|alert/);
    expect(message.length).toBeLessThan(500);
    const secret = { code: 'Success', data: { connect_card: { token: 'eyJhbGci', x: 1 } } };
    const { message: safe } = await sendInto({ kind: 'status', status: 200, body: secret });
    expect(safe).toMatch(/answered 200 .*connect_card/);
    expect(safe).not.toContain('eyJhbGci');
  });
});
