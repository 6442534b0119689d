import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { on } from '../agreement.ts';
import { closeAll, closing } from '../fault-run.ts';
import { failureOf, inputsFor, openSandbox, startStep } from '../fault-step.ts';
import { startProxy } from '../sandbox/proxy.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';
import { selfSigned } from '../sandbox/self-signed.mjs';

afterEach(closeAll);

const HOST = 'api.fivetran.test';
const folder = mkdtempSync(join(tmpdir(), 'proxy-test-'));
const { key, cert } = selfSigned(HOST);
const NODE_EXTRA_CA_CERTS = join(folder, 'ca.pem');
writeFileSync(NODE_EXTRA_CA_CERTS, cert);
afterAll(() => rmSync(folder, { recursive: true }));

type Behind = SandboxOptions & {
  credentials?: string;
  proxyStatus?: number | 'never';
  onConnect?: () => void;
  env?: Record<string, string>;
};

/** A step on a network that only a proxy leads out of, to a sandbox under Fivetran's kind of name. */
async function startBehindProxy(options: Behind = {}) {
  const { credentials = '', proxyStatus = 200, onConnect = () => {}, env, ...rest } = options;
  const sandbox = await openSandbox({ ...rest, tls: { key, cert } });
  const port = Number(new URL(sandbox.url).port);
  const proxy = closing(await startProxy({ port, status: proxyStatus, onConnect }));
  const step = startStep({
    inputs: { ...inputsFor(sandbox), api_url: `https://${HOST}` },
    env: {
      HTTPS_PROXY: proxy.url.replace('//', `//${credentials}`),
      NODE_EXTRA_CA_CERTS,
      ...env,
    },
  });
  return { ...step, proxy, sandbox };
}

test('all requests go through the proxy, each in a tunnel of its own', async () => {
  const { done, proxy, sandbox } = await startBehindProxy({ scenario: 'incomplete-once' });
  const { exitCode, outputs, log } = await done;
  expect(outputs).toMatchObject({
    connection_id: sandbox.connections[0]?.id,
    result: 'created',
    setup_state: 'connected',
  });
  expect(sandbox.requests).toHaveLength(2);
  expect(proxy.connects.map(({ target }) => target)).toEqual([`${HOST}:443`, `${HOST}:443`]);
  const { authorization } = sandbox.requests[0]?.headers ?? {};
  expect(authorization).toMatch(/^Basic ./);
  for (const { headers } of proxy.connects) {
    expect(Object.values(headers)).not.toContain(authorization);
    expect(headers).not.toHaveProperty('proxy-authorization');
  }
  expect(log).not.toMatch(/Deprecat/);
  expect(exitCode).toBe(0);
});

test('a proxy gets the user and password of its URL, and the log does not', async () => {
  const { done, proxy, sandbox } = await startBehindProxy({ credentials: 'robot:hu%40sh%20hush@' });
  const { exitCode, log, summary } = await done;
  const token = Buffer.from('robot:hu@sh hush').toString('base64');
  expect(proxy.connects.map(({ headers }) => headers['proxy-authorization'])).toEqual([
    `Basic ${token}`,
  ]);
  for (const form of ['hu@sh', 'hu%40sh', token]) expect(log + summary).not.toContain(form);
  expect(sandbox.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  // What Node says of the code that it runs is of no use to who reads the log of a workflow.
  expect(log).not.toMatch(/Deprecat/);
  expect(exitCode).toBe(0);
});

test('a create whose answer breaks inside TLS is found and finished, not sent again', async () => {
  let garble = () => {};
  const { done, proxy, sandbox } = await startBehindProxy({
    faults: [on('create', { kind: 'hang', when: 'after' })],
    log: (line) => {
      if (line.includes('fault hang')) garble();
    },
  });
  garble = proxy.garble;
  const { exitCode, outputs } = await done;
  const sent = sandbox.requests.map(({ method }) => method);
  expect(sent).toEqual(['POST', 'GET', 'POST']);
  expect(sandbox.connections).toHaveLength(1);
  expect(outputs).toMatchObject({ connection_id: sandbox.connections[0]?.id, result: 'created' });
  expect(exitCode).toBe(0);
});

test('a step that is cancelled while the proxy says nothing ends by itself', async () => {
  let kill = () => {};
  const { done, child } = await startBehindProxy({
    proxyStatus: 'never',
    onConnect: () => kill(),
  });
  kill = () => void child.kill('SIGINT');
  const result = await done;
  expect(result).toMatchObject({ exitCode: 1, signal: null });
  expect(failureOf(result)).toMatch(/cancelled/);
});
