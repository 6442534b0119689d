import { failureOf } from '../harness/reading.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { readable } from '../project/markup.ts';

/** A dry run, and what its log says; it must not have changed anything. */
async function runDry(inputs: Record<string, unknown>, world: VirtualWorld = {}) {
  const run = await runStep({ inputs: { dry_run: true, ...inputs } }, world);
  expect(run.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(run.outputs.result).toBe('planned');
  const marked = (mark: string): string[] =>
    run.log.split('\n').flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []));
  const titled = (wanted: string): string[] =>
    run.annotations
      .filter(({ level, title }) => level === wanted && title === 'Dry run')
      .map(({ message }) => message);
  return {
    ...run,
    problems: titled('error'),
    warnings: titled('warning'),
    plan: marked('Plan: '),
    changes: marked('Change: '),
  };
}

/** Where Fivetran's reference lists the fields of a service. */
const fieldsOf = (service: string): string =>
  `The fields of ${service}: https://fivetran.com/docs/rest-api/api-reference/connections/create-connection?service=${service}`;

const database = {
  schema_prefix: 'billing',
  host: 'db.example.com',
  port: 5432,
  user: 'fivetran',
  password: 'password-of-billing',
  database: 'billing',
};
const postgres = (more: object = {}) => ({ service: 'postgres', config: { ...database, ...more } });
const complete = { config: { schema: 'crm', api_key: 'key-of-the-source' } };

test('a dry run without problems says what a real run would do', async () => {
  const run = await runDry(postgres());
  expect(run.sent.toSorted()).toEqual(['group', 'look up', 'metadata']);
  const paths = run.requests.map(({ path }) => path);
  expect(paths).toContain('/v1/groups/decent_dropsy');
  expect(paths).toContain('/v1/metadata/connector-types/postgres');
  expect(run.exitCode).toBe(0);
  expect(run.annotations.filter(({ level }) => level !== 'notice')).toEqual([]);
  for (const text of [run.log, readable(run.summary)]) {
    expect(text).toContain('Create the postgres connection billing in group decent_dropsy');
    expect(text).toMatch(/dry run/i);
  }
  expect(run.ids).toEqual([]);
});

test('all problems are reported at once and fail the step', async () => {
  const config = { ...database, hots: 'x', port: 'five', has_heartbeat_table: true };
  const run = await runDry({ service: 'postgres', config });
  expect(run.exitCode).toBe(1);
  const problems = [
    `config.hots: unknown field. Did you mean host? ${fieldsOf('postgres')}`,
    'config.port: must be an integer, got "five".',
  ];
  const warning = 'config.has_heartbeat_table: not generally available (private preview).';
  expect(run.problems.toSorted()).toEqual(problems);
  expect(failureOf(run)).toMatch(/dry run found 2 problems/);
  expect(run.warnings).toEqual([warning]);
  for (const words of [...problems, warning])
    expect(readable(run.summary).split(words)).toHaveLength(2);
  expect(run.printed).not.toContain('password-of-billing');
});

test.each([
  [
    'an unknown field',
    { hots: 'x' },
    `config.hots: unknown field. Did you mean host? ${fieldsOf('postgres')}`,
  ],
  [
    'an unknown field like no other',
    { wallpaper: 'x' },
    `config.wallpaper: unknown field. ${fieldsOf('postgres')}`,
  ],
  [
    'text for a number',
    { port: '5432' },
    'config.port: must be an integer, got "5432". Remove the quotes.',
  ],
  ['a fraction', { port: 54.32 }, 'config.port: must be an integer, got 54.32.'],
  ['a number for text', { user: 7 }, 'config.user: must be a string, got 7. Put it in quotes.'],
  ['null for text', { user: null }, 'config.user: must be a string, got nothing.'],
  [
    'text for a boolean',
    { always_encrypted: 'yes' },
    'config.always_encrypted: must be true or false, got "yes".',
  ],
  [
    'a mapping for a secret',
    { password: { inner: 'x' } },
    'config.password: must be a string, got a mapping.',
  ],
])('%s is a problem', async (_what, more, problem) => {
  const run = await runDry(postgres(more));
  expect(run.problems).toEqual([problem]);
  expect(run.exitCode).toBe(1);
});

test('problems deep inside are reported with their path', async () => {
  const { problems, warnings } = await runDry({
    service: 'google_ads',
    config: {
      schema: 'ads',
      sync_mode: 'AllAccounts',
      reports: [
        { table: 'a', report_type: 'KEYWORDS' },
        { tabel: 'b', report_type: 'KEYWORD' },
      ],
      accounts: ['1', 2],
    },
    auth: { client_access: { client_id: 'id' }, refresh_tokens: 'x' },
  });
  expect(problems).toContain(
    `config.reports[1].tabel: unknown field. Did you mean table? ${fieldsOf('google_ads')}`,
  );
  expect(problems).toContain(
    `auth.refresh_tokens: unknown field. Did you mean refresh_token? ${fieldsOf('google_ads')}`,
  );
  expect(problems).toContain('config.accounts[1]: must be a string, got 2. Put it in quotes.');
  expect(warnings).toEqual([
    expect.stringMatching(
      /^config\.reports\[1\]\.report_type: .*Did you mean KEYWORDS\? It lists /,
    ),
  ]);
});

test.each([
  [
    'a value that the metadata does not list',
    postgres({ update_method: 'TELEPORT' }),
    /^config\.update_method: got "TELEPORT", which Fivetran's metadata does not list/,
  ],
  ['a read-only field', postgres({ public_key: 'ssh-rsa AAAA' }), /^config\.public_key: read-only/],
  [
    'a field that is not generally available',
    postgres({ has_heartbeat_table: true }),
    /^config\.has_heartbeat_table: not generally available/,
  ],
  [
    'an OAuth service that cannot be authorized through the API',
    { service: 'salesforce', config: { schema: 'crm' } },
    /^Service salesforce cannot be authorized through the API.*connect_card_config/,
  ],
  [
    'a service in beta',
    { service: 'buildkite', config: { schema: 'builds', api_token: 'token' } },
    /^Service buildkite is not generally available \(beta\)/,
  ],
  [
    'a service that is being retired',
    { service: 'uservoice', config: { schema: 'voices', subdomain: 'x' } },
    /^Service uservoice is not generally available \(sunset\)/,
  ],
  [
    'a selection from a schema that was not read yet',
    { ...complete, schema_change_handling: 'ALLOW_ALL' },
    /names in schemas cannot be verified/,
  ],
  [
    'a name that Fivetran will normalize',
    { config: { schema: 'Crm-PR 7', api_key: 'key' } },
    /will name the connection crm_pr_7, not Crm-PR 7/,
  ],
])('%s is a warning', async (_what, inputs, warning) => {
  const run = await runDry(inputs);
  expect(run.problems).toEqual([]);
  expect(run.warnings).toEqual([expect.stringMatching(warning)]);
  expect(run.exitCode).toBe(0);
  expect(run.plan[0]).toMatch(/^Create/);
});

const sheet = { schema: 'plans', table: 'q1', sheet_id: 'https://example.com/s', named_range: 'a' };
const { table: _, ...withoutTable } = sheet;
test.each([
  ['a nullable field that is null', postgres({ tunnel_host: null })],
  ['the name of a table', { service: 'google_sheets', config: sheet }],
  ['a missing table', { service: 'google_sheets', config: withoutTable }],
  ['trusting every host key', { ...postgres(), trust_fingerprints: true }],
])('%s is not a problem', async (_what, inputs) => {
  const run = await runDry(inputs);
  expect([run.problems, run.warnings]).toEqual([[], []]);
  expect(run.exitCode).toBe(0);
});

test('only the given fields of an existing connection are checked', async () => {
  const connections = [existing({ service: 'postgres', config: { schema_prefix: 'billing' } })];
  const config = { schema_prefix: 'billing', prot: 5432 };
  const inputs = { service: 'postgres', config, if_exists: 'update' };
  const { problems } = await runDry(inputs, { connections });
  expect(problems).toEqual([
    `config.prot: unknown field. Did you mean port? ${fieldsOf('postgres')}`,
  ]);
});

describe('the plan', () => {
  const seeded = (seed: object = {}) => ({
    connections: [existing({ sync_frequency: 60, ...seed })],
  });

  test.each([
    ['an unknown group', { group_id: 'none' }, ['group none']],
    ['an unknown service', { service: 'fifteen' }, ['service fifteen']],
    ['both', { group_id: 'none', service: 'fifteen' }, ['group none', 'service fifteen']],
  ])('is empty for %s', async (_what, inputs, words) => {
    const run = await runDry({ ...complete, ...inputs });
    expect(run.problems).toEqual(words.map((word) => expect.stringMatching(`${word}.*404`)));
    expect(run.exitCode).toBe(1);
    expect(run.plan).toEqual([]);
  });

  test.each([
    ['/v1/groups/{id}', /whether the group exists was not checked.*DESTINATION READ/],
    [
      '/v1/metadata/connector-types/{service}',
      /fields of config and auth were not checked.*ACCOUNT READ/,
    ],
  ])('warns of what may not be read: %s', async (path, warning) => {
    const faults = [{ method: 'GET', path, kind: 'status', status: 403 } as const];
    const run = await runDry(complete, { faults });
    expect(run.warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('a refused key pair fails', async () => {
    const run = await runStep({ inputs: { dry_run: true, api_secret: 'wrong' } });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/401.*api_key and api_secret/);
  });

  test('an existing name would fail, and its id is named', async () => {
    const run = await runDry({}, { connections: [existing()] });
    expect(run.exitCode).toBe(1);
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toMatch(
        /already has a connection of this name: crm_id.*Set if_exists to reuse/s,
      );
    }
    expect(run.outputs.connection_id).toBe('crm_id');
    expect(run.plan).toEqual([]);
  });

  test.each([
    ['reuse', { sync_frequency: 5 }, ['Use connection crm_id unchanged.', 'Run the setup tests.']],
    ['reuse', { run_setup_tests: false }, ['Use connection crm_id unchanged.']],
    [
      'update',
      { sync_frequency: 5 },
      ['Update 1 field of connection crm_id, and send 1 secret again.', 'Run the setup tests.'],
    ],
    [
      'update',
      { config: { schema: 'crm' }, sync_frequency: 5 },
      ['Update 1 field of connection crm_id.', 'Run the setup tests.'],
    ],
    [
      'update',
      { config: { schema: 'crm' } },
      ['Use connection crm_id unchanged.', 'Run the setup tests.'],
    ],
    [
      'reuse',
      { wait_for_sync: true, sync_timeout_minutes: 7, run_setup_tests: false },
      ['Use connection crm_id unchanged.', expect.stringMatching(/^Start a sync .* 7 minutes/)],
    ],
  ])('of %s with %j says what would happen', async (if_exists, inputs, plan) => {
    const run = await runDry({ ...complete, if_exists, ...inputs }, seeded());
    expect(run.plan).toEqual(plan);
    expect(run.problems).toEqual([]);
    expect(run.exitCode).toBe(0);
    expect(run.outputs.connection_id).toBe('crm_id');
    expect(run.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 60 }]);
  });

  test('of an update shows each change, old and new, without secrets', async () => {
    const run = await runDry(
      { ...complete, if_exists: 'update', sync_frequency: 5 },
      seeded({ config: { schema: 'crm', api_key: 'an-older-key' } }),
    );
    expect(run.changes).toHaveLength(2);
    expect(run.changes.join('\n')).toMatch(/sync_frequency.*60.*5/);
    expect(run.changes.join('\n')).toMatch(/config\.api_key/);
    for (const text of [run.printed]) expect(text).not.toMatch(/key-of-the-source|an-older-key/);
    expect(run.summary).toMatch(/sync_frequency.*60.*5/);
  });

  test.each(['fail', 'reuse', 'update'])(
    'of another service under that name fails with if_exists: %s',
    async (if_exists) => {
      const run = await runDry({ ...complete, if_exists }, seeded({ service: 'github' }));
      expect(run.problems).toEqual([expect.stringMatching(/crm_id, whose service is github/)]);
      expect(run.exitCode).toBe(1);
    },
  );

  test.each(['fail', 'reuse', 'update'])(
    'of a connection that does not exist is a create with if_exists: %s',
    async (if_exists) => {
      const config = { schema: 'other', api_key: 'key' };
      const run = await runDry({ if_exists, config }, seeded());
      expect(run.plan[0]).toBe('Create the 15five connection other in group decent_dropsy.');
      expect(run.exitCode).toBe(0);
    },
  );

  test('of a connection under its normalized name warns of that name, and of no other', async () => {
    const inputs = { ...complete, if_exists: 'reuse' };
    const config = { schema: 'Crm', api_key: 'key-of-the-source' };
    const renamed = await runDry({ ...inputs, config }, seeded());
    expect(renamed.warnings).toEqual([
      expect.stringMatching(/^Fivetran named the connection crm, not Crm/),
    ]);
    expect((await runDry(inputs, seeded())).warnings).toEqual([]);
  });

  const untested = { run_setup_tests: false };
  const selecting = { ...untested, schema_change_handling: 'ALLOW_ALL', if_exists: 'update' };

  test.each<[object, object, string[], string[]]>([
    [{ setup_state: 'incomplete' }, {}, [], ['The setup of connection crm_id is incomplete.']],
    [{ setup_state: 'broken' }, {}, [], ['The setup of connection crm_id is broken.']],
    [
      { setup_state: 'broken' },
      untested,
      [expect.stringMatching(/crm_id is broken, .* untested/)],
      [],
    ],
    [
      { paused: true },
      {},
      [],
      [expect.stringMatching(/^Connection crm_id is paused\. Set paused/)],
    ],
    [{ paused: true }, { if_exists: 'update', paused: true }, [], []],
    [{ destination_schema_names: 'SOURCE_NAMING' }, {}, [], []],
    [
      { destination_schema_names: 'SOURCE_NAMING' },
      { if_exists: 'update' },
      [],
      [expect.stringMatching(/^destination_schema_names stays SOURCE_NAMING/)],
    ],
    [
      { setup_state: 'incomplete' },
      selecting,
      [],
      [
        'The setup of connection crm_id is incomplete.',
        expect.stringMatching(/selection .* not be applied, .* connection crm_id has .* untested/),
      ],
    ],
  ])(
    'of a connection that is %j with %j tells of its state',
    async (seed, more, problems, warnings) => {
      const run = await runDry({ ...complete, if_exists: 'reuse', ...more }, seeded(seed));
      expect(run.problems).toEqual(problems);
      expect(run.warnings).toEqual(warnings);
    },
  );

  test('of a sync that cannot start is a problem', async () => {
    const inputs = { ...complete, if_exists: 'reuse', wait_for_sync: true };
    const run = await runDry(inputs, seeded({ paused: true }));
    expect(run.problems).toEqual([expect.stringMatching(/crm_id .*paused/)]);
    expect(run.plan.join()).not.toMatch(/Start a sync/);
    expect(run.exitCode).toBe(1);
    const unpaused = { ...inputs, if_exists: 'update', paused: false };
    expect((await runDry(unpaused, seeded({ paused: true }))).problems).toEqual([]);
  });

  test('of an update with a selection begins with the update', async () => {
    const selecting = { schema_change_handling: 'ALLOW_ALL', paused: false };
    const inputs = { ...complete, ...selecting, if_exists: 'update', sync_frequency: 5 };
    const { plan } = await runDry(inputs, seeded({ paused: true }));
    expect(plan[0]).toMatch(/^Update 1 field of connection crm_id/);
    expect(plan.at(-1)).toBe('Unpause connection crm_id.');
  });

  describe('of a deletion', () => {
    const byId = { group_id: '', service: '', config: '', connection_id: 'crm_id' };
    const byName = { service: '' };

    test.each([
      ['by id', byId, 'read'],
      ['by name', byName, 'look up'],
    ])('names the connection (%s)', async (_how, inputs, find) => {
      const run = await runDry({ state: 'absent', ...inputs }, seeded());
      expect(run.sent).toEqual([find]);
      expect(run.plan).toEqual(['Delete connection crm_id.']);
      expect(run.exitCode).toBe(0);
      expect(run.outputs.connection_id).toBe('crm_id');
    });

    test.each([
      ['by id', { ...byId, connection_id: 'other_id' }],
      ['by name', { ...byName, config: { schema: 'other' } }],
    ])('says when there is nothing to delete (%s)', async (_how, inputs) => {
      const run = await runDry({ state: 'absent', ...inputs }, seeded());
      expect(run.plan).toEqual(['Nothing to do: the connection does not exist.']);
      expect(run.exitCode).toBe(0);
    });

    test('fails for a connection of another service', async () => {
      const run = await runDry({ state: 'absent', ...byId, service: 'github' }, seeded());
      expect(run.problems).toEqual([expect.stringMatching(/crm_id.*service is 15five.*github/)]);
    });
  });
});
