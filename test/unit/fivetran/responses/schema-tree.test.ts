import * as fc from 'fast-check';
import { readConnectorType } from '../../../../src/fivetran/responses/connector-type.ts';
import { readColumns, readSchemas } from '../../../../src/fivetran/responses/schema-tree.ts';

const locked = { allowed: false, reason_code: 'SYSTEM_COLUMN', reason: 'It is a key.' };

test('a schema tree as in the reference is read', () => {
  const id = { enabled: true, hashed: false, is_primary_key: true, enabled_patch_settings: locked };
  const email = { enabled: true, hashed: true, enabled_patch_settings: { allowed: true } };
  const users = {
    enabled: true,
    name_in_destination: 'users',
    sync_mode: 'SOFT_DELETE',
    supports_columns_config: false,
    enabled_patch_settings: locked,
    columns: { id, Email: email },
  };
  const answer = {
    schema_change_handling: 'ALLOW_COLUMNS',
    enable_new_by_default: true,
    schemas: {
      Public: {
        enabled: false,
        tables: { users, log: { enabled: false, enabled_patch_settings: {} } },
      },
    },
  };
  expect(readSchemas(answer)).toEqual({
    schema_change_handling: 'ALLOW_COLUMNS',
    schemas: {
      Public: {
        enabled: false,
        locked: false,
        tables: {
          users: {
            enabled: true,
            sync_mode: 'SOFT_DELETE',
            supports_columns_config: false,
            locked: true,
            columns: {
              id: { enabled: true, hashed: false, is_primary_key: true, locked: true },
              Email: { enabled: true, hashed: true, is_primary_key: false, locked: false },
            },
          },
          log: {
            enabled: false,
            sync_mode: undefined,
            supports_columns_config: true,
            locked: false,
            columns: {},
          },
        },
      },
    },
  });
});

test('a table’s columns are read', () => {
  const columns = { id: { enabled: true, is_primary_key: true }, note: { enabled: 'false' } };
  expect(readColumns({ columns })).toEqual({
    id: { enabled: true, hashed: false, is_primary_key: true, locked: false },
    note: { enabled: false, hashed: false, is_primary_key: false, locked: false },
  });
});

test.each([undefined, null, 'text', [], {}, { schemas: null }, { columns: [] }, { schemas: [] }])(
  '%j contains no schemas and no columns',
  (data) => {
    expect(readSchemas(data)).toBeUndefined();
    expect(readColumns(data)).toBeUndefined();
  },
);

test('a node without settings counts as enabled and not hashed', () => {
  const columns = readColumns({ columns: { a: {}, b: null, c: { enabled: 'maybe', hashed: 1 } } });
  const clear = { enabled: true, hashed: false, is_primary_key: false, locked: false };
  expect(columns).toEqual({ a: clear, b: clear, c: clear });
});

test('any names are read and stay distinct', () => {
  const name = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'Users', 'users'),
    fc.string(),
  );
  const names = fc.uniqueArray(name, { minLength: 1 });
  fc.assert(
    fc.property(names, names, (tables, columns) => {
      const mapping = (keys: string[], value: string) =>
        `{${keys.map((key) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
      const table = `{"enabled":false,"columns":${mapping(columns, '{"hashed":true}')}}`;
      const schema = `{"enabled":false,"tables":${mapping(tables, table)}}`;
      const tree = readSchemas(JSON.parse(`{"schemas":${mapping(['__proto__'], schema)}}`));
      expect(Object.keys(tree?.schemas ?? {})).toEqual(['__proto__']);
      const read = Object.values(tree?.schemas ?? {})[0]?.tables ?? {};
      expect(Object.keys(read).sort()).toEqual([...tables].sort());
      for (const one of tables) {
        expect(read[one]?.enabled).toBe(false);
        expect(Object.keys(read[one]?.columns ?? {}).sort()).toEqual([...columns].sort());
      }
      expect(Object.values(read[String(tables[0])]?.columns ?? {})[0]?.hashed).toBe(true);
    }),
  );
  const { schemas } = readSchemas({ schemas: {} }) ?? {};
  for (const inherited of ['__proto__', 'constructor', 'toString']) {
    expect(schemas?.[inherited]).toBeUndefined();
  }
});

test('the readers never throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (schemas, columns) => {
      readSchemas({ schemas: { a: schemas, b: { tables: { t: schemas, u: { columns } } } } });
      readColumns({ columns });
      readConnectorType({ config: { properties: { a: columns } }, supported_features: schemas });
    }),
  );
});

test('a large tree is read whole', () => {
  const column = { enabled: true, hashed: false, enabled_patch_settings: { allowed: true } };
  const many = <T>(count: number, value: T) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, value]));
  const table = { enabled: true, columns: many(50, column) };
  const tree = readSchemas({ schemas: many(10, { enabled: true, tables: many(200, table) }) });
  const tables = Object.values(tree?.schemas ?? {}).flatMap(({ tables }) => Object.values(tables));
  expect(tables).toHaveLength(2000);
  expect(tables.every(({ columns }) => Object.keys(columns).length === 50)).toBe(true);
});

describe('a connector type', () => {
  test('has its fields and which of them are create-only', () => {
    const config = {
      type: 'object',
      required: ['schema', 5],
      properties: {
        schema: { type: 'string', immutable: true },
        constructor: { type: 'string', readonly: true, immutable: 'yes' },
        reports: {
          type: 'array',
          items: { type: 'object', properties: { a: { nullable: true } } },
        },
      },
    };
    const read = readConnectorType({ name: 'X', config, auth: null, surprise: 1 });
    expect(read?.config.required).toEqual(['schema']);
    expect(read?.config.properties).toMatchObject({
      schema: { type: 'string', immutable: true, readonly: false },
      constructor: { type: 'string', immutable: false, readonly: true },
      reports: { items: { properties: { a: { nullable: true, enum: [] } } } },
    });
    expect(read?.config.properties.toString).toBeUndefined();
    expect(read?.auth.properties).toEqual({});
  });

  test('says which features it supports', () => {
    const features = (supported_features: unknown) =>
      readConnectorType({ config: {}, supported_features })?.supported_features;
    const known = [{ id: 'API_CONFIGURABLE' }, { id: 'AUTHORIZATION_VIA_API', notes: null }];
    expect(features([...known, 'text', null])).toMatchObject([
      { id: 'API_CONFIGURABLE' },
      { id: 'AUTHORIZATION_VIA_API' },
    ]);
    for (const nothing of [undefined, null, {}, 'text']) expect(features(nothing)).toEqual([]);
  });

  test.each([undefined, null, [], {}, { config: null }, { config: [] }])('is not %j', (data) => {
    expect(readConnectorType(data)).toBeUndefined();
  });
});
