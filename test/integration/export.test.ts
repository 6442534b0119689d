import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../harness/cleanup.ts';
import { exportGroup, noPlainInputs, planFile, valuesFor } from '../harness/exports.ts';
import { answering, on } from '../harness/faults.ts';
import { entriesOf } from '../harness/manifests.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { groupOf, openSandbox } from '../harness/sandboxes.ts';

const billing = {
  service: 'postgres',
  config: {
    schema_prefix: 'billing',
    host: 'db.example.com',
    port: 5432,
    password: 'the password of billing',
    database: 'no',
    user: '${USER}',
    public_key: 'ssh-rsa AAAA',
    tunnel_host: null,
  },
};
const files = {
  service: 's3',
  config: {
    schema: 'files',
    table_group_name: 'daily',
    access_key_id: 'AKIA',
    access_key_secret: 'the secret of files',
    files: [{ table_name: 'a' }, { table_name: 'b', file_pattern: '3.10' }],
  },
};

test('a group becomes a manifest without secrets, empty values, and read-only fields', async () => {
  const sandbox = await openSandbox({
    connections: groupOf({
      s: files,
      b: { ...billing, sync_frequency: 1440, daily_sync_time: '14:00', paused: true },
    }),
  });
  const run = await exportGroup(sandbox);
  expect(run.exitCode).toBe(0);
  expect(run.text.split('\n')).toEqual([
    '# yaml-language-server: $schema=https://raw.githubusercontent.com/OWNER/fivetran-connection-action/v1/schema/manifest.schema.json',
    '# The connections of group decent_dropsy.',
    "# Set these variables in the step's env:",
    '#   BILLING_PASSWORD',
    '#   FILES_DAILY_ACCESS_KEY_ID',
    '#   FILES_DAILY_ACCESS_KEY_SECRET',
    'defaults:',
    '  group_id: decent_dropsy',
    'connections:',
    '  billing:',
    '    service: postgres',
    '    config:',
    '      schema_prefix: billing',
    '      database: "no"',
    '      host: db.example.com',
    '      password: ${BILLING_PASSWORD}',
    '      port: 5432',
    '      user: $${USER}',
    '    paused: true',
    '    sync_frequency: 1440',
    '    daily_sync_time: "14:00"',
    '  files.daily:',
    '    service: s3',
    '    config:',
    '      schema: files',
    '      table_group_name: daily',
    '      access_key_id: ${FILES_DAILY_ACCESS_KEY_ID}',
    '      access_key_secret: ${FILES_DAILY_ACCESS_KEY_SECRET}',
    '      files:',
    '        - file_pattern: "3.10"',
    '          table_name: b',
    '        - table_name: a',
    '',
  ]);
  expect(run.outputs).toMatchObject({ result: 'exported', group_id: 'decent_dropsy', error: '' });
  expect(entriesOf(run)).toEqual({
    billing: {
      connection_id: 'b',
      result: 'exported',
      plan: null,
      setup_state: 'connected',
      failed_tests: [],
      error: null,
    },
    'files.daily': expect.objectContaining({ connection_id: 's', result: 'exported' }),
  });
  expect(run.summary).toContain('  BILLING_PASSWORD: ${{ secrets.BILLING_PASSWORD }}');
  expect(run.log).toMatch(/^The file refers to \d variables?: .*BILLING_PASSWORD/m);
  const plan = await planFile(sandbox, run.text);
  expect(plan.exitCode).toBe(0);
  expect(plan.summary).toContain('would reuse 2 Fivetran connections');
});

test('what cannot be exported is named', async () => {
  const sandbox = await openSandbox({
    connections: groupOf({
      billing: {
        ...billing,
        config: { ...billing.config, retired: 'x' },
        networking_method: 'UnmanagedProxyAgent',
        sync_frequency: 60,
        data_delay_threshold: 7,
      },
      crm: { service: 'salesforce', config: { schema: 'crm' } },
    }),
    faults: [{ method: 'GET', path: '/v1/connections/crm/schemas', kind: 'status', status: 403 }],
  });
  const run = await exportGroup(sandbox);
  expect(run.exitCode).toBe(0);
  for (const text of [run.log, run.summary.replace(/<\/?code>/g, '')]) {
    expect(text).toContain('config.retired');
    expect(text).toContain('networking_method: UnmanagedProxyAgent');
    expect(text).toContain('auth (an OAuth authorization)');
    expect(text).toContain('table selection (403 Forbidden)');
  }
  expect(run.text).not.toMatch(/retired|Unmanaged|threshold/);
});

describe('a table selection', () => {
  const schemas = { public: { tables: { a: {} } } };
  const all = { schema_change_handling: 'ALLOW_ALL', schemas };
  const none = 'table selection (nothing syncs)';
  const unnamed = 'table selection (a name in it is empty)';
  const off = { enabled: false };
  const partly = {
    schema_change_handling: 'BLOCK_ALL',
    schemas: {
      public: {
        tables: {
          users: {
            sync_mode: 'HISTORY',
            columns: { email: { hashed: true }, phone: { enabled: false, hashed: true } },
          },
          orders: { enabled: false, columns: { total: { hashed: true } } },
        },
      },
      audit: { enabled: false, tables: { log: {} } },
    },
  };
  const listed = (columns: object) => ({
    schema_change_handling: 'BLOCK_ALL',
    schemas: { public: { tables: { users: { sync_mode: 'HISTORY', columns } } } },
  });
  const [email, phone] = [{ hashed: true }, { enabled: false, hashed: true }];

  test.each<[string, object, object, string?, object?]>([
    [
      'of an unknown policy',
      { ...all, schema_change_handling: 'ASK' },
      {},
      'table selection (schema_change_handling is ASK)',
    ],
    ['without a policy', { schemas }, {}, 'table selection (schema_change_handling is missing)'],
    ['with an unnamed schema', { ...all, schemas: { '': off, ...schemas } }, {}, unnamed],
    [
      'with an unnamed column',
      { ...all, schemas: { b: { tables: { a: { columns: { '': email } }, b: {} } }, c: off } },
      {},
      unnamed,
    ],
    [
      'without a synced table',
      { ...all, schemas: { a: { tables: { b: off } } } },
      { paused: true },
      none,
    ],
    [
      'of a schema that is off',
      { ...all, schemas: { a: { ...off, tables: { b: {} } } } },
      { paused: true },
      none,
    ],
    [
      'of nothing',
      { ...all, schemas: {}, schema_change_handling: 'BLOCK_ALL' },
      { paused: true },
      none,
    ],
    ['of all that will come', { ...all, schemas: {} }, { schema_change_handling: 'ALLOW_ALL' }],
    [
      'of a schema without tables',
      { ...all, schemas: { a: {} } },
      { schema_change_handling: 'ALLOW_ALL' },
    ],
    [
      'of columns that could not be listed',
      partly,
      listed({ email, phone }),
      'all columns of public.users (they could not be listed)',
    ],
    ['of columns', partly, listed({ id: {}, email, phone }), '', { id: {}, email: {} }],
  ])('%s', async (_what, tree, entry, missing = '', columns: object | undefined = undefined) => {
    const run = await exportGroup(
      await openSandbox({
        connections: groupOf({ crm: { service: '15five', config: { schema: 'crm' } } }),
        faults: [
          answering('/v1/connections/crm/schemas', tree),
          columns
            ? answering('/v1/connections/crm/schemas/*/columns', { columns })
            : on('list columns', { kind: 'status', status: 403, nth: 'all' }),
        ],
      }),
    );
    expect(run.file.connections.crm).toEqual({
      ...{ service: '15five', config: { schema: 'crm' } },
      ...entry,
    });
    expect(run.log.match(/^crm: not exported: (.*)\.$/m)?.[1] ?? '').toBe(missing);
  });
});

test('a connection that cannot be read is left out and fails the step after the others are written', async () => {
  const sandbox = await openSandbox({
    connections: groupOf({ crm: {}, hr: {}, gone: {}, old: {} }),
    faults: [
      { method: 'GET', path: '/v1/connections/hr', kind: 'status', status: 403 },
      {
        method: 'GET',
        path: '/v1/connections/old',
        kind: 'status',
        status: 404,
        body: { code: 'NotFound_Connection', message: 'No.' },
      },
    ],
  });
  const run = await exportGroup(sandbox);
  expect(run.exitCode).toBe(1);
  expect(Object.keys(run.file.connections)).toEqual(['crm', 'gone']);
  expect(run.text).toContain('#   hr: Could not read connection hr');
  expect(run.text).toContain('#   old: Connection old no longer exists.');
  expect(run.summary).toContain('Could not read connection hr');
  expect(entriesOf(run).hr).toMatchObject({ result: '', error: expect.stringContaining('403') });
  expect(failureOf(run)).toBe(
    'Exported 2 connections of group decent_dropsy to out.yml. 2 connections could not be read and are not in the file.',
  );
  expect(annotated(run, 'error')[0]).toMatch(/^hr: Could not read connection hr/);
});

test('a group of which no connection can be read gives no file', async () => {
  const sandbox = await openSandbox({
    connections: groupOf({ hr: {} }),
    faults: [{ method: 'GET', path: '/v1/connections/hr', kind: 'status', status: 403 }],
  });
  const run = await exportGroup(sandbox);
  expect(failureOf(run)).toContain('No connection could be read, so no file was written.');
  expect(run.text).toBe('');
});

test.each<[string, object, RegExp]>([
  ['service', { service: null }, /^crm: .*: the response has no usable service\.$/],
  ['config', { config: 'none' }, /^crm: .*: the response has no usable config\.$/],
])('a connection without a usable %s cannot be read', async (_what, lack, message) => {
  const data = { id: 'crm', service: '15five', schema: 'crm', group_id: 'decent_dropsy', ...lack };
  const sandbox = await openSandbox({
    connections: groupOf({ crm: {} }),
    faults: [answering('/v1/connections/crm', data)],
  });
  expect(annotated(await exportGroup(sandbox), 'error')[0]).toMatch(message);
});

test('a connection may have no config', async () => {
  const data = { id: 'crm', service: '15five', schema: 'crm', group_id: 'decent_dropsy' };
  const sandbox = await openSandbox({
    connections: groupOf({ crm: {} }),
    faults: [answering('/v1/connections/crm', data)],
  });
  expect((await exportGroup(sandbox)).file.connections.crm?.config).toEqual({ schema: 'crm' });
});

test.each<[number, 'all' | 'none', RegExp]>([
  [403, 'all', / \(403 Forbidden\), so .* of config\. A system key needs .* ACCOUNT READ/],
  [404, 'all', / \(404 Not Found\), so .* of config\.$/],
  [404, 'none', /, and the fields that name the connection are guessed\.$/],
])(
  'without metadata, all is kept but secrets, and a warning says so (%i, %s)',
  async (status, namingFields, warning) => {
    const sandbox = await openSandbox({
      namingFields,
      connections: groupOf({ billing }),
      faults: [
        { method: 'GET', path: '/v1/metadata/connector-types/postgres', kind: 'status', status },
      ],
    });
    const run = await exportGroup(sandbox);
    expect(run.exitCode).toBe(0);
    expect(run.file.connections.billing?.config).toMatchObject({
      public_key: expect.any(String),
      password: '${BILLING_PASSWORD}',
    });
    const [said = ''] = annotated(run, 'warning');
    expect(said).toMatch(/^billing: The metadata of .* read-only fields may be among those/);
    expect(said).toMatch(warning);
  },
);

test('one connection is exported alone, if it is in the group', async () => {
  const sandbox = await openSandbox({ connections: groupOf({ crm: {}, hr: {} }) });
  const one = await exportGroup(sandbox, { connection_id: 'hr' });
  expect(Object.keys(one.file.connections)).toEqual(['hr']);
  expect(one.sent).not.toContain('look up');
  expect(one.log).not.toContain('not exported');
  const other = await exportGroup(sandbox, { connection_id: 'hr', group_id: 'quaint_harbor' });
  expect(failureOf(other)).toContain(
    'Connection hr is in group decent_dropsy, not quaint_harbor. Check connection_id and group_id.',
  );
  expect(other.text).toBe('');
});

test('an empty group gives an empty manifest, and an unknown one an error', async () => {
  const sandbox = await openSandbox();
  const empty = await exportGroup(sandbox);
  expect(empty.file).toEqual({ defaults: { group_id: 'decent_dropsy' }, connections: {} });
  expect(annotated(empty, 'warning')).toEqual([
    'Group decent_dropsy has no connections, so the manifest is empty.',
  ]);
  sandbox.fault({ method: 'GET', path: '/v1/groups/{id}', kind: 'status', status: 403 });
  expect((await exportGroup(sandbox)).file).toEqual(empty.file);
  const unknown = await exportGroup(sandbox, { group_id: 'nowhere' });
  expect(failureOf(unknown)).toContain('Nothing was exported from group nowhere. Could not read');
  expect(failureOf(unknown)).toContain("It must be the group's ID");
  expect(unknown.text).toBe('');
});

test('a connection of which nothing syncs is exported paused and without a selection', async () => {
  const sandbox = await openSandbox({
    connections: groupOf({
      crm: {
        service: 'salesforce',
        config: { schema: 'crm' },
        selection: {
          schema_change_handling: 'BLOCK_ALL',
          schemas: { salesforce: { enabled: false } },
        },
      },
    }),
  });
  const run = await exportGroup(sandbox);
  expect(run.exitCode).toBe(0);
  expect(run.file.connections.crm).toMatchObject({ paused: true });
  expect(run.file.connections.crm).not.toHaveProperty('schemas');
  expect(run.summary).toContain('No table of the connection syncs');
});

test('hostile names, values and errors cannot break the file or the log', async () => {
  const names = [
    ...['__proto__', 'constructor', 'a: b', '# x', '- x', '${HOME}', 'x\ny: z', '::error::x'],
    ...['"', "'", '\u202eevil', '\ud800', '\u0000', '<<', '3.10', 'no', 'x'.repeat(1500), '***'],
    ...['GITHUB_token', '0', '_', '🙂', 'a b', 'A_B', '%0A::warning::y', '</pre><b>'],
    ...['input', 'ACTIONS_x'],
  ];
  const connections = names.map((name, at) => ({
    id: `id_${at}`,
    service: 'unknown',
    schema: name,
    config: { schema: name, api_key: 'the secret value', [name]: name, nested: { '': name } },
  }));
  const sandbox = await openSandbox({
    services: 'any',
    connections,
    faults: [
      {
        method: 'GET',
        path: '/v1/connections/id_3',
        kind: 'status',
        status: 400,
        body: { code: 'Bad', message: 'evil\nconnections: {}\n::error::z' },
      },
    ],
  });
  const run = await exportGroup(sandbox);
  expect(run.outputs.result).toBe('exported');
  expect(Object.keys(run.file)).toEqual(['defaults', 'connections']);
  expect(Object.keys(run.file.connections)).toHaveLength(names.length - 1);
  expect(run.text).not.toMatch(/the secret value|\*{6}/);
  expect(run.log).not.toMatch(/^::(error|warning)::[xyz]/m);
  const variables = run.text.match(/^# {3}\w+$/gm) ?? [];
  expect(new Set(variables).size).toBe(variables.length);
  for (const name of variables)
    expect(name).toMatch(/^# {3}(?!GITHUB_|RUNNER_|INPUT_|ACTIONS_|\d)[A-Z0-9_]+$/);
  const same = await runStep(
    {
      manifest: run.text,
      inputs: { if_exists: 'update', update_secrets: 'false' },
      env: valuesFor(run.text),
    },
    { sandbox },
  );
  expect(same.requests.filter(({ method }) => ['PATCH', 'DELETE'].includes(method))).toEqual([]);
});

describe('before any request', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['another ending', { export_to: 'out.json' }, 'must end in .yml or .yaml'],
    ['a missing folder', { export_to: 'missing/out.yml' }, 'a folder that does not exist'],
    ['no group', { group_id: '' }, 'group_id: required with export_to.'],
    ['a service', { service: 'postgres' }, 'service: must not be set together with export_to'],
    ['a dry run', { dry_run: 'true' }, 'dry_run: must not be set together with export_to'],
    ['a wait', { wait_for_sync: 'true' }, 'wait_for_sync: must not be set'],
    ['a removal', { state: 'absent' }, 'state: must not be set together with export_to'],
    ['a selection', { schemas: { public: {} } }, 'schemas: must not be set'],
    ['a manifest', { manifest: 'fivetran.yml' }, 'manifest: must not be set'],
    ['a copy', { copy_from: 'crm' }, 'copy_from: must not be set'],
    ['pins', { trusted_fingerprints: `SHA256:${'A'.repeat(43)}` }, 'trusted_fingerprints: must'],
  ])('an export with %s is refused', async (_what, inputs, message) => {
    const sandbox = await openSandbox({ connections: groupOf({ crm: {} }) });
    const run = await exportGroup(sandbox, inputs);
    expect(run.exitCode).toBe(1);
    expect(run.sent).toEqual([]);
    expect(annotated(run, 'error').join('\n')).toContain(message);
  });

  test.each<[string, (path: string) => void]>([
    ['a file', (path) => writeFileSync(path, 'mine')],
    ['a folder', (path) => mkdirSync(path)],
    ['a link to nothing', (path) => symlinkSync('nowhere', path)],
  ])('%s of that name is never replaced', async (_what, create) => {
    const folder = temporaryFolder();
    create(join(folder, 'out.yml'));
    const run = await runStep({
      inputs: { ...noPlainInputs, group_id: 'decent_dropsy', export_to: 'out.yml' },
      env: { GITHUB_WORKSPACE: folder },
    });
    expect(run.sent).toEqual([]);
    expect(annotated(run, 'error')[0]).toContain('"out.yml" already exists');
  });

  test('inputs with their default values are no reason to refuse', async () => {
    const sandbox = await openSandbox({ connections: groupOf({ crm: {} }) });
    const inputs = {
      state: 'present',
      dry_run: 'false',
      if_exists: 'fail',
      update_secrets: 'true',
    };
    expect((await exportGroup(sandbox, inputs)).exitCode).toBe(0);
  });
});

test('a file that appears while the group is read is not replaced, and nothing is left behind', async () => {
  const folder = temporaryFolder();
  const sandbox = await openSandbox({ connections: groupOf({ crm: {} }) });
  const run = await runStep(
    {
      inputs: { ...noPlainInputs, group_id: 'decent_dropsy', export_to: 'out.yml' },
      env: { GITHUB_WORKSPACE: folder },
    },
    {
      sandbox,
      onLine: (line) => {
        if (line.startsWith('Reading ')) writeFileSync(join(folder, 'out.yml'), 'mine');
      },
    },
  );
  expect(failureOf(run)).toContain('out.yml appeared in the meantime, and is not replaced.');
  expect(run.outputs).toMatchObject({ result: '', error: expect.stringContaining('out.yml') });
  expect(readdirSync(folder)).toEqual(['out.yml']);
});

test('a cancelled export leaves no file', async () => {
  const folder = temporaryFolder();
  const run = await runStep(
    {
      inputs: { ...noPlainInputs, group_id: 'decent_dropsy', export_to: 'out.yml' },
      env: { GITHUB_WORKSPACE: folder },
    },
    {
      connections: groupOf({ crm: {}, hr: {} }),
      faults: [{ method: 'GET', path: '/v1/connections/hr', kind: 'hang' }],
      onLine: (line, { cancel }) => {
        if (line.endsWith('fault hang')) cancel();
      },
    },
  );
  expect(failureOf(run)).toContain('The run was cancelled');
  expect(run.exitCode).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ['acme/fivetran-connection-action', 'acme'],
  ['acme', 'OWNER'],
  ['a b/fivetran-connection-action', 'OWNER'],
])('of the action in %s, the file names the schema of %s', async (repository, owner) => {
  const folder = temporaryFolder();
  await runStep({
    inputs: { ...noPlainInputs, group_id: 'decent_dropsy', export_to: 'out.yml' },
    env: { GITHUB_WORKSPACE: folder, GITHUB_ACTION_REPOSITORY: repository },
  });
  expect(readFileSync(join(folder, 'out.yml'), 'utf8')).toContain(
    `https://raw.githubusercontent.com/${owner}/fivetran-connection-action/v1/schema/`,
  );
});
