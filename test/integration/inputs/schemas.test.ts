import type { SchemaSelection } from '../../../src/inputs/spec.ts';
import { entriesIn, linesOf, presentIn, read, readManifest } from './reading.ts';

const selectionOf = async (
  schema_change_handling: string,
  schemas: string,
  env: Record<string, string> = {},
): Promise<SchemaSelection | undefined> =>
  presentIn(await read({ schema_change_handling, schemas }, env)).selection;

const problemsOf = async (inputs: Record<string, string>, env: Record<string, string> = {}) =>
  linesOf(await read(inputs, env));

const table = (columns?: object) => ({ enabled: true, sync_mode: undefined, columns });

test('a selection says of everything that is listed whether it is enabled', async () => {
  const schemas = `
public:
  tables:
    orders: {}
    items:
    users:
      sync_mode: HISTORY
      columns:
        email: {hashed: true}
        name: {hashed: false}
        id:
        notes: {enabled: false}
    logs: {enabled: false}
audit: {enabled: false}
crm:`;
  expect(await selectionOf('ALLOW_COLUMNS', schemas)).toEqual({
    schema_change_handling: 'ALLOW_COLUMNS',
    schemas: {
      public: {
        enabled: true,
        tables: {
          orders: table(),
          items: table(),
          users: {
            enabled: true,
            sync_mode: 'HISTORY',
            columns: {
              email: { enabled: true, hashed: true },
              name: { enabled: true, hashed: false },
              id: { enabled: true, hashed: undefined },
              notes: { enabled: false, hashed: undefined },
            },
          },
          logs: { ...table(), enabled: false },
        },
      },
      audit: { enabled: false, tables: undefined },
      crm: { enabled: true, tables: undefined },
    },
  });
});

test('nothing is selected when nothing is given', async () => {
  expect(presentIn(await read()).selection).toBeUndefined();
});

test('ALLOW_ALL alone sets the policy', async () => {
  expect(presentIn(await read({ schema_change_handling: 'ALLOW_ALL' })).selection).toEqual({
    schema_change_handling: 'ALLOW_ALL',
    schemas: {},
  });
});

test('neither is a field of the request', async () => {
  const inputs = { schema_change_handling: 'BLOCK_ALL', schemas: 'public:' };
  expect(Object.keys(presentIn(await read(inputs)).request)).toEqual([
    'group_id',
    'service',
    'config',
  ]);
});

test('names may hold ${NAME} at every level, and are otherwise kept as they are', async () => {
  const schemas = '"${S}_x": {tables: {"${T}": {columns: {"Größe $${A}": }}}}';
  const selection = await selectionOf('BLOCK_ALL', schemas, { S: 'Public', T: '$weird.Name' });
  expect(selection?.schemas).toEqual({
    Public_x: {
      enabled: true,
      tables: {
        '$weird.Name': table({ 'Größe ${A}': { enabled: true, hashed: undefined } }),
      },
    },
  });
});

test('names that objects have of their own are names like any other', async () => {
  const schemas = '{"__proto__": {"tables": {"constructor": {"columns": {"__proto__": null}}}}}';
  const { schemas: selected } = (await selectionOf('BLOCK_ALL', schemas)) ?? {};
  expect(JSON.stringify(selected)).toBe(
    '{"__proto__":{"enabled":true,"tables":{"constructor":{"enabled":true,"columns":{"__proto__":{"enabled":true}}}}}}',
  );
});

test('text stands for a boolean where it is one', async () => {
  const selection = await selectionOf('ALLOW_ALL', 'a: {enabled: "false"}\nb: {enabled: "${ON}"}', {
    ON: 'true',
  });
  expect(selection?.schemas).toMatchObject({ a: { enabled: false }, b: { enabled: true } });
});

test('all mistakes are found at once, with their paths', async () => {
  const schemas = `
public:
  tabels: {}
  tables:
    users:
      enabled: "yes"
      sync_mode: LIFE
      columns:
        email: {hashd: true}
        phone: {hashed: 1}
        name: true
    orders: [a]
  constructor: 1
other: x
third:
  tables: [a, b]`;
  expect(await problemsOf({ schema_change_handling: 'ALLOW_ALL', schemas })).toEqual([
    'schemas.public.tabels: unknown field. Did you mean tables?',
    'schemas.public.tables.users.enabled: must be true or false, got "yes".',
    'schemas.public.tables.users.sync_mode: must be SOFT_DELETE, HISTORY, or LIVE, got "LIFE".',
    'schemas.public.tables.users.columns.email.hashd: unknown field. Did you mean hashed?',
    'schemas.public.tables.users.columns.phone.hashed: must be true or false, got 1.',
    'schemas.public.tables.users.columns.name: must be a mapping of names to values, got a boolean.',
    'schemas.public.tables.orders: must be a mapping of names to values, got a list.',
    'schemas.public.constructor: unknown field. Known fields: enabled, tables.',
    'schemas.other: must be a mapping of names to values, got a string.',
    'schemas.third.tables: must be a mapping of names to values, got a list.',
  ]);
});

test('schemas need a policy', async () => {
  for (const schemas of ['public:', '{}']) {
    expect(await problemsOf({ schemas })).toEqual([
      expect.stringMatching(/^schema_change_handling: required with schemas\. .*ALLOW_COLUMNS/),
    ]);
  }
});

test.each([
  ['no schemas', ''],
  ['an empty mapping', '{}'],
  ['disabled schemas alone', 'a: {enabled: false}'],
  ['disabled tables alone', 'a: {tables: {x: {enabled: false}}}'],
])('ALLOW_COLUMNS and BLOCK_ALL with %s would sync nothing', async (_what, schemas) => {
  for (const schema_change_handling of ['ALLOW_COLUMNS', 'BLOCK_ALL']) {
    expect(await problemsOf({ schema_change_handling, schemas })).toEqual([
      expect.stringMatching(`^schemas: nothing would sync: ${schema_change_handling} needs`),
    ]);
  }
  expect(await problemsOf({ schema_change_handling: 'ALLOW_ALL', schemas })).toEqual([]);
});

test('tables cannot be listed under a disabled schema', async () => {
  const schemas = 'a: {enabled: false, tables: {x: }}\nb: {enabled: false}\nc:';
  expect(await problemsOf({ schema_change_handling: 'ALLOW_COLUMNS', schemas })).toEqual([
    'schemas.a.tables: tables cannot be listed under a schema with enabled: false.',
  ]);
});

test.each([
  ['public: {tables: {}}', 'schemas.public.tables: lists no tables.'],
  [
    'public: {tables: {users: {columns: {}}}}',
    'schemas.public.tables.users.columns: lists no columns.',
  ],
])('an empty list is refused, since it could mean all or none: %s', async (schemas, problem) => {
  expect(await problemsOf({ schema_change_handling: 'ALLOW_ALL', schemas })).toEqual([
    expect.stringContaining(problem),
  ]);
});

test('two names may not become the same one', async () => {
  const schemas = `
public: {tables: {"\${A}": , "\${B}": , x: {columns: {id: , "\${ID}": }}}}
"pub\${LIC}":`;
  const env = { A: 'hunter2', B: 'hunter2', ID: 'id', LIC: 'lic' };
  const message = 'becomes the same name as another one here, once ${NAME} is replaced.';
  expect(await problemsOf({ schema_change_handling: 'ALLOW_ALL', schemas }, env)).toEqual([
    `schemas.public.tables.\${B}: ${message}`,
    `schemas.public.tables.x.columns.\${ID}: ${message}`,
    `schemas.pub\${LIC}: ${message}`,
  ]);
});

test('a name may not become empty, and its variable must be set', async () => {
  const schemas = '"${EMPTY}": \n"${UNSET}":';
  expect(await problemsOf({ schema_change_handling: 'ALLOW_ALL', schemas }, { EMPTY: '' })).toEqual(
    [
      'schemas.${EMPTY}: empty name.',
      expect.stringMatching(/^schemas\.\$\{UNSET\}: environment variable UNSET is not set/),
    ],
  );
});

test('a selection needs a tested connection', async () => {
  const inputs = { run_setup_tests: 'false', schema_change_handling: 'ALLOW_ALL', schemas: 'a:' };
  expect(await problemsOf(inputs)).toEqual([expect.stringMatching(/^run_setup_tests: must not/)]);
  expect(await problemsOf({ ...inputs, if_exists: 'update' })).toEqual([]);
});

describe('in a manifest', () => {
  const defaults = {
    group_id: 'g',
    service: 's',
    schema_change_handling: 'ALLOW_COLUMNS',
    schemas: {
      public: {
        tables: {
          users: {
            sync_mode: 'HISTORY',
            columns: { email: { hashed: true }, notes: { enabled: false } },
          },
          logs: { enabled: false },
        },
      },
      audit: { tables: { trail: {} } },
    },
  };
  const selectionIn = async (schemas: object | null, inputs: Record<string, string> = {}) => {
    const connections = { crm: { config: { schema: 'crm' }, schemas } };
    const [entry] = entriesIn(await readManifest({ defaults, connections }, inputs));
    return entry?.spec.state === 'present' ? entry.spec.selection?.schemas : undefined;
  };

  test('selections merge by name at every level', async () => {
    const own = {
      public: {
        tables: {
          users: { columns: { phone: { hashed: true }, notes: { enabled: true, hashed: true } } },
          logs: {},
          orders: null,
        },
      },
      crm: null,
    };
    expect(await selectionIn(own)).toEqual({
      public: {
        enabled: true,
        tables: {
          users: {
            enabled: true,
            sync_mode: 'HISTORY',
            columns: {
              email: { enabled: true, hashed: true },
              notes: { enabled: true, hashed: true },
              phone: { enabled: true, hashed: true },
            },
          },
          // Listing it again does not undo the default; enabled: true would.
          logs: { ...table(), enabled: false },
          orders: table(),
        },
      },
      audit: { enabled: true, tables: { trail: table() } },
      crm: { enabled: true, tables: undefined },
    });
  });

  test('an entry undoes a default with enabled: true, and drops one with enabled: false', async () => {
    const own = { public: { tables: { logs: { enabled: true } } }, audit: { enabled: false } };
    const selected = await selectionIn(own);
    expect(selected?.public?.tables?.logs?.enabled).toBe(true);
    expect(selected?.audit).toEqual({ enabled: false, tables: undefined });
  });

  test('the inputs are below the defaults', async () => {
    const schemas = 'audit: {tables: {trail: {enabled: false}, more: }}\nother:';
    const selected = await selectionIn(null, { schemas });
    expect(Object.keys(selected ?? {})).toEqual(['audit', 'other', 'public']);
    expect(selected?.audit?.tables).toEqual({
      trail: { ...table(), enabled: false },
      more: table(),
    });
  });

  test('listing tables does not enable a schema that is disabled below', async () => {
    const connections = { crm: { config: { schema: 'crm' } } };
    const reading = await readManifest(
      { defaults, connections },
      { schemas: 'audit: {enabled: false}' },
    );
    expect(linesOf(reading)).toEqual([
      expect.stringMatching(/connections\.crm\.schemas\.audit\.tables: tables cannot be listed/),
    ]);
  });

  test('names merge after substitution, whatever they were written as', async () => {
    const env = { PUBLIC: 'public' };
    const connections = {
      crm: {
        config: { schema: 'crm' },
        schemas: { '${PUBLIC}': { tables: { logs: { enabled: true } } } },
      },
    };
    const [entry] = entriesIn(await readManifest({ defaults, connections }, {}, env));
    expect(entry?.spec).toMatchObject({
      selection: { schemas: { public: { tables: { logs: { enabled: true }, users: {} } } } },
    });
  });

  test('problems have the line of the table or column', async () => {
    const yaml = `defaults: {group_id: g, service: s}
connections:
  crm:
    schema_change_handling: BLOCK_ALL
    schemas:
      public:
        tables:
          users:
            columns:
              email:
                hashd: true
  ads:
    config: {schema: ads}
    schemas:
      public:
  mail:
    config: {schema: mail}
    schema_change_handling: BLOCK_ALL
    schemas:
      public: {enabled: false}
`;
    expect(linesOf(await readManifest(yaml))).toEqual([
      'manifest.yml:11: connections.crm.schemas.public.tables.users.columns.email.hashd: unknown field. Did you mean hashed?',
      expect.stringMatching(
        /^manifest\.yml:12: connections\.ads\.schema_change_handling: required/,
      ),
      expect.stringMatching(/^manifest\.yml:19: connections\.mail\.schemas: nothing would sync/),
    ]);
  });
});

test('five thousand tables are read without delay', async () => {
  const tables = Object.fromEntries(
    Array.from({ length: 5000 }, (_, at) => [`table_${at}`, { columns: { id: null } }]),
  );
  const begin = performance.now();
  const selection = await selectionOf('ALLOW_COLUMNS', JSON.stringify({ public: { tables } }));
  expect(Object.keys(selection?.schemas.public?.tables ?? {})).toHaveLength(5000);
  expect(performance.now() - begin).toBeLessThan(5000);
});
