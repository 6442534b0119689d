import { noPlainInputs } from '../harness/exports.ts';
import { answering, on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { groupOf, openSandbox } from '../harness/sandboxes.ts';
import type { Fault } from '../sandbox/faults.mjs';
import type { Sandbox, SandboxOptions, Seed } from '../sandbox/sandbox.mjs';

const production = {
  service: 'postgres',
  config: {
    schema_prefix: 'production',
    host: 'db.example.com',
    port: 5432,
    database: 'shop',
    user: 'fivetran',
    password: 'the password of production',
    update_method: 'QUERY_BASED',
  },
  networking_method: 'SshTunnel',
  destination_schema_names: 'FIVETRAN_NAMING',
  destination_configuration: { virtual_warehouse: 'LARGE' },
  sync_frequency: 5,
  paused: true,
};

const selection = {
  schema_change_handling: 'BLOCK_ALL' as const,
  schemas: {
    public: {
      enabled: true,
      tables: {
        users: {
          enabled: true,
          sync_mode: 'HISTORY' as const,
          columns: {
            email: { enabled: true, hashed: true },
            notes: { enabled: false },
          },
        },
        orders: { enabled: false },
      },
    },
    audit: { enabled: false },
  },
};

const open = (more: object = {}, options: SandboxOptions = {}) =>
  openSandbox({
    connections: groupOf({ production: { ...production, ...more } }),
    ...options,
  });

const copy = (sandbox: Sandbox, inputs: Record<string, unknown> = {}, world: VirtualWorld = {}) =>
  runStep(
    {
      inputs: {
        ...noPlainInputs,
        copy_from: 'production',
        config: { schema_prefix: 'pr_42', password: '${PASSWORD}' },
        ...inputs,
      },
      env: { PASSWORD: 'the password of the preview' },
    },
    { sandbox, ...world },
  );

test('a preview gets settings, networking and selection of production, not its schedule', async () => {
  const sandbox = await open({ selection });
  const run = await copy(sandbox);
  expect(failureOf(run)).toBe('');
  expect(bodies(run, 'create')).toEqual([
    {
      group_id: 'decent_dropsy',
      service: 'postgres',
      config: {
        schema_prefix: 'pr_42',
        host: 'db.example.com',
        port: 5432,
        database: 'shop',
        user: 'fivetran',
        password: 'the password of the preview',
        update_method: 'QUERY_BASED',
      },
      networking_method: 'SshTunnel',
      destination_schema_names: 'FIVETRAN_NAMING',
      destination_configuration: { virtual_warehouse: 'LARGE' },
      paused: true,
    },
  ]);
  const id = run.outputs.connection_id ?? '';
  expect(run.outputs).toMatchObject({ result: 'created', schema: 'pr_42', paused: 'false' });
  expect(sandbox.selection(id)).toEqual(sandbox.selection('production'));
  const { schemas } = sandbox.state.connections.get(id)?.schemaConfig ?? {};
  expect(schemas?.public?.tables?.users).toMatchObject({ sync_mode: 'HISTORY' });
  const reads = run.sent.slice(0, run.sent.indexOf('create'));
  expect(reads).toEqual(['read', 'metadata', 'read schemas', 'list columns']);
  expect(annotated(run, 'warning')).toEqual([]);
  expect(run.log).not.toContain('Left out');
  for (const text of [run.log, run.summary.replace(/<\/?code>/g, '')]) {
    expect(text).toContain(
      'Copied from connection production: 5 fields of config, networking_method, destination_schema_names, ' +
        'destination_configuration, the selection of 6 of 10 tables (1 column hashed, 1 excluded).',
    );
  }
});

test('a dry run plans the copy and says what it copies', async () => {
  const sandbox = await open({ selection });
  const run = await copy(sandbox, { dry_run: 'true', service: 'postgres' });
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ result: 'planned', plan: 'create' });
  expect(run.ids).toEqual(['production']);
  expect(run.summary).toContain('Copied from connection production');
});

test('a copy counts its columns, and names what is left out', async () => {
  const sandbox = await open(
    { config: { ...production.config, retired: 'x' }, networking_method: 'Pigeon' },
    {
      faults: [
        answering('/v1/connections/production/schemas', {
          schema_change_handling: 'ALLOW_ALL',
          schemas: {
            public: {
              tables: {
                users: {
                  columns: {
                    email: { hashed: true },
                    notes: { enabled: false },
                    phone: { enabled: false, hashed: true },
                  },
                },
                orders: { enabled: false, columns: { total: { hashed: true } } },
              },
            },
            audit: { enabled: false, tables: { log: {} } },
          },
        }),
      ],
    },
  );
  expect((await copy(sandbox, { dry_run: 'true' })).log).toContain(
    'the selection of 1 of 3 tables (1 column hashed, 2 excluded). ' +
      'Left out: config.retired, networking_method: Pigeon.',
  );
});

test('a re-run follows production as it is then', async () => {
  const sandbox = await open({ selection });
  await copy(sandbox);
  const again = await copy(sandbox, { if_exists: 'update', update_secrets: 'false' });
  expect(again.outputs.result).toBe('reused');
  const stored = sandbox.state.connections.get('production');
  if (stored) stored.sent.config.host = 'other.example.com';
  const after = await copy(sandbox, { if_exists: 'update', update_secrets: 'false' });
  expect(bodies(after, 'patch')).toEqual([{ config: { host: 'other.example.com' } }]);
});

test.each(['ALLOW_ALL', 'ALLOW_COLUMNS', 'BLOCK_ALL'])(
  'under a written %s, what production hashes or excludes stays so',
  async (policy) => {
    const sandbox = await open({ selection });
    const run = await copy(sandbox, { schema_change_handling: policy });
    expect(failureOf(run)).toBe('');
    const id = run.outputs.connection_id ?? '';
    expect(sandbox.selection(id)).toEqual(sandbox.selection('production'));
    expect(sandbox.state.connections.get(id)?.schemaConfig?.schema_change_handling).toBe(policy);
  },
);

test('what is written about a table changes that table alone', async () => {
  const sandbox = await open({ selection });
  const run = await copy(sandbox, {
    schemas: {
      public: {
        tables: {
          customers: { columns: { country: { hashed: true } } },
          orders: { enabled: true },
        },
      },
    },
  });
  expect(failureOf(run)).toBe('');
  // Those of users, and of the table whose columns are written.
  const reads = run.sent.slice(0, run.sent.indexOf('create'));
  expect(reads.filter((request) => request === 'list columns')).toHaveLength(2);
  expect(sandbox.selection(run.outputs.connection_id ?? '')).toEqual({
    ...sandbox.selection('production'),
    'public.customers': {
      columns: ['id', 'name', 'country', 'created_at'],
      hashed: ['country'],
    },
    'public.orders': {
      columns: ['id', 'customer_id', 'total', 'currency', 'created_at'],
      hashed: [],
    },
  });
});

test('what belongs to a group is not copied to another one', async () => {
  const sandbox = await open();
  const run = await copy(sandbox, { group_id: 'quaint_harbor', networking_method: 'Directly' });
  const [request] = bodies(run, 'create');
  expect(request).toMatchObject({ group_id: 'quaint_harbor', networking_method: 'Directly' });
  expect(request).not.toHaveProperty('destination_configuration');
});

test('a source whose group is unknown is copied whole to the group in group_id', async () => {
  const { sync_frequency: _, ...fields } = production;
  const data = { id: 'production', schema: 'production', ...fields };
  const sandbox = await open({}, { faults: [answering('/v1/connections/production', data)] });
  const run = await copy(sandbox, { group_id: 'quaint_harbor' });
  expect(bodies(run, 'create')).toMatchObject([
    { group_id: 'quaint_harbor', destination_configuration: { virtual_warehouse: 'LARGE' } },
  ]);
});

describe('the name of a copy', () => {
  const file = { service: 's3', config: { schema: 'crm', table_group_name: 'main' } };
  const crm = { service: '15five', config: { schema: 'crm' } };
  const guessed: SandboxOptions = {
    namingFields: 'none',
    faults: [{ method: 'GET', path: '/v1/metadata/*', nth: 'all', kind: 'status', status: 403 }],
  };

  test.each<[string, Seed, object, string[], SandboxOptions?]>([
    ['lacks its second field', file, { config: { schema: 'pr' } }, ['config.table_group_name']],
    ['has another second field', file, { config: { schema: 'pr', table: 'x' } }, []],
    ['lacks its first field', file, { config: { table: 'x' } }, ['config.schema']],
    ['has a field that is guessed', crm, { config: { schema_prefix: 'pr' } }, [], guessed],
    ['lacks the field that is guessed', crm, { config: {} }, ['config.schema'], guessed],
    ['has a field of another kind', crm, { config: { schema_prefix: 'pr' } }, ['config.schema']],
    ['is that of the source in its group', crm, { config: { schema: 'CRM' } }, ['config.schema']],
    [
      'is that of the source in another group',
      crm,
      { group_id: 'quaint_harbor', config: { schema: 'crm' } },
      [],
    ],
  ])('%s', async (_what, source, inputs, fields, options = {}) => {
    const sandbox = await openSandbox({ ...options, connections: groupOf({ crm: source }) });
    const run = await copy(sandbox, { copy_from: 'crm', ...inputs });
    const errors = annotated(run, 'error').filter((error) => error.includes('copy_from'));
    expect(errors.map((error) => error.split(':')[0])).toEqual(fields);
  });
});

describe('before any change', () => {
  test.each<[string, Record<string, unknown>, object, string]>([
    [
      'a missing secret',
      { config: { schema_prefix: 'pr_42' } },
      {},
      'config.password: required with copy_from: the source has this secret',
    ],
    [
      'a missing name',
      { config: { password: 'x' } },
      {},
      'config.schema_prefix: required with copy_from: it names the copy, and the name of connection production is not copied.',
    ],
    [
      'the name of the source itself',
      { config: { schema_prefix: 'Production', password: 'x' } },
      {},
      'config.schema_prefix: must not be the name of connection production itself',
    ],
    ['another service', { service: 'mysql' }, {}, 'service: must be postgres, the service of'],
    ['an unknown source', { copy_from: 'staging' }, {}, 'copy_from: connection staging does not'],
    [
      'a source of which nothing syncs',
      {},
      { selection: { schemas: { public: { enabled: false }, audit: { enabled: false } } } },
      'cannot be copied: no table of it syncs.',
    ],
    [
      'tables without a policy, where the source has none',
      { schemas: { public: {} } },
      {},
      'schema_change_handling: required with schemas.',
    ],
  ])('%s is an error', async (_what, inputs, more, message) => {
    const sandbox = await open(more);
    const run = await copy(sandbox, inputs);
    expect(run.exitCode).toBe(1);
    expect(annotated(run, 'error')).toEqual([
      expect.stringContaining(message),
      '1 problem with the inputs. Nothing was changed in Fivetran.',
    ]);
    expect(run.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(run.outputs).toMatchObject({ result: '', connections: '{}' });
  });

  test('a source that cannot be read is an error', async () => {
    const sandbox = await open(
      {},
      {
        faults: [
          { method: 'GET', path: '/v1/connections/production', kind: 'status', status: 403 },
        ],
      },
    );
    const run = await copy(sandbox);
    expect(annotated(run, 'error')[0]).toMatch(
      /^copy_from: Could not read connection production.* Check that the API key's role/,
    );
    expect(run.summary).toContain('Could not read connection');
    expect(run.ids).toEqual(['production']);
  });

  const tree = { schema_change_handling: 'BLOCK_ALL', schemas: {} };
  const users = { columns: { x: { hashed: true } } };
  const tables = {
    users,
    orders: { ...users, enabled: false },
    fixed: { ...users, supports_columns_config: false },
  };
  const schemas = '/v1/connections/production/schemas';
  const columns = '/v1/connections/production/schemas/*/columns';

  test.each<[string, Fault[], RegExp]>([
    [
      'cannot be read',
      [on('read schemas', { kind: 'status', status: 403, nth: 'all' })],
      /^copy_from: Could not read .*403.*\. [A-Z].*\.$/,
    ],
    [
      'has an unknown policy',
      [answering(schemas, { ...tree, schema_change_handling: 'ASK' })],
      /^copy_from: the selection of connection production .* its schema_change_handling is ASK\.$/,
    ],
    [
      'has no policy',
      [answering(schemas, { schemas: {} })],
      / its schema_change_handling is missing\.$/,
    ],
    [
      'has columns that cannot be listed',
      [
        answering(schemas, {
          ...tree,
          schemas: { public: { tables } },
        }),
        { method: 'GET', path: columns, nth: 'all', kind: 'status', status: 403 },
      ],
      / could not list the columns of public\.users and public\.orders, of which BLOCK_ALL/,
    ],
  ])('a selection that %s is an error', async (_what, faults, message) => {
    const run = await copy(await open({}, { faults }));
    expect(annotated(run, 'error')[0]).toMatch(message);
    expect(run.ids).toEqual(['production']);
  });

  test('each secret is named, and a nested one with its field', async () => {
    const sandbox = await openSandbox({
      services: 'any',
      connections: groupOf({
        events: {
          service: 'events',
          config: {
            schema: 'events',
            api_key: 'a secret',
            hook: { token: 'a third' },
            hooks: [{ name: 'a', token: 'another secret' }],
          },
        },
      }),
    });
    const run = await copy(sandbox, { copy_from: 'events', config: { schema: 'pr_42' } });
    expect(annotated(run, 'error').slice(0, 3)).toEqual([
      expect.stringMatching(
        /^config\.api_key: .* Set config\.api_key, for example to \$\{NAME\}\.$/,
      ),
      expect.stringMatching(/^config\.hook\.token: required.* Write all of config\.hook,/),
      expect.stringMatching(/^config\.hooks\[0\]\.token: required.* Write all of config\.hooks/),
    ]);
  });
});

test.each(['', null])('a secret may be written as %j', async (password) => {
  const run = await copy(await open(), { config: { schema_prefix: 'pr_42', password } });
  expect(annotated(run, 'error').join()).not.toContain('copy_from');
});

describe('a warning', () => {
  const auth = { client_access: { client_id: 'a', client_secret: 'b' } };
  const unread = { method: 'GET', path: '/v1/metadata/*', nth: 'all', kind: 'status', status: 403 };

  test.each<[string, object, SandboxOptions, string[]]>([
    ['is of auth that the source may have', {}, {}, ['Service salesforce takes auth']],
    ['is not of auth that is written', { auth }, {}, []],
    [
      'is of metadata that could not be read',
      {},
      { faults: [unread as Fault] },
      ['The metadata of service salesforce could not be read'],
    ],
  ])('%s', async (_what, inputs, options, warnings) => {
    const connections = groupOf({ crm: { service: 'salesforce', config: { schema: 'crm' } } });
    const sandbox = await openSandbox({ ...options, connections });
    const run = await copy(sandbox, { copy_from: 'crm', config: { schema: 'pr_42' }, ...inputs });
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning')).toEqual(
      warnings.map((warning) => expect.stringContaining(warning)),
    );
    expect(run.log).toMatch(/Copied from connection crm: [04] fields of config/);
    expect(run.log).not.toContain('undefined');
  });

  test('has the name of its entry in a manifest', async () => {
    const connections = groupOf({ crm: { service: 'salesforce', config: { schema: 'crm' } } });
    const preview = { copy_from: 'crm', config: { schema: 'pr_43' } };
    const run = await runStep({ manifest: { connections: { preview } } }, { connections });
    expect(annotated(run, 'warning').join()).toMatch(/preview: .*Service salesforce takes auth/);
  });
});

test('a removal does not read the source', async () => {
  const sandbox = await open();
  await copy(sandbox);
  const run = await copy(sandbox, {
    state: 'absent',
    group_id: 'decent_dropsy',
    config: { schema_prefix: 'pr_42' },
  });
  expect(run.outputs.result).toBe('deleted');
  expect(run.sent).toEqual(['look up', 'delete']);
});

test.each<[Record<string, unknown>, string]>([
  [{ group_id: 'decent_dropsy', config: { schema_prefix: 'production' } }, 'look up'],
  [{ connection_id: 'production', config: '' }, 'read'],
])('a removal never deletes the connection that copy_from names: %j', async (removal, sent) => {
  const run = await copy(await open(), { state: 'absent', ...removal });
  expect(failureOf(run)).toContain(
    'Connection production is the one that copy_from names, so it is not deleted.',
  );
  expect(run.sent).toEqual([sent]);
});

describe('a manifest', () => {
  const entry = (prefix: string, more: object = {}) => ({
    copy_from: 'production',
    config: { schema_prefix: prefix, password: '${PASSWORD}' },
    ...more,
  });
  const env = { PASSWORD: 'the password of the preview' };

  test('reads each source once', async () => {
    const sandbox = await open({ selection });
    const manifest = { connections: { a: entry('pr_a'), b: entry('pr_b') } };
    const run = await runStep({ manifest, env }, { sandbox });
    expect(failureOf(run)).toBe('');
    expect(run.requests.filter(({ path }) => path === '/v1/connections/production').length).toBe(1);
    expect(run.requests.filter(({ path }) => /production\/.*columns$/.test(path)).length).toBe(1);
    const names = run.connections.map(({ schema }) => schema);
    expect(names).toEqual(['production', 'pr_a', 'pr_b']);
    for (const id of run.ids) {
      expect(sandbox.selection(id)).toEqual(sandbox.selection('production'));
    }
  });

  test.each<[string, VirtualWorld]>([
    ['read connection production: Fivetran answered 401', { scenario: 'unauthorized' }],
    [
      'The run was cancelled',
      { onLine: (line, { cancel }) => /GET .*production/.test(line) && cancel() },
    ],
  ])('says once what concerns all copies: %s', async (what, world) => {
    const other = entry('pr_b', { copy_from: 'staging' });
    const manifest = { connections: { a: entry('pr_a'), b: other, c: other } };
    const run = await runStep({ manifest, env, inputs: { max_parallel: 1 } }, world);
    expect(annotated(run, 'error')).toEqual([
      expect.stringContaining(what),
      '1 problem with the inputs. Nothing was changed in Fivetran.',
    ]);
  });

  test('names the line of what a copy lacks', async () => {
    const sandbox = await open();
    const manifest = [
      'connections:',
      '  crm:',
      '    group_id: decent_dropsy',
      '    service: 15five',
      '    config: { schema: crm }',
      '  preview:',
      '    copy_from: production',
      '    config:',
      '      schema_prefix: pr_42',
    ].join('\n');
    const run = await runStep({ manifest }, { sandbox });
    expect(run.log).toMatch(
      /^::error file=manifest\.yml,line=8::connections\.preview\.config\.password: required/m,
    );
    expect(run.ids).toEqual(['production']);
  });

  test('finds entries of the same name once their groups are known', async () => {
    const sandbox = await open();
    const written = (config: object) => ({ group_id: 'decent_dropsy', service: 'x', config });
    const elsewhere = { group_id: 'quaint_harbor', networking_method: 'Directly' };
    const connections = {
      a: written({ schema_prefix: 'PR_1' }),
      b: entry('pr_1'),
      c: entry('pr_1', elsewhere),
      d: entry('pr_2'),
      e: entry('pr_2'),
      nameless: written({}),
      nameless_too: written({}),
    };
    const run = await runStep({ manifest: { connections }, env }, { sandbox });
    expect(annotated(run, 'error')).toEqual([
      expect.stringMatching(
        /^connections\.b: .*same group and connection name as connections\.a\./,
      ),
      expect.stringMatching(
        /^connections\.e: .*same group and connection name as connections\.d\./,
      ),
      '2 problems with the inputs. Nothing was changed in Fivetran.',
    ]);
    expect(run.ids).toEqual(['production']);
  });
});
