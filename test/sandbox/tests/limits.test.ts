import type { LimitedKind } from '../limits.mjs';
import type { SandboxOptions } from '../sandbox.mjs';
import { BODY, closeAll, open, PATH, serverClock } from './open.ts';

afterEach(closeAll);

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** An account with these limits and one postgres connection, on a clock of its own. */
async function account(limits: NonNullable<SandboxOptions['limits']>) {
  const clock = serverClock();
  const { sandbox, call } = await open({
    limits,
    now: clock.now,
    connections: [{ id: 'pg', service: 'postgres', schema: 'pg', selection: {} }],
  });
  const requests = {
    create: () => call('POST', PATH, { ...BODY, config: {} }),
    'create without tests': () =>
      call('POST', PATH, { ...BODY, config: {}, run_setup_tests: false }),
    test: () => call('POST', `${PATH}/pg/test`, {}),
    update: () => call('PATCH', `${PATH}/pg`, { paused: false }),
    'update without tests': () =>
      call('PATCH', `${PATH}/pg`, { paused: false, run_setup_tests: false }),
    reload: () => call('POST', `${PATH}/pg/schemas/reload`, {}),
    columns: () => call('GET', `${PATH}/pg/schemas/public/tables/users/columns`),
    read: () => call('GET', `${PATH}/pg`),
  };
  type Kind = keyof typeof requests;
  /** Sends requests one after the other until one is refused. */
  const untilRefused = async (kind: Kind, most: number) => {
    for (let sent = 0; sent <= most; sent += 1) {
      const { status, headers } = await requests[kind]();
      if (status === 429) return { sent, after: Number(headers.get('retry-after')) };
    }
    return { sent: most + 1, after: 0 };
  };
  return {
    sandbox,
    requests,
    untilRefused,
    pass: clock.advance,
  };
}

type Kind = Parameters<Awaited<ReturnType<typeof account>>['untilRefused']>[0];

/** Each kind of request is held to the windows of everything that it does. */
test.each<[Kind, LimitedKind[]]>([
  ['create', ['creates', 'setupTests', 'sourceInteractions', 'requests']],
  ['create without tests', ['creates', 'requests']],
  ['test', ['setupTests', 'sourceInteractions', 'requests']],
  ['update', ['setupTests', 'sourceInteractions', 'requests']],
  ['update without tests', ['requests']],
  ['reload', ['sourceInteractions', 'requests']],
  ['columns', ['sourceInteractions', 'requests']],
  ['read', ['requests']],
])('%s counts as %j', async (kind, counted) => {
  for (const limited of ['creates', 'setupTests', 'sourceInteractions', 'requests'] as const) {
    const { untilRefused } = await account([{ of: limited, count: 2, seconds: 60 }]);
    const refused = counted.includes(limited) ? { sent: 2, after: 60 } : { sent: 3, after: 0 };
    expect(await untilRefused(kind, 2)).toEqual(refused);
  }
});

test('a wait ends when the oldest request leaves the window, in whole seconds', async () => {
  const { requests, pass } = await account([{ of: 'creates', count: 2, seconds: 10 }]);
  await requests.create();
  pass(3.4);
  await requests.create();
  const refused = await requests.create();
  expect(refused.headers.get('retry-after')).toBe('7');
  pass(6.5);
  expect((await requests.create()).headers.get('retry-after')).toBe('1');
  pass(0.1);
  expect((await requests.create()).status).toBe(201);
  expect((await requests.create()).headers.get('retry-after')).toBe('4');
});

test('a refused request counts in no window and changes nothing', async () => {
  const { sandbox, requests, pass } = await account([
    { of: 'creates', count: 1, seconds: 10 },
    { of: 'setupTests', count: 2, seconds: 60 },
  ]);
  await requests.create();
  for (let refused = 0; refused < 5; refused += 1) await requests.create();
  expect(sandbox.connections).toHaveLength(2);
  expect((await requests.test()).status).toBe(200);
  pass(10);
  const last = await requests.create();
  expect(last).toMatchObject({ status: 429, code: 'TooManyRequests' });
  expect(last.headers.get('retry-after')).toBe('50');
});

test('longer windows hold when the shorter ones have room again', async () => {
  const { requests, untilRefused, pass } = await account('trial');
  for (let minute = 0; minute < 10; minute += 1) {
    expect((await requests.create()).status).toBe(201);
    pass(MINUTE);
  }
  expect(await untilRefused('create', 1)).toEqual({ sent: 0, after: 24 * HOUR - 10 * MINUTE });
});
