import { type Fault, type FaultKind, faultQueue } from '../faults.mjs';
import type { SandboxOptions } from '../sandbox.mjs';
import { BODY, closeAll, open as openSandbox, PATH, serverClock } from './open.ts';

afterEach(closeAll);

async function open(fault: Fault, options: SandboxOptions = {}) {
  const { sandbox, call } = await openSandbox({ ...options, faults: [fault] });
  return { sandbox, create: () => call('POST', PATH, BODY) };
}

/** Which of these requests the fault applies to. */
function affected(fault: Omit<Fault, 'kind'>, ...requests: [string, string][]) {
  const queue = faultQueue([{ kind: 'reset', ...fault }]);
  return requests.map(([method, path]) => queue.take({ method, path }) !== undefined);
}

describe('a fault applies', () => {
  const get: [string, string] = ['GET', PATH];

  test('to the first matching request by default, or to the ones it names', () => {
    expect(affected({}, get, get)).toEqual([true, false]);
    expect(affected({ nth: 2 }, get, get, get)).toEqual([false, true, false]);
    expect(affected({ nth: [1, 3] }, get, get, get)).toEqual([true, false, true]);
    expect(affected({ nth: 'all' }, get, get)).toEqual([true, true]);
  });

  test('by method and path, and counts only the requests that match', () => {
    expect(affected({ method: 'POST', nth: 2 }, ['POST', PATH], get, ['POST', PATH])).toEqual([
      false,
      false,
      true,
    ]);
    const test: [string, string] = ['POST', `${PATH}/some_id/test`];
    expect(affected({ path: `${PATH}/{id}/test` }, ['POST', `${PATH}/a/sync`], test)).toEqual([
      false,
      true,
    ]);
    expect(affected({ path: `${PATH}/{id}` }, test, ['GET', `${PATH}/a`])).toEqual([false, true]);
    expect(affected({ path: PATH }, test, get)).toEqual([false, true]);
    expect(affected({ path: `${PATH}/*` }, get, test)).toEqual([false, true]);
  });

  test('before the faults that were added after it', () => {
    const queue = faultQueue([{ kind: 'reset' }]);
    queue.add({ kind: 'hang' });
    const request = { method: 'GET', path: PATH };
    expect(queue.take(request)?.kind).toBe('reset');
    expect(queue.take(request)).toBeUndefined();
  });

  test('only if its kind is known', () => {
    expect(() => faultQueue([{ kind: 'rest' as FaultKind }])).toThrow("Unknown fault 'rest'");
  });
});

describe('a request without a complete answer', () => {
  test.each([
    ['reset', 'before', 0],
    ['reset', 'after', 1],
    ['cut', 'after', 1],
  ] as const)('%s (%s processing)', async (kind, when, count) => {
    const { sandbox, create } = await open({ kind, when });
    await expect(create()).rejects.toThrow();
    expect(sandbox.connections).toHaveLength(count);
    expect(sandbox.requests).toHaveLength(1);
    expect(await create()).toMatchObject({ status: count ? 409 : 201 });
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('hang (%s processing)', async (when, count) => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { sandbox, create } = await open({ kind: 'hang', when }, { log: () => arrived() });
    const answer = create().catch(() => 'none');
    await arrival;
    expect(sandbox.connections).toHaveLength(count);
    await sandbox.close();
    expect(await answer).toBe('none');
    expect(sandbox.requests[0]?.status).toBeUndefined();
  });
});

describe('a substitute answer', () => {
  test.each<[FaultKind, Partial<Fault>, number, string | RegExp]>([
    ['status', { status: 503 }, 503, /^{"code":"Fault_503"/],
    ['status', { status: 418, body: { tea: true } }, 418, '{"tea":true}'],
    ['rate-limit', {}, 429, /^{"code":"Fault_429"/],
    ['html', {}, 200, /^<!DOCTYPE html>/],
    ['html', { status: 504, body: '<p>' }, 504, '<p>'],
    ['invalid-json', {}, 200, /^{"code": "Success", .*oops/],
    ['empty', { status: 502 }, 502, ''],
    ['redirect', { location: 'http://127.0.0.1:9/x' }, 307, ''],
  ])('of kind %s with %j', async (kind, more, status, text) => {
    for (const [when, count] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      const { sandbox, create } = await open({ kind, when, ...more });
      const reply = await create();
      expect(reply.status).toBe(status);
      expect(reply.text).toEqual(typeof text === 'string' ? text : expect.stringMatching(text));
      expect(sandbox.connections).toHaveLength(count);
      expect(sandbox.requests[0]?.status).toBe(status);
    }
  });

  test('has the headers that the fault sets', async () => {
    const limited = await open({ kind: 'rate-limit', headers: { 'Retry-After': '7' } });
    expect((await limited.create()).headers.get('retry-after')).toBe('7');
    const bare = await open({ kind: 'rate-limit' });
    expect((await bare.create()).headers.get('retry-after')).toBeNull();
    const moved = await open({ kind: 'redirect', location: 'http://127.0.0.1:9/x' });
    expect((await moved.create()).headers.get('location')).toBe('http://127.0.0.1:9/x');
  });

  test('of kind huge is more than 8 MB of valid JSON', async () => {
    const { create } = await open({ kind: 'huge' });
    const { text, data } = await create();
    expect(text.length).toBeGreaterThan(8 * 1024 * 1024);
    expect(data.padding.replaceAll('x', '')).toBe('');
  });
});

describe('the real answer', () => {
  test.each<[FaultKind, number]>([
    ['drip', 0],
    ['slow', 1],
    ['skew', -7_200_000],
  ])('arrives despite %s', async (kind, ms) => {
    const { sandbox, create } = await open({ kind, ms });
    expect(await create()).toMatchObject({ status: 201, data: { id: sandbox.connections[0]?.id } });
  });

  test('has the wrong Date once with skew', async () => {
    const { create } = await open({ kind: 'skew', ms: -7_200_000 });
    const date = async () => Date.parse((await create()).headers.get('date') ?? '');
    expect(await date()).toBeLessThan(Date.now() - 3_600_000);
    expect(await date()).toBeGreaterThan(Date.now() - 3_600_000);
  });

  test.each<[FaultKind, RegExp]>([
    ['cut-json', /^{"code":"Success","data":{.*[^}]$/],
    ['empty', /^$/],
    ['no-id', /"group_id":"decent_dropsy"/],
  ])('has no readable id with %s', async (kind, text) => {
    const { sandbox, create } = await open({ kind });
    const reply = await create();
    expect(reply).toMatchObject({ status: 201, text: expect.stringMatching(text) });
    expect(reply.data?.id).toBeUndefined();
    expect(sandbox.connections).toHaveLength(1);
  });
});

test('a late create is answered at once, and takes effect by the clock of the server', async () => {
  const clock = serverClock();
  const late: Fault = { method: 'POST', path: PATH, kind: 'status', status: 503, lateMs: 5000 };
  const { sandbox, call } = await openSandbox({ now: clock.now, faults: [late] });
  expect((await call('POST', PATH, BODY)).status).toBe(503);
  clock.advance(4);
  expect(sandbox.connections).toEqual([]);
  clock.advance(20);
  const { data } = await call('GET', PATH);
  expect(data.items).toMatchObject([{ schema: 'a' }]);
  expect(data.items[0].created_at).toMatch(/^2026-01-05T12:00:05/);
});

test('a late request that is still waiting can be settled', async () => {
  const { sandbox, create } = await open({ kind: 'reset', lateMs: 60_000 });
  await expect(create()).rejects.toThrow();
  expect(sandbox.connections).toEqual([]);
  sandbox.settle();
  expect(sandbox.connections).toHaveLength(1);
});

test('a list can lag behind the connections that were created', async () => {
  const clock = serverClock();
  const { call } = await openSandbox({
    now: clock.now,
    listLagMs: 8000,
    connections: [{ id: 'old' }],
  });
  await call('POST', PATH, BODY);
  const listed = async () => (await call('GET', PATH)).data.items.length;
  expect(await listed()).toBe(1);
  clock.advance(8);
  expect(await listed()).toBe(2);
});
