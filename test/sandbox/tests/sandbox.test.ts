import { BODY, closeAll, open, PATH } from './open.ts';

afterEach(closeAll);

const VERSION_1 = { accept: 'application/json' };
const VERSION_2 = { accept: 'application/json;version=2' };

describe('a request', () => {
  test.each([
    ['no credentials', 401, 'Unauthorized', { authorization: undefined }],
    ['wrong credentials', 401, 'Unauthorized', { authorization: 'Basic bm86bm8=' }],
    ['an Accept without the version', 406, 'NotAcceptable', VERSION_1],
    ['no Accept', 406, 'NotAcceptable', { accept: undefined }],
    ['a text body', 415, 'UnsupportedMediaType', { 'content-type': 'text/plain' }],
  ])('with %s is refused', async (_what, status, code, headers) => {
    const { sandbox, call } = await open();
    expect(await call('POST', PATH, BODY, headers)).toMatchObject({ status, code });
    expect(sandbox.requests).toHaveLength(1);
    expect(sandbox.connections).toHaveLength(0);
  });

  test.each([
    ['POST', PATH, 2],
    ['GET', PATH, 2],
    ['GET', `${PATH}/some_id`, 2],
    ['PATCH', `${PATH}/some_id`, 2],
    ['DELETE', `${PATH}/some_id`, 2],
    ['POST', `${PATH}/some_id/test`, 2],
    ['POST', `${PATH}/some_id/sync`, 2],
    ['POST', `${PATH}/some_id/connect-card`, 2],
    ['POST', `${PATH}/some_id/fingerprints`, 1],
    ['POST', `${PATH}/some_id/certificates`, 1],
    ['GET', `${PATH}/some_id/schemas`, 1],
    ['POST', `${PATH}/some_id/schemas`, 1],
    ['PATCH', `${PATH}/some_id/schemas`, 1],
    ['POST', `${PATH}/some_id/schemas/reload`, 1],
    ['GET', `${PATH}/some_id/schemas/s/tables/t/columns`, 1],
    ['GET', '/v1/groups/decent_dropsy', 1],
    ['GET', '/v1/metadata/connector-types/postgres', 1],
  ])('%s %s must accept version %i', async (method, path, version) => {
    const { call } = await open({ connections: [{ id: 'some_id' }] });
    const body = method === 'POST' || method === 'PATCH' ? {} : undefined;
    const [right, wrong] = version === 1 ? [VERSION_1, VERSION_2] : [VERSION_2, VERSION_1];
    expect((await call(method, path, body, wrong)).status).toBe(406);
    expect((await call(method, path, body, right)).status).not.toBe(406);
  });

  test.each([
    ['for an unknown path', 'GET', '/v1/nothing', undefined, 404, 'NotFound'],
    ['for an unknown subpath', 'GET', `${PATH}/some_id/nothing`, undefined, 404, 'NotFound'],
    ['for an unknown group', 'GET', '/v1/groups/none', undefined, 404, 'NotFound_Group'],
    ['for an unknown connection', 'GET', `${PATH}/none`, undefined, 404, 'NotFound_Connection'],
    ['with an unknown method', 'PUT', PATH, BODY, 405, 'MethodNotAllowed'],
    ['without a body', 'POST', PATH, undefined, 400, 'InvalidInput'],
    ['with invalid JSON', 'POST', PATH, '{"group_id":', 400, 'InvalidInput'],
    ['with an array as its body', 'POST', PATH, [BODY], 400, 'InvalidInput'],
    ['with limit 0', 'GET', `${PATH}?limit=0`, undefined, 400, 'InvalidInput'],
    ['with limit 1001', 'GET', `${PATH}?limit=1001`, undefined, 400, 'InvalidInput'],
    ['with an invalid cursor', 'GET', `${PATH}?cursor=zz`, undefined, 400, 'InvalidInput'],
  ])('%s is refused', async (_what, method, path, body, status, code) => {
    const { call } = await open();
    expect(await call(method, path, body)).toMatchObject({ status, code });
  });

  test("is answered with the server's time and the rate limit", async () => {
    const hour = 3_600_000;
    const { call } = await open({ clockSkewMs: -hour });
    for (const reply of [await call('POST', PATH, BODY), await call('GET', '/v1/nothing')]) {
      expect(Date.parse(reply.headers.get('date') ?? '')).toBeLessThan(Date.now() - hour / 2);
      expect(reply.headers.get('x-rate-limit')).toBe('20000');
      expect(reply.headers.get('x-rate-limit-remaining')).toMatch(/^\d+$/);
    }
  });
});

describe('create', () => {
  test.each([
    ['service', ''],
    ['sync_frequency', '360'],
    ['daily_sync_time', '14:30'],
    ['daily_sync_time', '24:00'],
    ['daily_sync_time', '3:00'],
    ['data_delay_threshold', -1],
    ['external_secrets_keys_config', { password: 1 }],
    ['destination_configuration', { warehouse: 'x' }],
    ['connect_card_config', { redirect_uri: 'ftp://example.com' }],
  ])('refuses %s: %j', async (name, value) => {
    const { sandbox, call } = await open();
    const reply = await call('POST', PATH, { ...BODY, [name]: value });
    expect(reply).toMatchObject({ status: 400, code: 'InvalidInput' });
    expect(reply.message).toContain(`'${name}'`);
    expect(sandbox.connections).toHaveLength(0);
  });

  test('refuses config values that the service does not accept', async () => {
    const { call } = await open();
    const config = { port: '5432', update_method: 'XMIN', unknown: 1, host: null };
    const { status, message } = await call('POST', PATH, { ...BODY, service: 'postgres', config });
    expect(status).toBe(400);
    expect(message).toBe(
      "Field 'config.port' must be of type integer, but is string; " +
        "Field 'config.update_method' must be one of QUERY_BASED, WAL_PGOUTPUT",
    );
  });

  test('stores undocumented fields, which replace nothing that Fivetran sets', async () => {
    const { call } = await open();
    const schedule = { schedule_type: 'CRON', cron: '0 6 * * *' };
    const forged = { id: 'mine', created_at: 'never', setup_state: 'broken' };
    const { data } = await call('POST', PATH, { ...BODY, schedule, ...forged });
    expect(data).toMatchObject({ schedule, status: { setup_state: 'connected' } });
    expect(data.id).not.toBe('mine');
    expect(data.created_at).not.toBe('never');
    const patched = await call('PATCH', `${PATH}/${data.id}`, { schedule: { cron: '0 7 * * *' } });
    expect(patched.data.schedule).toEqual({ cron: '0 7 * * *' });
  });
});

describe("a connection's name", () => {
  test.each([
    ['postgres', { schema_prefix: 'p', schema: 'ignored' }, 'p'],
    ['db2luw', { schema_prefix: 'p', schema: 'SALES' }, 'p'],
    ['google_sheets', { schema: 'b', table: 't' }, 'b.t'],
    ['s3', { schema: 'b', table_group_name: 'g' }, 'b.g'],
    ['s3', { schema: 'b', table: 't' }, 'b.t'],
    ['15five', { schema: 'b', table: 'ignored', schema_prefix: 'ignored' }, 'b'],
    ['15five', { schema: 'CRM PR-42.é' }, 'crm_pr_42__'],
    ['google_sheets', { schema: 'A.b', table: 'T 1' }, 'a_b.t_1'],
    ['brand_new', { schema: 'b', table: 't' }, 'b.t'],
  ])('of service %s with config %j is %s', async (service, config, name) => {
    const { call } = await open({ services: 'any' });
    expect((await call('POST', PATH, { ...BODY, service, config })).data.schema).toBe(name);
  });

  test('is generated when config has none', async () => {
    const { call } = await open();
    const body = { ...BODY, config: {} };
    expect((await call('POST', PATH, body)).data.schema).toBe('15five');
    expect((await call('POST', PATH, body)).data.schema).toBe('15five_2');
  });
});
