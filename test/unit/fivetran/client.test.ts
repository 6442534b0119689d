import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type FivetranClient } from '../../../src/fivetran/client.ts';
import type { PresentedIdentity } from '../../../src/fivetran/fingerprint.ts';
import { FivetranError, OutcomeUnknownError } from '../../../src/fivetran/http/errors.ts';
import { closeAtEnd } from '../../harness/cleanup.ts';
import { virtualClock } from '../../harness/virtual-clock.ts';
import { sessionWith } from './http/session.ts';

/** A response: its status, and its body as JSON or text. */
type Reply = { status?: number; body?: unknown; headers?: Record<string, string> };

/** A client of a server that gives these responses in turn, and the last of them for ever. */
async function clientOf(...replies: Reply[]) {
  const clock = virtualClock();
  const paths: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    paths.push(`${request.url}`);
    const reply = replies[Math.min(paths.length, replies.length) - 1];
    const { status = 200, body = '', headers = {} } = reply ?? {};
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAtEnd({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  const session = sessionWith(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, clock);
  return { client: createClient(session, () => {}), paths, clock, session };
}

const success = (data: unknown): Reply => ({ body: { code: 'Success', data } });
const connection = { id: 'crm_id', group_id: 'g', service: 's', schema: 'crm' };
const presented: PresentedIdentity = {
  kind: 'host-key',
  hash: 'h',
  public_key: 'ssh-rsa AAAA',
  digest: Buffer.alloc(32),
  display: 'SHA256:x',
};

const find = (client: FivetranClient) => client.find('g', 'crm');
const list = (client: FivetranClient) => client.list('g');

describe('a response about something else is read again, and then unknown', () => {
  test.each<[string, Reply, (client: FivetranClient) => Promise<unknown>]>([
    ['another code', { body: { code: 'Odd', data: connection } }, (it) => it.get('crm_id')],
    ['another connection', success({ ...connection, id: 'x' }), (it) => it.get('crm_id')],
    ['another group', success({ id: 'x' }), (it) => it.group('g')],
    ['a group without an id', success({}), (it) => it.group('g')],
    ['another service', success({ id: 'x', config: {} }), (it) => it.connectorType('s')],
    ['a list of another name', success({ items: [{ ...connection, schema: 'x' }] }), find],
    ['a list of another group', success({ items: [{ ...connection, group_id: 'x' }] }), find],
    ['a list that repeats its cursor', success({ items: [], next_cursor: 'a' }), find],
    ['a whole group with another', success({ items: [{ ...connection, group_id: 'x' }] }), list],
    ['a whole group with an unreadable item', success({ items: [connection, {}] }), list],
    ['a deletion with another code', { body: { code: 'Odd' } }, (it) => it.remove('x', () => {})],
  ])('%s', async (_, reply, call) => {
    const { client, paths } = await clientOf(reply);
    await expect(call(client)).rejects.toThrow(OutcomeUnknownError);
    expect(paths.length).toBeGreaterThanOrEqual(4);
    expect(paths.length).toBeLessThanOrEqual(5);
  });
});

test('a create that is answered with another service or group is unknown', async () => {
  for (const other of [{ service: 'x' }, { group_id: 'x' }]) {
    const { client, paths } = await clientOf(success({ ...connection, ...other }));
    const result = await client.create('{}', { group_id: 'g', service: 's' }, () => {});
    expect(result.kind).toBe('unknown');
    expect(paths).toHaveLength(1);
  }
});

test('what a response leaves out is taken to be as expected', async () => {
  const { client } = await clientOf(success({ id: 'crm_id', schema: 'crm', config: {} }));
  const created = await client.create('{}', { group_id: 'g', service: 's' }, () => {});
  expect(created.kind).toBe('answered');
  const items = [{ id: 'nameless' }, { id: 'crm_id', schema: 'crm' }];
  const lists = await clientOf(success({ items }));
  expect((await find(lists.client)).connection).toMatchObject({ id: 'crm_id' });
  expect(await list(lists.client)).toMatchObject(items);
  const types = await clientOf(success({ config: {} }));
  expect(await types.client.connectorType('s')).toMatchObject({ supported_features: [] });
});

test('ids and names are segments of a path, whatever they contain', async () => {
  const { client, paths } = await clientOf({ status: 404 });
  const odd = 'a/../b?';
  const table = { schema: odd, table: odd, shown: [] };
  const hint = expect.stringMatching(/^Check group_id, service, and connection_id/);
  await expect(client.group(odd)).rejects.toMatchObject({ status: 404, hint });
  await expect(client.connectorType(odd)).rejects.toThrow('404');
  await expect(client.columns(odd, table)).rejects.toThrow('404');
  const segment = 'a%2F..%2Fb%3F';
  expect(paths).toEqual([
    `/v1/groups/${segment}`,
    `/v1/metadata/connector-types/${segment}`,
    `/v1/connections/${segment}/schemas/${segment}/tables/${segment}/columns`,
  ]);
});

test('a refusal says what was refused', async () => {
  const { client } = await clientOf({ status: 409 });
  const none = () => {};
  const id = 'crm_id';
  const calls: Record<string, () => Promise<unknown>> = {
    'read group g': () => client.group('g'),
    'read the metadata of service s': () => client.connectorType('s'),
    'list the services': () => client.listConnectorTypes(),
    'look up the connection crm': () => find(client),
    'list the connections of group g': () => list(client),
    'read connection crm_id': () => client.get(id),
    'update connection crm_id': () => client.update(id, { fields: {} }),
    'delete connection crm_id': () => client.remove(id, none),
    'run the setup tests of connection crm_id': () => client.test(id, {}),
    'get a connect card for connection crm_id': () => client.connectCard(id, {}),
    'approve the host key SHA256:x for connection crm_id': () => client.approve(id, presented),
    'start a sync of connection crm_id': () => client.sync(id),
    'read the schemas of connection crm_id': () => client.schemas(id),
    'reload the schemas of connection crm_id': () => client.reloadSchemas(id, 'PRESERVE', () => {}),
    'set the schemas of connection crm_id': () => client.createSchemas(id, {}),
    'update the schemas of connection crm_id': () => client.patchSchemas(id, {}),
    'list the columns of a.b': () =>
      client.columns(id, { schema: 'x', table: 'y', shown: ['a', 'b'] }),
  };
  for (const [purpose, call] of Object.entries(calls)) {
    await expect(call()).rejects.toMatchObject({
      message: `Could not ${purpose}: Fivetran answered 409.`,
      hint: "Check the connection's state in the dashboard.",
    });
  }
  const created = await client.create('{}', { group_id: 'g', service: 's' }, none);
  expect(created).toMatchObject({
    error: { hint: 'Check whether the group already has a connection of this name.' },
  });
});

test.each<Reply>([{ body: { code: 'Odd' } }, { status: 202, body: '<html>' }, { status: 204 }, {}])(
  'an approval is done with any 2xx: %j',
  async (reply) => {
    const { client, paths } = await clientOf(reply);
    await client.approve('crm_id', presented);
    expect(paths).toHaveLength(1);
  },
);

test('all connections of a group are listed, page by page', async () => {
  const second = { ...connection, id: 'second', schema: 'b' };
  const pages = [{ items: [connection], next_cursor: 'a' }, { items: [second] }];
  const { client, paths } = await clientOf(...pages.map(success));
  const ids = (await client.list('g')).map(({ id }) => id);
  expect(ids).toEqual(['crm_id', 'second']);
  expect(paths[1]).toBe('/v1/connections?group_id=g&limit=500&cursor=a');
});

test('a list is given up after 100 pages', async () => {
  const pages = Array.from({ length: 102 }, (_, at) => ({ items: [], next_cursor: `${at}` }));
  const { client, paths } = await clientOf(...pages.map(success));
  await expect(client.list('g')).rejects.toThrow(
    'Could not list the connections of group g: the list has more than 100 pages.',
  );
  expect(paths).toHaveLength(100);
});

test('the services are listed once per run', async () => {
  const pages = [{ items: [{ id: 'a' }, {}], next_cursor: 'x' }, { items: [{ id: 'b' }] }];
  const { client, paths, session } = await clientOf(...pages.map(success));
  const other = createClient(session, () => {});
  expect(await Promise.all([client.listConnectorTypes(), other.listConnectorTypes()])).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  const path = '/v1/metadata/connector-types?limit=1000';
  expect(paths).toEqual([path, `${path}&cursor=x`]);
});

describe('what is read once per run', () => {
  test('is read again after a failure', async () => {
    const failures = Array.from({ length: 4 }, () => ({ status: 500 }));
    const { client, paths } = await clientOf(...failures, success({ id: 'g' }));
    await expect(client.group('g')).rejects.toThrow(OutcomeUnknownError);
    expect(await client.group('g')).toBe(true);
    expect(await client.group('g')).toBe(true);
    expect(paths).toHaveLength(5);
    await expect(client.group('another')).rejects.toThrow(OutcomeUnknownError);
  });

  test('is not read again after a refusal', async () => {
    const { client, paths } = await clientOf({ status: 403 });
    for (let times = 0; times < 2; times++) {
      await expect(client.connectorType('s')).rejects.toThrow('403');
    }
    expect(paths).toHaveLength(1);
  });
});

describe('a schema tree', () => {
  const tree = (megabytes: number) =>
    success({ schemas: { public: {} }, padding: 'x'.repeat(megabytes * 1024 * 1024) });

  test('can be far longer than other responses', async () => {
    const { client } = await clientOf(tree(9));
    expect(await client.schemas('crm_id')).toMatchObject({ schemas: { public: {} } });
  });

  test('that is too long is downloaded once', async () => {
    const { client, paths } = await clientOf(tree(64));
    await expect(client.schemas('crm_id')).rejects.toThrow('longer than 64 MB');
    expect(paths).toHaveLength(1);
  });
});

describe('a poll', () => {
  const limited = { status: 429, headers: { 'Retry-After': '3600' } };

  test('that is limited is not answered, and the run goes on', async () => {
    const { client, session, clock } = await clientOf(limited, success(connection));
    const name = 'OutcomeUnknownError';
    await expect(client.poll('crm_id')).rejects.toMatchObject({
      name,
      message: "Could not read connection crm_id: Fivetran's rate limit is reached (429).",
      shortReason: 'rate limit',
    });
    expect(session.rateLimit.failure()).toBeUndefined();
    await expect(client.poll('crm_id', 60_000)).rejects.toMatchObject({
      name,
      message:
        'Could not read connection crm_id: the time limit (sync_timeout_minutes) has passed.',
      shortReason: 'no response in time',
    });
    expect(clock.now()).toBe(60_000);
    expect(await client.poll('crm_id')).toMatchObject({ connection: { id: 'crm_id' } });
    expect(clock.now()).toBe(3_600_000);
  });

  test('that could not be sent is not answered', async () => {
    const session = sessionWith('http://127.0.0.1:1', virtualClock());
    const client = createClient(session, () => {});
    await expect(client.poll('crm_id')).rejects.toThrow(OutcomeUnknownError);
    await expect(client.get('crm_id')).rejects.not.toThrow(OutcomeUnknownError);
  });

  test('is not sent once the run has ended', async () => {
    const { client, paths } = await clientOf(limited);
    await expect(client.get('crm_id')).rejects.toMatchObject({ endsRun: true });
    const late = client.poll('crm_id');
    const hint = expect.stringContaining('raise rate_limit_wait_minutes');
    await expect(late).rejects.toMatchObject({ endsRun: true, hint });
    await expect(late).rejects.not.toThrow(OutcomeUnknownError);
    expect(paths).toHaveLength(1);
  });
});

test.each<[string, (client: FivetranClient) => Promise<unknown>]>([
  ['a sync', (it) => it.sync('crm_id', undefined, 30_000)],
  ['an update', (it) => it.update('crm_id', { fields: {}, deadline: 30_000 })],
])('%s is not sent after its deadline, and nothing is in doubt then', async (_, call) => {
  const limited = { status: 429, headers: { 'Retry-After': '60' } };
  const { client, session } = await clientOf(limited, success(connection));
  const sent = call(client);
  await expect(sent).rejects.toThrow(FivetranError);
  await expect(sent).rejects.not.toThrow(OutcomeUnknownError);
  expect(session.rateLimit.failure()).toBeUndefined();
});

test('a sync that was limited first is said to have been sent twice', async () => {
  const { client } = await clientOf({ status: 429 }, { body: { code: 'Success' } });
  expect(await client.sync('crm_id')).toBe(2);
});
