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

test.each(['answered', 'hidden'] as const)('schedule is accepted, and %s', async (schedule) => {
  const { sandbox, call } = await open({ schedule });
  const sent = { schedule_type: 'CRON', cron: '0 6 * * *' };
  const { data } = await call('POST', PATH, { ...BODY, schedule: sent });
  expect(data.schedule).toEqual(schedule === 'answered' ? sent : undefined);
  expect(sandbox.state.connections.get(data.id)?.settings.schedule).toEqual(sent);
});
