import { groupOf } from '../../harness/sandboxes.ts';
import type { SandboxOptions, Seed } from '../sandbox.mjs';
import { BODY, closeAll, open, PATH } from './open.ts';

afterEach(closeAll);

/** A connection as it is answered. */
async function read(seed: Seed, options: SandboxOptions = {}) {
  const { call } = await open({ connections: groupOf({ one: seed }), ...options });
  return (await call('GET', `${PATH}/one`)).data;
}

describe('config in an answer', () => {
  test.each<[string, Seed, string, string[], SandboxOptions['namingFields']]>([
    ['15five', { schema: 'crm' }, 'crm', ['schema'], undefined],
    ['postgres', { schema_prefix: 'pg' }, 'pg', [], undefined],
    ['db2luw', { schema_prefix: 'db', schema: 'SALES' }, 'db', ['schema'], undefined],
    ['google_sheets', { schema: 'a', table: 'b' }, 'a.b', [], undefined],
    ['s3', { schema: 'a', table_group_name: 'b' }, 'a.b', [], undefined],
    ['postgres', { schema_prefix: 'pg' }, 'pg', ['schema_prefix'], 'all'],
    ['15five', { schema: 'crm' }, 'crm', [], 'none'],
  ])('of %s (%j) may lack the naming fields', async (service, config, name, left, namingFields) => {
    const data = await read({ service, config }, namingFields ? { namingFields } : {});
    expect(data.schema).toBe(name);
    expect(Object.keys(data.config).filter((field) => field in config)).toEqual(left);
  });

  test('has no empty values at any depth, and keeps 0 and false', async () => {
    const config = {
      schema: 'a',
      accounts: [],
      customer_id: '',
      conversion_window_size: 0,
      enabled: false,
      nested: { a: null, b: { c: [''] } },
      reports: [{ table: 't', fields: [] }, { table: '' }],
    };
    const kept = { schema: 'a', conversion_window_size: 0, enabled: false };
    expect((await read({ service: '15five', config })).config).toEqual({
      ...kept,
      reports: [{ table: 't' }],
    });
    const whole = await read({ service: '15five', config }, { emptyValues: 'answered' });
    expect(whole.config).toEqual(config);
  });

  test.each<[string, SandboxOptions, string]>([
    ['15five', {}, '******'],
    ['postgres', {}, '********'],
    ['postgres', { asterisks: 6 }, '******'],
  ])('of %s (%j) has asterisks for secrets', async (service, options, mask) => {
    const config = { password: 'hush', files: [{ api_token: 'hush', path: '/' }], host: 'db' };
    const { config: answer } = await read({ service, config }, options);
    expect(answer).toMatchObject({
      password: mask,
      files: [{ api_token: mask, path: '/' }],
      host: 'db',
    });
  });

  test('has asterisks for what the metadata calls a secret, whatever its name', async () => {
    const { config } = await read({ service: 'github', config: { pats: ['hush'] } });
    expect(config.pats).toEqual(['******']);
  });

  test('has the read-only fields of the service', async () => {
    const { call } = await open({
      connections: groupOf({ pg: { service: 'postgres' }, files: { service: 's3' } }),
    });
    const config = async (id: string) => (await call('GET', `${PATH}/${id}`)).data.config;
    const { data } = await call('GET', '/v1/groups/decent_dropsy/public-key');
    expect(data.public_key).toMatch(/^ssh-rsa [\w+/]+=* /);
    expect(await config('pg')).toEqual({ public_key: data.public_key });
    expect(await config('files')).toEqual({ external_id: 'decent_dropsy' });
  });

  test('can have numbers as text', async () => {
    const config = { port: 5432, files: [{ size: 1.5 }], host: 'db' };
    const data = await read({ service: 'postgres', config }, { numbers: 'text' });
    expect(data.config).toMatchObject({ port: '5432', files: [{ size: '1.5' }], host: 'db' });
  });

  test('can have lists in another order', async () => {
    const config = { accounts: ['a', 'b', 'c'] };
    const data = await read({ service: 'google_ads', config }, { listOrder: 'reversed' });
    expect(data.config.accounts).toEqual(['c', 'b', 'a']);
  });
});

test('auth is never answered', async () => {
  const { call } = await open();
  const auth = { client_access: { client_id: 'warehouse' } };
  const { data } = await call('POST', PATH, { ...BODY, service: 'google_ads', auth });
  for (const path of [`${PATH}/${data.id}`, PATH]) {
    expect((await call('GET', path)).text).not.toMatch(/auth|warehouse/);
  }
});

test('a new connection has the defaults', async () => {
  const { call } = await open();
  const { data } = await call('POST', PATH, BODY);
  expect(data).toMatchObject({
    sync_frequency: 360,
    schedule_type: 'auto',
    data_delay_sensitivity: 'NORMAL',
    data_delay_threshold: 0,
    pause_after_trial: false,
  });
  expect(data).not.toHaveProperty('daily_sync_time');
});

test('daily_sync_time is answered only when connections sync once a day', async () => {
  const { call } = await open({ connections: groupOf({ one: { daily_sync_time: '03:00' } }) });
  const answered = async (body: object) =>
    (await call('PATCH', `${PATH}/one`, body)).data.daily_sync_time;
  expect(await answered({ paused: true })).toBeUndefined();
  expect(await answered({ sync_frequency: 1440 })).toBe('03:00');
});

test.each(['answered', 'hidden'] as const)('schedule is accepted, and %s', async (schedule) => {
  const { sandbox, call } = await open({ schedule });
  const sent = { schedule_type: 'CRON', cron: '0 6 * * *' };
  const { data } = await call('POST', PATH, { ...BODY, schedule: sent });
  expect(data.schedule).toEqual(schedule === 'answered' ? sent : undefined);
  expect(sandbox.state.connections.get(data.id)?.settings.schedule).toEqual(sent);
});

test('a group can start with connections, their selection and their state', async () => {
  const { sandbox, call } = await open({
    connections: groupOf({
      sales: {
        service: 'github',
        paused: true,
        setup_state: 'broken',
        reload: 'EXCLUDE',
        selection: {
          schema_change_handling: 'BLOCK_ALL',
          schemas: {
            github: { enabled: true, tables: { issue: { enabled: true } } },
          },
        },
      },
      crm: {},
    }),
    listItems: 'without config',
  });
  const { items } = (await call('GET', `${PATH}?group_id=decent_dropsy`)).data;
  expect(items).toMatchObject([
    { id: 'sales', schema: 'sales', paused: true, status: { setup_state: 'broken' } },
    { id: 'crm', schema: 'crm', paused: false, status: { setup_state: 'connected' } },
  ]);
  expect(items[0]).not.toHaveProperty('config');
  expect(Object.keys(sandbox.selection('sales'))).toEqual(['github.issue']);
});
