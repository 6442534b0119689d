import './no-dns.ts';
import { FivetranError } from '../../../../src/fivetran/http/errors.ts';
import { proxyProblem } from '../../../../src/vendor/proxy.ts';
import { closeAtEnd } from '../../../harness/cleanup.ts';
import { virtualClock } from '../../../harness/virtual-clock.ts';
import { startProxy } from '../../../sandbox/proxy.mjs';
import { selfSigned } from '../../../sandbox/self-signed.mjs';
import { CREATE, sandboxOn, sending, sessionWith } from './session.ts';

const variables = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
];
const before = variables.map((name) => [name, process.env[name]] as const);

beforeEach(() => {
  for (const name of variables) delete process.env[name];
});
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const HOST = 'api.fivetran.test';

/** The result of a create through a proxy, to a sandbox with an untrusted certificate. */
async function createThrough({
  status = 200,
  timeoutSeconds = 30,
  proxyTls,
  env,
}: {
  status?: number | 'never';
  timeoutSeconds?: number;
  proxyTls?: { key: string; cert: string };
  env: (proxyUrl: string) => Record<string, string>;
}) {
  const clock = virtualClock();
  const sandbox = await sandboxOn(clock, { tls: selfSigned(HOST) });
  const port = Number(new URL(sandbox.url).port);
  const proxy = closeAtEnd(await startProxy({ port, status, tls: proxyTls }));
  Object.assign(process.env, env(proxy.url));
  const session = sessionWith(`https://${HOST}`, clock, { timeoutSeconds });
  const { error, lines } = await sending(session, CREATE);
  expect(error).toBeInstanceOf(FivetranError);
  expect(error).toMatchObject({ shortReason: 'no connection to Fivetran' });
  expect(sandbox.requests).toEqual([]);
  const said = [...lines, String(error)].join('\n');
  return { said, connects: proxy.connects, tries: clock.sleeps.length + 1 };
}

test.each([
  [407, 1],
  [403, 1],
  [404, 1],
  [429, 4],
  [502, 4],
  [503, 4],
])('a proxy that answers %i is named in the error, after tries: %i', async (status, tries) => {
  const env = (url: string) => ({ HTTPS_PROXY: url });
  const { said, ...run } = await createThrough({ status, env });
  expect(said).toMatch(
    new RegExp(`the proxy did not open a tunnel to ${HOST} \\(.*${status}\\)\\. Check HTTPS_PROXY`),
  );
  expect(run.connects).toHaveLength(tries);
  expect(run.tries).toBe(tries);
});

test('a silent proxy fails after the request timeout', async () => {
  const { said } = await createThrough({
    status: 'never',
    timeoutSeconds: 0.2,
    env: (url) => ({ HTTPS_PROXY: url }),
  });
  expect(said).toMatch(/Could not create the connection: no connection to .* within 0\.2 s/);
});

test('a proxy whose certificate is for the API is rejected, once', async () => {
  const { said, connects, tries } = await createThrough({
    proxyTls: selfSigned(HOST),
    env: (url) => ({ HTTPS_PROXY: url }),
  });
  expect(said).toMatch(/the proxy did not open a tunnel to .*certificate.*NODE_EXTRA_CA_CERTS/);
  expect([connects, tries]).toEqual([[], 1]);
});

test('a proxy password is not printed when it is rejected', async () => {
  const { said, connects } = await createThrough({
    status: 407,
    env: (url) => ({ HTTPS_PROXY: url.replace('//', '//robot:hu%40sh%20hush@') }),
  });
  const token = Buffer.from('robot:hu@sh hush').toString('base64');
  expect(connects[0]?.headers['proxy-authorization']).toBe(`Basic ${token}`);
  expect(said).toMatch(/407/);
  for (const form of ['hu@sh hush', 'hu%40sh', token]) expect(said).not.toContain(form);
});

test('an unreachable proxy is named in the error', async () => {
  const { said } = await createThrough({
    env: () => ({ HTTPS_PROXY: 'http://robot:hushhush@proxy.invalid:3128' }),
  });
  expect(said).toMatch(
    new RegExp(`the proxy did not open a tunnel to ${HOST} \\(.*proxy\\.invalid`),
  );
  expect(said).not.toContain('hushhush');
});

test.each([HOST, 'fivetran.test', '.test', '*', `elsewhere.test, ${HOST}:443`])(
  'NO_PROXY=%s bypasses the proxy',
  async (NO_PROXY) => {
    const { said, connects } = await createThrough({
      env: (url) => ({ HTTPS_PROXY: url, NO_PROXY }),
    });
    expect(said).toMatch(new RegExp(`the name ${HOST.replaceAll('.', '\\.')} does not resolve`));
    expect(connects).toEqual([]);
  },
);

test('an untrusted certificate behind a proxy is reported after one try', async () => {
  const { said, connects } = await createThrough({
    env: (url) => ({ https_proxy: url, NO_PROXY: 'elsewhere.test' }),
  });
  expect(said).toMatch(/TLS with api\.fivetran\.test failed .*NODE_EXTRA_CA_CERTS/);
  expect(connects).toHaveLength(1);
});

test('a proxy can be an address without a scheme', async () => {
  const { connects } = await createThrough({
    env: (url) => ({ HTTPS_PROXY: url.replace('http://', '') }),
  });
  expect(connects).toHaveLength(1);
});

describe('a proxy setting that cannot be read', () => {
  const unreadable: [string, RegExp][] = [
    ['http://robot:p%ssw0rd@proxy.test:8080', /percent-encoded/],
    ['http://rob%zzot@proxy.test', /percent-encoded/],
    ['https://robot:%E4@proxy.test', /percent-encoded/],
    ['socks5://robot:hushhush@proxy.test:1080', /only http and https/],
    ['socks4a://proxy.test', /only http and https/],
    ['ftp://proxy.test', /only http and https/],
    ['proxy.test:3128', /only http and https/],
    ['robot:hushhush@proxy.test:3128', /only http and https/],
    ['http://proxy.test:port', /not a valid URL/],
    ['http://', /not a valid URL/],
    ['http://robot:hush/hush@proxy.test:3128', /not a valid URL/],
    ['proxy test:3128', /not a valid URL/],
  ];

  test.each(unreadable)('is an error before anything is sent: %s', async (value, problem) => {
    const { said, tries, connects } = await createThrough({ env: () => ({ HTTPS_PROXY: value }) });
    expect(said).toMatch(
      /Could not create the connection: the proxy in HTTPS_PROXY cannot be used/,
    );
    expect(said).toMatch(problem);
    expect(said).not.toMatch(/hush|robot|proxy\.test|does not resolve/);
    expect([tries, connects]).toEqual([1, []]);
  });

  test.each([
    ['https://api.test', { https_proxy: 'socks5://p' }, 'https_proxy'],
    ['https://api.test', { HTTPS_PROXY: 'http://p', https_proxy: 'socks5://p' }, 'https_proxy'],
    ['http://api.test', { HTTP_PROXY: 'socks5://p' }, 'HTTP_PROXY'],
    ['http://api.test', { http_proxy: 'socks5://p', HTTP_PROXY: 'http://p' }, 'http_proxy'],
    ['https://api.test', { HTTP_PROXY: 'socks5://p' }, undefined],
    ['http://api.test', { HTTPS_PROXY: 'socks5://p' }, undefined],
    ['https://api.test', { HTTPS_PROXY: 'socks5://p', https_proxy: 'http://p' }, undefined],
    ['http://127.0.0.1:8080', { HTTP_PROXY: 'socks5://p' }, undefined],
    ['https://api.test', { HTTPS_PROXY: '' }, undefined],
    ['https://api.test', { HTTPS_PROXY: 'HTTP://user:a%20b@[::1]:3128' }, undefined],
  ])('for %s and %j is blamed on %s', (url, env, variable) => {
    Object.assign(process.env, env);
    const problem = proxyProblem(new URL(url));
    expect(problem?.match(/in (\w+) cannot/)?.[1]).toBe(variable);
  });

  test('does not affect hosts in NO_PROXY', async () => {
    const { said } = await createThrough({
      env: () => ({ HTTPS_PROXY: 'socks5://proxy.test', NO_PROXY: HOST }),
    });
    expect(said).toMatch(/does not resolve/);
  });
});
