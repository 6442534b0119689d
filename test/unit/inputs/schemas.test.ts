import { pathAsWritten } from '../../../src/inputs/selection.ts';
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

test('a selection states for every listed item whether it is enabled', async () => {
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
crm: {enabled: , tables: }`;
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

test('without schemas and policy there is no selection', async () => {
  expect(presentIn(await read()).selection).toBeUndefined();
});

test('ALLOW_ALL alone sets the policy', async () => {
  expect(presentIn(await read({ schema_change_handling: 'ALLOW_ALL' })).selection).toEqual({
    schema_change_handling: 'ALLOW_ALL',
    schemas: {},
  });
});

test('schemas and policy are not part of the request', async () => {
  const inputs = { schema_change_handling: 'BLOCK_ALL', schemas: 'public:' };
  expect(Object.keys(presentIn(await read(inputs)).request)).toEqual([
    'group_id',
    'service',
    'config',
  ]);
});

test('${NAME} is replaced in names at every level; other names stay unchanged', async () => {
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

test('a selection knows the names that were written with ${NAME}', async () => {
  const schemas = '"${S}": {tables: {"${T}_x": {columns: {"${C}": , id: }}, orders: }}';
  const selection = await selectionOf('BLOCK_ALL', schemas, { S: 'public', T: 't', C: 'c' });
  const shown = (...path: string[]) => pathAsWritten(path, selection ?? {});
  expect(shown('public', 't_x', 'c')).toEqual(['${S}', '${T}_x', '${C}']);
  expect(shown('public', 'orders', 'c')).toEqual(['${S}', 'orders', 'c']);
  const plain = await selectionOf('BLOCK_ALL', 'public: {tables: {orders: }}');
  expect(pathAsWritten(['public', 'orders'], plain ?? {})).toEqual(['public', 'orders']);
});

test.each([
  ['a schema', '{"": {}}'],
  ['a table', '{"public": {"tables": {"": {}}}}'],
  ['a column', 'public: {tables: {orders: {columns: {"": }}}}'],
  ['a field', 'public: {"": 1}'],
])('an empty key for %s is one problem', async (_, schemas) => {
  expect(await problemsOf({ schema_change_handling: 'ALLOW_ALL', schemas })).toEqual([
    expect.stringMatching(/: empty key at line 1\.$/),
  ]);
});

test.each([
  ['the file', '{"": 1, "connections": {"crm": {"group_id": "g", "service": "s"}}}'],
  ['an entry', '{"connections": {"crm": {"group_id": "g", "service": "s", "": 1}}}'],
])('an empty key in %s of a manifest is one problem', async (_, manifest) => {
  expect(linesOf(await readManifest(manifest))).toEqual([
    expect.stringMatching(/: empty key at line 1\.$/),
  ]);
});

test('names of built-in object properties are ordinary names', async () => {
  const schemas = '{"__proto__": {"tables": {"constructor": {"columns": {"__proto__": null}}}}}';
  const { schemas: selected } = (await selectionOf('BLOCK_ALL', schemas)) ?? {};
  expect(JSON.stringify(selected)).toBe(
    '{"__proto__":{"enabled":true,"tables":{"constructor":{"enabled":true,"columns":{"__proto__":{"enabled":true}}}}}}',
  );
});

test('text is read as a boolean', async () => {
  const selection = await selectionOf('ALLOW_ALL', 'a: {enabled: "false"}\nb: {enabled: "${ON}"}', {
    ON: 'true',
  });
  expect(selection?.schemas).toMatchObject({ a: { enabled: false }, b: { enabled: true } });
});

test('all problems are reported at once, with their paths', async () => {
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
        id: {is_primary_key: 1}
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
    'schemas.public.tables.users.columns.id.is_primary_key: must be true or false, got 1.',
    'schemas.public.tables.users.columns.name: must be a mapping of names to values, got a boolean.',
    'schemas.public.tables.orders: must be a mapping of names to values, got a list.',
    'schemas.public.constructor: unknown field. Known fields: enabled, tables.',
    'schemas.other: must be a mapping of names to values, got a string.',
    'schemas.third.tables: must be a mapping of names to values, got a list.',
  ]);
});

test('schemas require a policy', async () => {
  for (const schemas of ['public:', '{}']) {
    expect(await problemsOf({ schemas })).toEqual([
      expect.stringMatching(/^schema_change_handling: required with schemas\. .*ALLOW_COLUMNS/),
    ]);
  }
  expect(await problemsOf({ schema_change_handling: 'ALLOW', schemas: 'public:' })).toHaveLength(1);
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
  const schemas =
    'a: {enabled: false, tables: {x: }}\nb: {enabled: false}\nc: {tables: {x: , y: {enabled: false, columns: {id: }}}}';
  expect(await problemsOf({ schema_change_handling: 'ALLOW_COLUMNS', schemas })).toEqual([
    'schemas.a.tables: tables cannot be listed under a schema with enabled: false.',
  ]);
});

test.each([
  [
    'public: {tables: {}}',
    'schemas.public.tables: must not be empty. Leave it out to sync all tables,',
  ],
  [
    'public: {tables: {users: {columns: {}}}}',
    'schemas.public.tables.users.columns: must not be empty. Leave it out to sync all columns,',
  ],
])('an empty list is refused because it could mean all or none: %s', async (schemas, problem) => {
  expect(await problemsOf({ schema_change_handling: 'BLOCK_ALL', schemas })).toEqual([
    expect.stringContaining(problem),
  ]);
});

test('names that become equal after substitution are refused', async () => {
  const schemas = `
public: {tables: {"\${A}": , "\${B}": , x: {columns: {id: , "\${ID}": }}}}
"pub\${LIC}":`;
  const env = { A: 'hunter2', B: 'hunter2', ID: 'id', LIC: 'lic' };
  const message = 'has the same name as another item once ${NAME} is replaced.';
  expect(await problemsOf({ schema_change_handling: 'ALLOW_ALL', schemas }, env)).toEqual([
    `schemas.public.tables.\${B}: ${message}`,
    `schemas.public.tables.x.columns.\${ID}: ${message}`,
    `schemas.pub\${LIC}: ${message}`,
  ]);
});

test('a name that becomes empty or uses an unset variable is refused', async () => {
  const schemas = '"${EMPTY:-}": \n"${UNSET}":';
  expect(await problemsOf({ schema_change_handling: 'ALLOW_ALL', schemas }, { EMPTY: '' })).toEqual(
    [
      'schemas.${EMPTY:-}: empty name.',
      expect.stringMatching(/^schemas\.\$\{UNSET\}: environment variable UNSET is not set/),
    ],
  );
});

test('a selection requires a tested connection', async () => {
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

  test('an entry overrides a default with enabled: true or enabled: false', async () => {
    const own = { public: { tables: { logs: { enabled: true } } }, audit: { enabled: false } };
    const selected = await selectionIn(own);
    expect(selected?.public?.tables?.logs?.enabled).toBe(true);
    expect(selected?.audit).toEqual({ enabled: false, tables: undefined });
  });

  test('the defaults override the inputs', async () => {
    const schemas = 'audit: {tables: {trail: {enabled: false}, more: }}\nother:';
    const selected = await selectionIn(null, { schemas });
    expect(Object.keys(selected ?? {})).toEqual(['audit', 'other', 'public']);
    expect(selected?.audit?.tables).toEqual({
      trail: { ...table(), enabled: false },
      more: table(),
    });
  });

  test('listing tables does not enable a schema that a layer below disables', async () => {
    const selected = await selectionIn(null, { schemas: 'audit: {enabled: false}' });
    expect(selected?.audit).toEqual({ enabled: false, tables: undefined });
  });

  test('tables under a disabled schema are an error in the layer that writes both', async () => {
    const connections = {
      crm: {
        config: { schema: 'crm' },
        schemas: { audit: { enabled: true }, raw: { enabled: false, tables: { x: null } } },
      },
    };
    expect(linesOf(await readManifest({ defaults, connections }))).toEqual([
      expect.stringMatching(/connections\.crm\.schemas\.raw\.tables: tables cannot be listed/),
    ]);
  });

  describe('an item that a layer disables comes back complete when one above enables it', () => {
    const users = { columns: { email: { hashed: true }, notes: { enabled: false } } };
    const own = { sync_mode: 'HISTORY', ...users };
    const written = { schema: { tables: { users: own } }, table: own, column: users.columns.email };
    const inLayers = async (wrap: (item: object) => object, item: object) => {
      const manifest = {
        defaults: { group_id: 'g', service: 's', schemas: wrap({ enabled: false }) },
        connections: { crm: { config: { schema: 'crm' }, schemas: wrap({ enabled: true }) } },
      };
      const inputs = {
        schema_change_handling: 'ALLOW_COLUMNS',
        schemas: JSON.stringify(wrap(item)),
      };
      const [entry] = entriesIn(await readManifest(manifest, inputs));
      return entry?.spec.state === 'present' ? entry.spec.selection?.schemas.public : undefined;
    };
    const complete = {
      users: {
        enabled: true,
        sync_mode: 'HISTORY',
        columns: {
          email: { enabled: true, hashed: true },
          notes: { enabled: false, hashed: undefined },
        },
      },
    };

    test('a schema', async () => {
      const selected = await inLayers((item) => ({ public: item }), written.schema);
      expect(selected).toEqual({ enabled: true, tables: complete });
    });

    test('a table', async () => {
      const wrap = (item: object) => ({ public: { tables: { users: item } } });
      expect(await inLayers(wrap, written.table)).toEqual({ enabled: true, tables: complete });
    });

    test('a column', async () => {
      const wrap = (email: object) => ({ public: { tables: { users: { columns: { email } } } } });
      const selected = await inLayers(wrap, written.column);
      expect(selected?.tables?.users?.columns).toEqual({ email: { enabled: true, hashed: true } });
    });
  });

  test('a table that a layer disables keeps its hashed columns', async () => {
    const selected = await selectionIn({ public: { tables: { users: { enabled: false } } } });
    expect(selected?.public?.tables?.users).toMatchObject({
      enabled: false,
      columns: { email: { hashed: true } },
    });
  });

  test('names are merged after substitution', async () => {
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

  test('problems name the line of the table or column', async () => {
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

test('five thousand tables are read', async () => {
  const tables = Object.fromEntries(
    Array.from({ length: 5000 }, (_, at) => [`table_${at}`, { columns: { id: null } }]),
  );
  const selection = await selectionOf('ALLOW_COLUMNS', JSON.stringify({ public: { tables } }));
  expect(Object.keys(selection?.schemas.public?.tables ?? {})).toHaveLength(5000);
});
