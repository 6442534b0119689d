import { get } from 'node:https';
import { callerOf } from './sandbox/caller.mjs';
import { type SandboxOptions, startSandbox } from './sandbox/sandbox.mjs';
import { selfSigned } from './sandbox/self-signed.mjs';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

async function open(options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options);
  opened.push(sandbox);
  return { sandbox, call: callerOf(sandbox) };
}

const PATH = '/v1/connections';
const BODY = { group_id: 'decent_dropsy', service: '15five', config: { schema: 'a' } };

describe('negotiation', () => {
  test.each([
    ['no credentials', 401, 'Unauthorized', { authorization: undefined }],
    ['wrong credentials', 401, 'Unauthorized', { authorization: 'Basic bm86bm8=' }],
    ['an Accept without the version', 406, 'NotAcceptable', { accept: 'application/json' }],
    ['any Accept', 406, 'NotAcceptable', { accept: undefined }],
    ['a text body', 415, 'UnsupportedMediaType', { 'content-type': 'text/plain' }],
  ])('refuses %s', async (_what, status, code, headers) => {
    const { sandbox, call } = await open();
    expect(await call('POST', PATH, BODY, headers)).toMatchObject({ status, code });
    expect(sandbox.requests).toHaveLength(1);
    expect(sandbox.connections).toHaveLength(0);
  });

  test.each([
    ['an unknown path', 'GET', '/v1/nothing', undefined, 404, 'NotFound'],
    ['an unknown group', 'GET', '/v1/groups/none', undefined, 404, 'NotFound_Group'],
    ['an unknown connection', 'GET', `${PATH}/none`, undefined, 404, 'NotFound_Connection'],
    ['a method that is not there', 'PUT', PATH, BODY, 405, 'MethodNotAllowed'],
    ['no body', 'POST', PATH, undefined, 400, 'InvalidInput'],
    ['a body that is no JSON', 'POST', PATH, '{"group_id":', 400, 'InvalidInput'],
    ['a body that is a list', 'POST', PATH, [BODY], 400, 'InvalidInput'],
    ['a limit of 0', 'GET', `${PATH}?limit=0`, undefined, 400, 'InvalidInput'],
    ['a limit of 1001', 'GET', `${PATH}?limit=1001`, undefined, 400, 'InvalidInput'],
    ['a made-up cursor', 'GET', `${PATH}?cursor=zz`, undefined, 400, 'InvalidInput'],
  ])('refuses %s', async (_what, method, path, body, status, code) => {
    const { call } = await open();
    expect(await call(method, path, body)).toMatchObject({ status, code });
  });

  test('gives every answer the server clock and the rate limit', async () => {
    const hour = 3_600_000;
    const { call } = await open({ clockSkewMs: -hour });
    for (const reply of [await call('POST', PATH, BODY), await call('GET', '/v1/nothing')]) {
      expect(Date.parse(reply.headers.get('date') ?? '')).toBeLessThan(Date.now() - hour / 2);
      expect(reply.headers.get('x-rate-limit')).toBe('20000');
      expect(reply.headers.get('x-rate-limit-remaining')).toMatch(/^\d+$/);
    }
  });

  test('speaks https', async () => {
    const { key, cert } = selfSigned();
    const { sandbox } = await open({ tls: { key, cert } });
    const status = await new Promise((resolve, reject) => {
      get(`${sandbox.url}${PATH}`, { ca: cert }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once('error', reject);
    });
    expect(status).toBe(401);
  });
});

describe('create', () => {
  test.each([
    ['group_id', 7],
    ['service', null],
    ['service', ''],
    ['config', 'schema: a'],
    ['config', ['a']],
    ['auth', 1],
    ['run_setup_tests', 'true'],
    ['trust_certificates', 1],
    ['trust_fingerprints', 'false'],
    ['paused', 'no'],
    ['pause_after_trial', null],
    ['sync_frequency', '360'],
    ['sync_frequency', 7],
    ['sync_frequency', 5.5],
    ['daily_sync_time', '14:30'],
    ['daily_sync_time', '24:00'],
    ['daily_sync_time', '3:00'],
    ['schedule_type', 'AUTO'],
    ['data_delay_sensitivity', 'normal'],
    ['data_delay_threshold', '0'],
    ['data_delay_threshold', -1],
    ['networking_method', 'Direct'],
    ['private_link_id', 5],
    ['destination_schema_names', 'MINE'],
    ['destination_configuration', { virtual_warehouse: 1 }],
    ['destination_configuration', { warehouse: 'x' }],
    ['connect_card_config', {}],
    ['connect_card_config', { redirect_uri: 'ftp://example.com' }],
    ['connect_card_config', { redirect_uri: 'https://example.com', hide_setup_guide: 'true' }],
    ['connection_id', 'x'],
  ])('refuses %s: %j', async (name, value) => {
    const { sandbox, call } = await open();
    const reply = await call('POST', PATH, { ...BODY, [name]: value });
    expect(reply).toMatchObject({ status: 400, code: 'InvalidInput' });
    expect(reply.message).toContain(`'${name}'`);
    expect(sandbox.connections).toHaveLength(0);
  });

  test('refuses values that the service does not take', async () => {
    const { call } = await open();
    const config = { port: '5432', update_method: 'BINLOG', unknown: 1, host: null };
    const { status, message } = await call('POST', PATH, { ...BODY, service: 'postgres', config });
    expect(status).toBe(400);
    expect(message).toBe(
      "Field 'config.port' must be of type integer, is string; " +
        "Field 'config.update_method' must be one of XMIN, WAL_PGOUTPUT, TELEPORT",
    );
  });

  test('knows the services that have metadata, and any on request', async () => {
    const unknown = { ...BODY, service: 'brand_new' };
    const strict = await open();
    expect(await strict.call('POST', PATH, unknown)).toMatchObject({ code: 'NotFound_Service' });
    const lenient = await open({ services: 'any' });
    expect(await lenient.call('POST', PATH, unknown)).toMatchObject({ status: 201 });
  });

  test('keeps what was sent and answers it without secrets', async () => {
    const { sandbox, call } = await open();
    const config = { schema: 'a', api_key: 'very secret', nested: [{ password: 'this too' }] };
    const settings = { sync_frequency: 1440, daily_sync_time: '14:00', paused: true };
    const { status, data, text } = await call('POST', PATH, { ...BODY, ...settings, config });
    expect(status).toBe(201);
    expect(data).toMatchObject({ ...settings, schema: 'a', group_id: 'decent_dropsy' });
    expect(data.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(data.config).toEqual({ ...config, api_key: '******', nested: [{ password: '******' }] });
    expect(text).not.toMatch(/very secret|this too/);
    expect(sandbox.state.connections.get(data.id)?.sent.config).toEqual(config);
    expect((await call('GET', `${PATH}/${data.id}`)).data.id).toBe(data.id);
  });

  test('makes the name from config, or one of its own', async () => {
    const { call } = await open();
    const nameOf = async (config: object) =>
      (await call('POST', PATH, { ...BODY, service: 's3', config })).data.schema;
    expect(await nameOf({ schema: 'b', table: 't' })).toBe('b.t');
    expect(await nameOf({ schema: 'b', table_group_name: 'g' })).toBe('b.g');
    expect(await nameOf({ schema_prefix: 'p' })).toBe('p');
    expect(await nameOf({})).toBe('s3');
    expect(await nameOf({})).toBe('s3_2');
  });

  test('refuses a name that the group has, not one that another group has', async () => {
    const { sandbox, call } = await open();
    await call('POST', PATH, BODY);
    expect(await call('POST', PATH, BODY)).toMatchObject({ status: 409, code: 'Conflict' });
    const other = { ...BODY, group_id: 'quaint_harbor' };
    expect(await call('POST', PATH, other)).toMatchObject({ status: 201 });
    expect(sandbox.connections).toHaveLength(2);
    const old = await open({ conflictStatus: 400, connections: [{ config: { schema: 'a' } }] });
    expect(await old.call('POST', PATH, BODY)).toMatchObject({ status: 400 });
  });

  test('answers a connect card only when asked for one', async () => {
    const { call } = await open();
    expect((await call('POST', PATH, BODY)).data).not.toHaveProperty('connect_card');
    const connect_card_config = { redirect_uri: 'https://example.com' };
    const { data } = await call('POST', PATH, { ...BODY, config: {}, connect_card_config });
    expect(data.connect_card.uri).toContain(data.connect_card.token);
    expect(data.connect_card_config).toEqual(connect_card_config);
    const card = await call('POST', `${PATH}/${data.id}/connect-card`, { connect_card_config });
    expect(card.data.connect_card.token).toBe(data.connect_card.token);
  });
});
