import { closeAll } from '../fault-run.ts';
import { rehearsing } from './rehearsing.ts';
import { act, existing } from './scene.ts';

afterEach(closeAll);

const database = {
  schema_prefix: 'billing',
  host: 'db.example.com',
  port: 5432,
  user: 'fivetran',
  password: 'password-of-billing',
  database: 'billing',
};
const postgres = (more: object = {}) => ({ service: 'postgres', config: { ...database, ...more } });
const without = (name: string) =>
  Object.fromEntries(Object.entries(database).filter(([key]) => key !== name));

test('with nothing amiss it says what a real run would do', async () => {
  const step = await act({ inputs: { dry_run: true, ...postgres() } });
  expect(step.sent.toSorted()).toEqual(['group', 'look up', 'metadata']);
  const paths = step.requests.map(({ path }) => path);
  expect(paths).toContain('/v1/groups/decent_dropsy');
  expect(paths).toContain('/v1/metadata/connector-types/postgres');
  expect(step.exitCode).toBe(0);
  expect(step.outputs).toEqual({ result: 'planned' });
  expect(step.annotations).toEqual([]);
  for (const text of [step.log, step.summary]) {
    expect(text).toMatch(/Create .*postgres connection named billing in group decent_dropsy/);
    expect(text).toMatch(/nothing was changed/);
  }
  expect(step.ids).toEqual([]);
});

test('all that is wrong is told at once, and fails the step', async () => {
  const config = { ...database, hots: 'x', port: 'five', has_heartbeat_table: true };
  const step = await act({ inputs: { dry_run: true, service: 'postgres', config } });
  expect(step.requests.map(({ method }) => method)).toEqual(step.requests.map(() => 'GET'));
  expect(step.exitCode).toBe(1);
  expect(step.outputs.result).toBe('planned');
  const [hots, port, warning, failure] = [
    'config.hots is unknown; nearest is host.',
    'config.port takes an integer, and got a string.',
    'config.has_heartbeat_table is not generally available (private preview).',
    expect.stringMatching(/^Dry run: 2 problems found, and nothing was changed/),
  ];
  const told = (level: string) => step.annotations.filter((one) => one.level === level);
  expect(told('error').map(({ message }) => message)).toEqual([port, hots, failure]);
  expect(told('warning').map(({ message }) => message)).toEqual([warning]);
  for (const words of [hots, port, warning]) expect(step.summary).toContain(words);
  expect(step.printed).not.toContain('password-of-billing');
});

test.each([
  ['an unknown name', { hots: 'x' }, 'config.hots is unknown; nearest is host.'],
  ['an unknown name like no other', { wallpaper: 'x' }, 'config.wallpaper is unknown.'],
  ['a text for a number', { port: '5432' }, 'config.port takes an integer, and got a string.'],
  ['a part of a number', { port: 54.32 }, 'config.port takes an integer, and got a number.'],
  ['a number for a text', { user: 7 }, 'config.user takes a string, and got an integer.'],
  ['nothing for a text', { user: null }, 'config.user takes a string, and got a null.'],
  [
    'a text for a boolean',
    { always_encrypted: 'yes' },
    'config.always_encrypted takes a boolean, and got a string.',
  ],
  [
    'a value that is not listed',
    { update_method: 'WAL_PGOUTPUTS' },
    'config.update_method takes XMIN, WAL_PGOUTPUT or TELEPORT, and got "WAL_PGOUTPUTS"; nearest is WAL_PGOUTPUT.',
  ],
  [
    'a field of Fivetran’s own',
    { public_key: 'ssh-rsa AAAA' },
    'config.public_key is read-only: Fivetran sets it itself.',
  ],
  [
    'a mapping for a secret',
    { password: { inner: 'x' } },
    'config.password takes a string, and got an object.',
  ],
])('%s is a problem', async (_what, more, problem) => {
  const run = await rehearsing({ spec: postgres(more) });
  expect(run.problems).toEqual([problem]);
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toContain(problem);
});

test.each(Object.keys(database).filter((name) => name !== 'schema_prefix'))(
  'that config has no %s is a problem',
  async (name) => {
    const run = await rehearsing({ spec: { service: 'postgres', config: without(name) } });
    expect(run.problems).toEqual([`config.${name} is required, and missing.`]);
    expect(run.verdict.grade).toBe('failed');
  },
);

test('problems deep inside are told with their place', async () => {
  const { problems } = await rehearsing({
    spec: {
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
    },
  });
  expect(problems).toEqual([
    'config.reports[1].tabel is unknown; nearest is table.',
    expect.stringMatching(/^config\.reports\[1\]\.report_type takes .*nearest is KEYWORDS/),
    'config.reports[1].table is required, and missing.',
    'config.accounts[1] takes a string, and got an integer.',
    'auth.client_access.client_secret is required, and missing.',
    'auth.refresh_tokens is unknown; nearest is refresh_token.',
  ]);
});

test.each([
  [
    'a field that is not generally available',
    postgres({ has_heartbeat_table: true }),
    'config.has_heartbeat_table is not generally available (private preview).',
  ],
  [
    'a service in beta',
    { service: 'buildkite', config: { schema: 'builds', api_token: 'token' } },
    'Service buildkite is not generally available (beta).',
  ],
  [
    'a service that ends',
    { service: 'uservoice', config: { schema: 'voices', subdomain: 'x' } },
    'Service uservoice is not generally available (sunset).',
  ],
])('%s is a warning', async (_what, spec, warning) => {
  const run = await rehearsing({ spec });
  expect([run.problems, run.warnings]).toEqual([[], [warning]]);
  expect(run.verdict.grade).toBe('warned');
  expect(run.plan).toEqual([expect.stringMatching(/^Create/)]);
});

const sheet = { schema: 'plans', table: 'q1', sheet_id: 'https://example.com/s', named_range: 'a' };
test.each([
  ['a nullable field that is null', postgres({ tunnel_host: null })],
  ['the name of a table', { service: 'google_sheets', config: sheet }],
  ['that the tests will trust all', { ...postgres(), trust_fingerprints: true }],
])('%s is no problem', async (_what, spec) => {
  const run = await rehearsing({ spec });
  expect([run.problems, run.warnings]).toEqual([[], []]);
  expect(run.verdict.grade).toBe('passed');
});

test('what is there is checked as far as it is given', async () => {
  const connections = [existing({ service: 'postgres', config: { schema_prefix: 'billing' } })];
  const config = { schema_prefix: 'billing', prot: 5432 };
  const spec = { service: 'postgres', config, if_exists: 'update' } as const;
  const { problems } = await rehearsing({ connections, spec });
  expect(problems).toEqual(['config.prot is unknown; nearest is port.']);
});
