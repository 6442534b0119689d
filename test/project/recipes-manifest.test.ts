import { database, onMain, onPullRequest, type Place, run } from './recipe-runs.ts';

const config = {
  schema_prefix: 'billing',
  host: 'db.example.com',
  port: 5432,
  database: 'billing',
  user: 'fivetran',
  update_method: 'QUERY_BASED',
};
const file = {
  name: 'fivetran.yml',
  content: {
    defaults: { group_id: 'decent_dropsy', destination_schema_names: 'FIVETRAN_NAMING' },
    connections: {
      billing: {
        service: 'postgres',
        sync_frequency: 60,
        config: { ...config, password: '${BILLING_PASSWORD}' },
      },
    },
  },
};
const stored = {
  ...database('billing'),
  config: { ...config, password: 'the real one' },
  sync_frequency: 60,
  paused: false,
};

describe('a drift check over a manifest', () => {
  test.each([
    ['the same connection', {}, 'reuse', ''],
    ['another setting', { sync_frequency: 1440 }, 'update', 'billing: sync_frequency: 1440 → 60'],
    ['a paused connection', { paused: true }, 'update', 'billing: paused: true → false'],
  ])('finds %s', async (_what, differs, plan, changes) => {
    const connections = [{ ...stored, ...differs }];
    const { outputs, sent } = await run(['drift.yml', 'check'], { connections }, onMain, { file });
    expect(outputs).toMatchObject({ plan, changes });
    expect(JSON.parse(String(outputs.connections)).billing).toMatchObject({
      plan,
      setup_state: 'connected',
    });
    expect(sent).not.toContain('update');
  });

  test('finds a connection that is gone, and one that is broken', async () => {
    const gone = await run(['drift.yml', 'check'], {}, onMain, { file });
    expect(gone.outputs.plan).toBe('create');
    const connections = [{ ...stored, setup_state: 'broken' }];
    const broken = await run(['drift.yml', 'check'], { connections }, onMain, { file });
    expect(JSON.parse(String(broken.outputs.connections)).billing.setup_state).toBe('broken');
  });
});

describe('a manifest', () => {
  const removed = {
    name: 'removed.json',
    content: {
      connections: {
        crm: { group_id: 'decent_dropsy', service: 'salesforce', config: { schema: 'crm' } },
      },
    },
  };
  const crm = { id: 'crm_id', service: 'salesforce', config: { schema: 'crm' } };

  test('is planned on a pull request and applied on main', async () => {
    const planned = await run(['manifest.yml', 'connections'], {}, onPullRequest, { file });
    expect(planned.outputs.plan).toBe('create');
    expect(planned.ids).toEqual([]);
    const applied = await run(['manifest.yml', 'connections'], {}, onMain, { file });
    expect(applied.exitCode).toBe(0);
    expect(applied.ids).toHaveLength(1);
  });

  test('that lost an entry loses its connection on main, and no other', async () => {
    const place: Place = ['manifest.yml', 'connections', 1];
    const connections = [stored, crm];
    const planned = await run(place, { connections }, onPullRequest, { file: removed });
    expect(planned.outputs.plan).toBe('delete');
    expect(planned.ids).toEqual([stored.id, crm.id]);
    const applied = await run(place, { connections }, onMain, { file: removed });
    expect(applied.ids).toEqual([stored.id]);
  });
});
