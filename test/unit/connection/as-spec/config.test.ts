import { authOf } from '../../../../src/connection/as-spec/auth.ts';
import { configOf } from '../../../../src/connection/as-spec/config.ts';
import type { Source } from '../../../../src/connection/as-spec/source.ts';
import { FivetranError } from '../../../../src/fivetran/http/errors.ts';
import { readConnection } from '../../../../src/fivetran/responses/connection.ts';
import { readConnectorType } from '../../../../src/fivetran/responses/connector-type.ts';

const error = new FivetranError({ message: 'none', shortReason: 'none' });

/** A connection and the metadata of its service, which is unreadable without `metadata`. */
function sourceOf(config: object, schema?: string, metadata?: object): Source {
  const connection = readConnection({ id: 'crm_id', config, schema });
  const value = metadata && readConnectorType(metadata);
  if (!connection) throw new Error('the connection of a test is not readable');
  return {
    connection,
    metadata: value ? { kind: 'read', value } : { kind: 'unreadable', error },
    tree: { kind: 'read', value: undefined },
    columns: new Map(),
  };
}

const text = { type: 'string' };
const list = (items: object) => ({ type: 'array', items });
const mapping = (properties: object) => ({ type: 'object', properties });
const secret = expect.any(Symbol);

describe('with metadata, a request has', () => {
  const of = (config: object, properties: object) =>
    configOf(sourceOf(config, 'crm', { config: mapping({ schema: text, ...properties }) }));

  test.each<[string, object, unknown, unknown]>([
    ['a whole number that came as text', { type: 'integer' }, '5432', 5432],
    ['a fraction that came as text', { type: 'number' }, '0.5', 0.5],
    ['a number that would be read as another', { type: 'integer' }, '007', '007'],
    ['true that came as text', { type: 'boolean' }, 'true', true],
    ['false that came as text', { type: 'boolean' }, 'false', false],
    ['another text for a boolean', { type: 'boolean' }, 'yes', 'yes'],
    ['a number for a text', text, 5, '5'],
    ['a boolean for a text', text, true, 'true'],
    ['the value of an enum, whose type may be wrong', { type: 'integer', enum: ['1'] }, '1', '1'],
    ['a secret by its format', { format: 'password' }, 'hidden', secret],
    ['a switch of that format', { format: 'password' }, false, false],
    ['each secret of a list', list({ format: 'password' }), ['hidden', ''], [secret, '']],
    ['what is deep inside', list(mapping({ at: { type: 'integer' } })), [{ at: '1' }], [{ at: 1 }]],
    ['all of a mapping whose fields are not listed', mapping({}), { any: 1 }, { any: 1 }],
  ])('%s', (_what, property, answered, wanted) => {
    expect(of({ field: answered }, { field: property }).fields).toEqual({ field: wanted });
  });

  test('no read-only fields, and the names of those that the metadata does not know', () => {
    const properties = { key: { readonly: true }, files: list(mapping({ a: text })) };
    const answered = {
      key: 'x',
      retired: 'x',
      files: [{ a: 'x', b: 'x' }, { b: 'x' }],
      only: {},
      gone: null,
    };
    expect(
      of({ ...answered, '': 'x' }, { ...properties, only: mapping({ a: text }) }),
    ).toMatchObject({
      fields: { files: [{ a: 'x' }, {}] },
      unknown: ['config.retired', 'config.files[0].b', 'config.files[1].b', 'config.'],
    });
    const left = of({ only: { b: 'x' } }, { only: mapping({ a: text }) });
    expect(left).toMatchObject({ fields: {}, unknown: ['config.only.b'] });
    expect(left.fields).not.toHaveProperty('only');
  });
});

test.each([undefined, { config: {} }])('with metadata %j, all is kept but secrets', (metadata) => {
  const answered = {
    url: '******',
    api_key: 'hidden',
    on: 'true',
    none: null,
    hook: { token: 1 },
    schema_prefix: 'crm',
  };
  const { fields, naming, unknown } = configOf(sourceOf(answered, 'crm', metadata));
  expect(naming).toEqual({ fields: { schema_prefix: 'crm' }, isGuessed: false });
  expect(fields).toEqual({ url: secret, api_key: secret, on: 'true', hook: { token: secret } });
  expect(unknown).toEqual([]);
});

describe('the fields that name a connection', () => {
  test.each<[string, object, string[], object, object?]>([
    ['a.b', {}, ['schema_prefix', 'schema', 'table'], { schema_prefix: 'a.b' }],
    ['a.b.c', {}, ['schema', 'table_group_name'], { schema: 'a', table_group_name: 'b.c' }],
    ['a.b', {}, ['schema', 'table', 'table_group_name'], { schema: 'a', table: 'b' }],
    ['a', { schema: 'other' }, ['schema'], { schema: 'a' }],
    [
      'a.b',
      { table_group_name: 'b' },
      ['schema', 'table', 'table_group_name'],
      { schema: 'a', table_group_name: 'b' },
    ],
    [
      'a.b',
      {},
      ['schema'],
      { schema: 'a', table_group_name: 'b' },
      { required: ['table_group_name'] },
    ],
  ])('of %s with %j and the fields %j are %j', (name, config, known, fields, more = {}) => {
    const properties = Object.fromEntries(known.map((field) => [field, text]));
    const { naming } = configOf(sourceOf(config, name, { config: { properties, ...more } }));
    expect(naming).toEqual({ fields, isGuessed: false });
  });

  test.each<[string | undefined, object, object, boolean]>([
    ['a', { schema: 'A' }, { schema: 'a' }, false],
    ['a', { schema: 'other' }, { schema_prefix: 'a' }, false],
    ['a', { schema_prefix: 'a' }, { schema_prefix: 'a' }, false],
    ['a', { schema: '' }, { schema: 'a' }, true],
    ['a.b', {}, { schema: 'a', table: 'b' }, true],
    [undefined, { schema: 'a', table: 'b', host: 'c' }, { schema: 'a', table: 'b' }, false],
  ])('of %s with %j alone are %j', (name, config, fields, isGuessed) => {
    expect(configOf(sourceOf(config, name)).naming).toEqual({ fields, isGuessed });
  });

  const all = { schema_prefix: 'a', schema: 'b', table: 'c', table_group_name: 'd' };
  const { schema_prefix: _, ...others } = all;
  test.each<[string, object, object]>([
    ['a', all, others],
    ['b.c', others, { table_group_name: 'd' }],
    ['b', { schema: 'b', table: 'c' }, {}],
    ['b', { schema: 'b', table_group_name: 'd' }, {}],
  ])('of %s are no others of %j, which are ordinary ones or left out', (name, config, ordinary) => {
    const properties = Object.fromEntries(Object.keys(config).map((field) => [field, text]));
    expect(configOf(sourceOf(config, name, { config: { properties } })).fields).toEqual(ordinary);
  });
});

test.each([
  [['client_access'], ['auth (an OAuth authorization)']],
  [['refresh_token'], ['auth (an OAuth authorization)']],
  [['access_token', 'other'], ['auth (an OAuth authorization)']],
  [['api_key'], ['auth']],
  [[], []],
])('what is not exported of a service that takes %j in auth: %j', (fields, missing) => {
  const auth = mapping(Object.fromEntries(fields.map((field) => [field, text])));
  expect(authOf(sourceOf({}, 'crm', { config: {}, auth }))).toEqual(missing);
});
