import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testWithSignals } from '../harness/cancelling.ts';
import { closeAtEnd, temporaryFolder } from '../harness/cleanup.ts';
import { on } from '../harness/faults.ts';
import { annotated, failureOf, visible } from '../harness/reading.ts';
import { runBuiltStep, startBuiltStep } from '../harness/run-built-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import { startProxy } from '../sandbox/proxy.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';
import { selfSigned } from '../sandbox/self-signed.mjs';

const host = 'api.fivetran.test';
const { key, cert } = selfSigned(host);
/** The certificate of a proxy, which is not valid for the API. */
const proxyTls = selfSigned('proxy.test');
const NODE_EXTRA_CA_CERTS = join(temporaryFolder(), 'ca.pem');
writeFileSync(NODE_EXTRA_CA_CERTS, cert + proxyTls.cert);

type Network = SandboxOptions & {
  credentials?: string;
  proxyStatus?: number | 'never';
  proxyTls?: { key: string; cert: string };
  /** How the step calls the proxy. */
  named?: (url: string) => string;
  onConnect?: () => void;
};

/** A step in a network with a proxy as the only way out, to a sandbox with a name like Fivetran's. */
async function startBehindProxy(network: Network = {}) {
  const {
    credentials = '',
    proxyStatus = 200,
    proxyTls,
    onConnect = () => {},
    named = (url) => url,
    ...options
  } = network;
  const sandbox = await openSandbox({ ...options, tls: { key, cert } });
  const port = Number(new URL(sandbox.url).port);
  const proxy = closeAtEnd(
    await startProxy({ port, status: proxyStatus, tls: proxyTls, onConnect }),
  );
  const HTTPS_PROXY = named(proxy.url).replace('//', `//${credentials}`);
  const step = await startBuiltStep(
    { inputs: { api_url: `https://${host}` }, env: { HTTPS_PROXY, NODE_EXTRA_CA_CERTS } },
    { sandbox },
  );
  return { ...step, proxy };
}

test('all requests go through the proxy, each in its own tunnel', async () => {
  const { done, proxy } = await startBehindProxy({ scenario: 'incomplete-once' });
  const run = await done;
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({
    connection_id: run.ids[0],
    result: 'created',
    setup_state: 'connected',
  });
  expect(run.sent).toEqual(['create', 'test']);
  expect(proxy.connects.map(({ target }) => target)).toEqual([`${host}:443`, `${host}:443`]);
  const { authorization } = run.requests[0]?.headers ?? {};
  expect(authorization).toMatch(/^Basic ./);
  for (const { headers } of proxy.connects) {
    expect(Object.values(headers)).not.toContain(authorization);
    expect(headers).not.toHaveProperty('proxy-authorization');
  }
  expect(run.log).not.toMatch(/Deprecat/);
});

test('the user and password of a proxy URL are sent to the proxy and not logged', async () => {
  const { done, proxy } = await startBehindProxy({ credentials: 'robot:hu%40sh%20hush@' });
  const run = await done;
  expect(run.exitCode).toBe(0);
  const token = Buffer.from('robot:hu@sh hush').toString('base64');
  expect(proxy.connects.map(({ headers }) => headers['proxy-authorization'])).toEqual([
    `Basic ${token}`,
  ]);
  for (const form of ['hu@sh', 'hu%40sh', token]) expect(visible(run)).not.toContain(form);
  expect(run.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  // Node.js warns about an API that the tunnel uses, which does not help users.
  expect(run.log).not.toMatch(/Deprecat/);
});

test.each([
  ['an address', (url: string) => url],
  ['a name', (url: string) => url.replace('127.0.0.1', 'localhost')],
])('the certificate of an https proxy is checked against its own name: %s', async (_, named) => {
  const { done, proxy } = await startBehindProxy({ proxyTls, named });
  const run = await done;
  expect(run.exitCode).toBe(0);
  expect(run.sent).toEqual(['create']);
  expect(proxy.connects.map(({ target }) => target)).toEqual([`${host}:443`]);
});

test('a create whose answer breaks off inside TLS is looked up, not sent again', async () => {
  let garble = () => {};
  const { done, proxy } = await startBehindProxy({
    faults: [on('create', { kind: 'hang', when: 'after' })],
    log: (line) => {
      if (line.includes('fault hang')) garble();
    },
  });
  garble = proxy.garble;
  const run = await done;
  expect(run.sent).toEqual(['create', 'look up', 'test']);
  expect(run.connections).toHaveLength(1);
  expect(run.outputs).toMatchObject({ connection_id: run.ids[0], result: 'created' });
  expect(run.exitCode).toBe(0);
});

testWithSignals('a step that is cancelled while the proxy is silent ends by itself', async () => {
  let kill = () => {};
  const { done, child } = await startBehindProxy({
    proxyStatus: 'never',
    onConnect: () => kill(),
  });
  kill = () => void child.kill('SIGINT');
  const run = await done;
  expect(run).toMatchObject({ exitCode: 1, signal: null });
  expect(failureOf(run)).toMatch(/cancelled/);
  expect(visible(run)).not.toMatch(/may exist/);
});

test.each([
  ['a text that is no URL', 'not a url'],
  ['a password that cannot be decoded', 'http://robot:hu%6sh@127.0.0.1:3128'],
  ['a scheme that is not supported', 'socks5://127.0.0.1:1080'],
])(
  '%s as proxy is an error that names the variable before anything is sent',
  async (_, HTTPS_PROXY) => {
    const event = { pull_request: { number: 7 } };
    const inputs = { config: '', api_url: `https://${host}`, comment: true };
    const run = await runBuiltStep({ inputs, env: { HTTPS_PROXY }, event });
    expect(run.exitCode).toBe(1);
    expect(annotated(run, 'warning')).toEqual([
      expect.stringMatching(/comment: the proxy in HTTPS_PROXY cannot be used/),
    ]);
    expect(failureOf(run)).toContain('HTTPS_PROXY');
    expect(failureOf(run)).not.toMatch(/may exist/);
    expect(visible(run)).not.toMatch(/hu%6sh/);
    expect(run.requests).toEqual([]);
  },
);
