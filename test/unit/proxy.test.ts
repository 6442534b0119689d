import { FivetranError } from '../../src/fivetran/errors.ts';
import { send } from '../../src/fivetran/send.ts';
import { closeAll, closing, lineTo, sandboxOn } from '../fault-run.ts';
import { startProxy } from '../sandbox/proxy.mjs';
import { selfSigned } from '../sandbox/self-signed.mjs';
import { virtualClock } from '../virtual-clock.ts';

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
const before = VARIABLES.map((name) => [name, process.env[name]] as const);

beforeEach(() => {
  for (const name of VARIABLES) delete process.env[name];
});
afterEach(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await closeAll();
});

const HOST = 'api.fivetran.test';

/** A sandbox behind TLS that nobody trusts, a proxy before it, and what a create comes to. */
async function createThrough({
  status = 200,
  timeoutSeconds = 30,
  env,
}: {
  status?: number | 'never';
  timeoutSeconds?: number;
  env: (proxyUrl: string) => Record<string, string>;
}) {
  const clock = virtualClock();
  const sandbox = await sandboxOn(clock, { tls: selfSigned(HOST) });
  const port = Number(new URL(sandbox.url).port);
  const proxy = closing(await startProxy({ port, status }));
  Object.assign(process.env, env(proxy.url));
  const lines: string[] = [];
  const settled = send(
    lineTo({ url: `https://${HOST}`, apiKey: 'k', apiSecret: 's' }, clock, { timeoutSeconds }),
    {
      method: 'POST',
      path: '/v1/connections',
      body: { group_id: 'decent_dropsy', service: '15five' },
      purpose: 'create the connection',
      read: (data) => data,
    },
    false,
    (line) => lines.push(line),
  );
  const outcome = await settled.catch((error: unknown) => ({ kind: 'thrown' as const, error }));
  const error = outcome.kind === 'answered' ? undefined : outcome.error;
  expect(error).toBeInstanceOf(FivetranError);
  expect(sandbox.requests).toEqual([]);
  const said = [...lines, String(error)].join('\n');
  return { said, connects: proxy.connects, tries: clock.sleeps.length + 1 };
}

test.each([407, 403, 502])('a proxy that answers %i is named as what to check', async (status) => {
  const env = (url: string) => ({ HTTPS_PROXY: url });
  const { said, connects, tries } = await createThrough({ status, env });
  expect(said).toMatch(
    new RegExp(`the proxy opened no tunnel to ${HOST} \\(.*${status}\\)\\. Check HTTPS_PROXY`),
  );
  expect(connects).toHaveLength(4);
  expect(tries).toBe(4);
});

test('a proxy that says nothing is not waited for longer than a request may take', async () => {
  const { said } = await createThrough({
    status: 'never',
    timeoutSeconds: 0.2,
    env: (url) => ({ HTTPS_PROXY: url }),
  });
  expect(said).toMatch(/Could not create the connection: .*0\.2 s/);
});

test('a proxy that refuses the password does not get it printed', async () => {
  const { said, connects } = await createThrough({
    status: 407,
    env: (url) => ({ HTTPS_PROXY: url.replace('//', '//robot:hu%40sh%20hush@') }),
  });
  const token = Buffer.from('robot:hu@sh hush').toString('base64');
  expect(connects[0]?.headers['proxy-authorization']).toBe(`Basic ${token}`);
  expect(said).toMatch(/407/);
  for (const form of ['hu@sh hush', 'hu%40sh', token]) expect(said).not.toContain(form);
});

test('a proxy that can not be reached is named as what to check', async () => {
  const { said } = await createThrough({
    env: () => ({ HTTPS_PROXY: 'http://robot:hushhush@proxy.invalid:3128' }),
  });
  expect(said).toMatch(new RegExp(`the proxy opened no tunnel to ${HOST} \\(.*proxy\\.invalid`));
  expect(said).not.toContain('hushhush');
});

test.each([HOST, 'fivetran.test', '.test', '*', `elsewhere.test, ${HOST}:443`])(
  'NO_PROXY=%s goes past the proxy, and the name does not resolve',
  async (NO_PROXY) => {
    const { said, connects } = await createThrough({
      env: (url) => ({ HTTPS_PROXY: url, NO_PROXY }),
    });
    expect(said).toMatch(new RegExp(`the name ${HOST.replaceAll('.', '\\.')} does not resolve`));
    expect(connects).toEqual([]);
  },
);

test('a certificate that nobody trusts is told through a proxy too', async () => {
  const { said, connects } = await createThrough({
    env: (url) => ({ https_proxy: url, NO_PROXY: 'elsewhere.test' }),
  });
  expect(said).toMatch(/TLS with api\.fivetran\.test failed .*NODE_EXTRA_CA_CERTS/);
  expect(connects).toHaveLength(4);
});
