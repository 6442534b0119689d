import { copySource } from '../../../../src/connection/as-spec/copy.ts';
import { readSource } from '../../../../src/connection/as-spec/source.ts';
import { emptyLayer, type Layer } from '../../../../src/inputs/layer.ts';
import { fivetranWith, partly, text, unanswered } from './answers.ts';

type Answers = Parameters<typeof fivetranWith>[0];

/** Copies the connection crm_id for what was written. */
async function copyOf(answers: Answers, written: Layer['fields'], schemas?: Layer['schemas']) {
  const { fivetran } = fivetranWith(answers);
  const source = await readSource('crm_id', fivetran);
  if (!source) throw new Error('no source');
  const layer = { ...emptyLayer, fields: written, schemas };
  return copySource(source, { layer }, fivetran);
}

const named = { config: { schema: 'pr' } };
const columns = { id: {}, email: {}, notes: {}, phone: {} };

test('a copy says what it has, and what it has not', async () => {
  const config = { schema: 'crm', host: 'h', retired: 'x' };
  const of = (connection: object) => copyOf({ tree: partly, columns, connection }, named);
  const { copied, layer } = await of({ config, networking_method: 'Pigeon', proxy_agent_id: 'p' });
  expect(copied).toEqual({
    sentence:
      'Copied from connection crm_id: 1 field of config, proxy_agent_id, the selection of 1 of 3 tables ' +
      '(1 column hashed, 2 excluded). Left out: config.retired, networking_method: Pigeon.',
    warnings: [],
  });
  expect(layer.fields.config).toEqual({ host: 'h' });
  const users = layer.schemas?.get('public')?.inner?.get('users');
  expect(users?.fields).toEqual({ enabled: true, sync_mode: 'HISTORY' });
  expect(layer.schemas?.get('audit')?.inner?.get('log')).not.toHaveProperty('inner');
});

test('a copy of a connection without config and selection is short', async () => {
  const { copied, layer, problems } = await copyOf({}, named);
  expect(copied.sentence).toBe('Copied from connection crm_id: 0 fields of config.');
  expect(layer.fields).toEqual({ service: 'crm', group_id: 'g' });
  expect(problems).toEqual([]);
  const tree = { schema_change_handling: 'ALLOW_ALL', schemas: {} };
  expect((await copyOf({ tree }, named)).layer.schemas).toBeUndefined();
});

test('a source without columns that can be set has none listed', async () => {
  const tables = { a: { supports_columns_config: false, columns: { x: { hashed: true } } } };
  const tree = { schema_change_handling: 'BLOCK_ALL', schemas: { public: { tables } } };
  const { layer, problems } = await copyOf({ tree }, named);
  expect(problems).toEqual([]);
  expect(layer.schemas?.get('public')?.inner?.get('a')).toEqual({
    written: 'a',
    fields: { enabled: true },
  });
});

test('the columns of a table that is only listed are not listed one by one', async () => {
  const tree = { schema_change_handling: 'BLOCK_ALL', schemas: { public: { tables: { a: {} } } } };
  const item = { written: 'a', fields: {} };
  const schema = { written: 'public', fields: {}, inner: new Map([['a', item]]) };
  expect((await copyOf({ tree }, named, new Map([['public', schema]]))).problems).toEqual([]);
});

test('two copies of a source list the columns of a table once', async () => {
  const { fivetran, lists } = fivetranWith({ tree: partly, columns });
  const source = await readSource('crm_id', fivetran);
  if (!source) throw new Error('no source');
  const layer = { ...emptyLayer, fields: named };
  for (const one of [layer, layer]) await copySource(source, { layer: one }, fivetran);
  expect(lists.toSorted()).toEqual(['public.orders', 'public.users']);
});

test.each<[string, object, string]>([
  ['cannot be read', unanswered, 'No answer. Try later.'],
  [
    'has an unknown policy',
    { ...partly, schema_change_handling: 'ASK' },
    'the selection of connection crm_id cannot be copied: its schema_change_handling is ASK.',
  ],
  [
    'has no policy',
    { schemas: partly.schemas },
    'the selection of connection crm_id cannot be copied: its schema_change_handling is missing.',
  ],
  [
    'has columns that cannot be listed',
    partly,
    'the selection of connection crm_id cannot be copied: Fivetran could not list the columns of ' +
      'public.users and public.orders, of which BLOCK_ALL syncs only some.',
  ],
])('a selection that %s is an error', async (_what, tree, message) => {
  const { problems } = await copyOf({ tree }, named);
  expect(problems).toEqual([{ path: ['copy_from'], message }]);
});

describe('the name of a copy', () => {
  const second = { config: { properties: { schema: text, table: text, table_group_name: text } } };
  const pair = { schema: 'crm.main', config: { schema: 'crm', table: 'main' } };

  test.each<[string, Answers, Layer['fields'], unknown[]]>([
    ['missing', {}, {}, ['schema']],
    ['null', {}, { config: { schema: null } }, []],
    ['of one field', { connection: pair, metadata: second }, named, ['table']],
    [
      'of another second field',
      { connection: pair, metadata: second },
      { config: { schema: 'pr', table_group_name: 'x' } },
      [],
    ],
    [
      'without its first field',
      { connection: pair, metadata: second },
      { config: { table: 'x' } },
      ['schema'],
    ],
    ['guessed', { metadata: unanswered }, { config: { schema_prefix: 'pr' } }, []],
    ['guessed and missing', { metadata: unanswered }, {}, ['schema']],
    ['of a known one that is not written', {}, { config: { schema_prefix: 'pr' } }, ['schema']],
    ['that of the source', {}, { config: { schema: 'CRM' } }, ['schema']],
    ['that of the source, in another group', {}, { group_id: 'h', config: { schema: 'crm' } }, []],
  ])('%s', async (_what, answers, written, fields) => {
    const { problems } = await copyOf(answers, written);
    expect(problems.map(({ path }) => path)).toEqual(fields.map((field) => ['config', field]));
  });

  test('is asked for by the connection whose name it does not have', async () => {
    expect((await copyOf({}, {})).problems[0]?.message).toBe(
      'required with copy_from: it names the copy, and the name of connection crm_id is not copied.',
    );
  });
});

test('each secret is asked for, a nested one with all of its field', async () => {
  const config = { api_key: 'a', hook: { token: 'b' } };
  const { problems } = await copyOf({ metadata: { config: {} }, connection: { config } }, named);
  const asked =
    'required with copy_from: the source has this secret, and Fivetran does not show it.';
  expect(problems).toEqual([
    {
      path: ['config', 'api_key'],
      message: `${asked} Set config.api_key, for example to \${NAME}.`,
    },
    {
      path: ['config', 'hook', 'token'],
      message: `${asked} Set config.hook, for example to \${NAME}. Write all of config.hook, because it replaces what is copied.`,
    },
  ]);
  const written = { config: { schema: 'pr', api_key: '', hook: null } };
  const answers = { metadata: { config: {} }, connection: { config } };
  expect((await copyOf(answers, written)).problems).toEqual([]);
});

test('the group of the source belongs to the copy, and what belongs to that group', async () => {
  const answered = { destination_configuration: { virtual_warehouse: 'L' }, proxy_agent_id: 'p' };
  const of = async (connection: object, written: object) =>
    (await copyOf({ connection: { ...answered, ...connection } }, { ...named, ...written })).layer
      .fields;
  expect(await of({}, {})).toMatchObject({ group_id: 'g', ...answered });
  expect(await of({}, { group_id: 'g' })).toMatchObject(answered);
  const elsewhere = await of({}, { group_id: 'h' });
  expect(elsewhere).toMatchObject({ proxy_agent_id: 'p' });
  expect(elsewhere).not.toHaveProperty('destination_configuration');
  expect(await of({ group_id: null }, { group_id: 'h' })).toMatchObject({
    group_id: 'h',
    ...answered,
  });
});

test('the service of the source may be written', async () => {
  expect((await copyOf({}, { ...named, service: 'crm' })).problems).toEqual([]);
});

test.each<[string, object, object, string | undefined]>([
  ['metadata that is not read', unanswered, {}, 'The metadata of service crm could not be read'],
  ['auth', { config: {}, auth: { properties: { api_key: text } } }, {}, 'Service crm takes auth'],
  [
    'written auth',
    { config: {}, auth: { properties: { a: text } } },
    { auth: { a: 'x' } },
    undefined,
  ],
  ['a service without auth', { config: {} }, {}, undefined],
])('a copy warns of %s', async (_what, metadata, written, warning) => {
  const { copied } = await copyOf({ metadata }, { ...named, ...written });
  expect(copied.warnings).toEqual(warning ? [expect.stringContaining(warning)] : []);
});
