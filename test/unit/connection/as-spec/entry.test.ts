import { exportEntry } from '../../../../src/connection/as-spec/entry.ts';
import { readSource } from '../../../../src/connection/as-spec/source.ts';
import {
  CancelledError,
  FivetranError,
  keyRejected,
  RefusedError,
} from '../../../../src/fivetran/http/errors.ts';
import { fivetranWith, partly, text, unanswered } from './answers.ts';

const entryOf = (answers: Parameters<typeof fivetranWith>[0]) =>
  exportEntry('crm_id', fivetranWith(answers).fivetran);

const synced = { schema_change_handling: 'ALLOW_ALL', schemas: { public: { tables: { a: {} } } } };

describe('of the table selection', () => {
  test.each<[string, object | undefined, string[]]>([
    ['there is nothing yet', undefined, []],
    ['it cannot be read', unanswered, ['table selection (no response)']],
    [
      'its policy is unknown',
      { ...synced, schema_change_handling: 'ASK' },
      ['table selection (schema_change_handling is ASK)'],
    ],
    [
      'it has no policy',
      { schemas: synced.schemas },
      ['table selection (schema_change_handling is missing)'],
    ],
    [
      'a schema has no name',
      { ...synced, schemas: { '': { enabled: false }, ...synced.schemas } },
      ['table selection (a name in it is empty)'],
    ],
    [
      'a column has no name',
      {
        ...synced,
        schemas: {
          public: { tables: { a: { columns: { '': { hashed: true } } }, b: {} } },
          c: { enabled: false },
        },
      },
      ['table selection (a name in it is empty)'],
    ],
  ])('nothing is exported when %s', async (_what, tree, missing) => {
    expect(await entryOf({ tree })).toMatchObject({
      missing,
      warnings: [],
      settings: {},
      schemas: undefined,
      schema_change_handling: undefined,
    });
  });

  test.each([
    ['ALLOW_ALL', { public: { tables: { a: { enabled: false } } } }],
    ['ALLOW_ALL', { public: { enabled: false, tables: { a: {} } } }],
    ['BLOCK_ALL', {}],
  ])('nothing syncs under %s in %j', async (schema_change_handling, schemas) => {
    expect(await entryOf({ tree: { schema_change_handling, schemas } })).toMatchObject({
      missing: ['table selection (nothing syncs)'],
      settings: { paused: true },
    });
  });

  test.each([{}, { public: {} }])('%j is exported, for all that it will have', async (schemas) => {
    expect(await entryOf({ tree: { schema_change_handling: 'ALLOW_ALL', schemas } })).toMatchObject(
      {
        missing: [],
        settings: {},
        schema_change_handling: 'ALLOW_ALL',
      },
    );
  });

  test('the columns that could not be listed are named by their table', async () => {
    expect((await entryOf({ tree: partly }))?.missing).toEqual([
      'all columns of public.users (they could not be listed)',
    ]);
    const known = await entryOf({ tree: partly, columns: { id: {}, email: {} } });
    expect(known?.missing).toEqual([]);
    expect([...(known?.schemas?.get('public')?.inner?.get('users')?.inner ?? [])]).toMatchObject([
      ['id', { fields: {} }],
      ['email', { fields: { hashed: true } }],
      ['phone', { fields: { enabled: false, hashed: true } }],
    ]);
  });
});

test.each<[FivetranError, object, string]>([
  [
    unanswered,
    {},
    '(no response), so read-only fields may be among those of config, and the fields that name the connection are guessed.',
  ],
  [
    unanswered,
    { schema: 'crm' },
    '(no response), so read-only fields may be among those of config.',
  ],
  ...([403, 404] as const).map((status): [FivetranError, object, string] => [
    new RefusedError({ purpose: 'x', status, code: '', reason: '', conflictHint: '' }),
    { schema: 'crm' },
    status === 403
      ? '(403 Forbidden), so read-only fields may be among those of config. A system key needs the permission ACCOUNT READ for it.'
      : '(404 Not Found), so read-only fields may be among those of config.',
  ]),
])('metadata that is not read for %s is a warning (%j)', async (metadata, config, words) => {
  expect((await entryOf({ metadata, connection: { config } }))?.warnings).toEqual([
    `The metadata of service crm could not be read ${words}`,
  ]);
});

test('lists are sorted by their items', async () => {
  const config = { list: ['b', 'a'], items: [{ b: 1, a: 2 }, { a: 1 }] };
  const entry = await entryOf({ connection: { config }, metadata: { config: {} } });
  expect(JSON.stringify(entry?.config)).toBe('{"items":[{"a":1},{"a":2,"b":1}],"list":["a","b"]}');
});

describe('a connection', () => {
  test.each([
    ['service', { service: null }],
    ['config', { config: 'none' }],
  ])('without a usable %s cannot be read', async (lack, connection) => {
    await expect(entryOf({ connection })).rejects.toMatchObject({
      message: `Could not read connection crm_id: the response has no usable ${lack}.`,
    });
  });

  test('that does not exist has no entry', async () => {
    expect(await entryOf({ connection: { id: '' } })).toBeUndefined();
  });

  test('may have no config', async () => {
    expect(await entryOf({ connection: { config: null } })).toMatchObject({ config: {} });
  });

  test.each([new CancelledError(), new FivetranError(keyRejected), new TypeError('a defect')])(
    'is not read when the run ends with %s',
    async (metadata) => {
      const { fivetran } = fivetranWith({ metadata });
      await expect(readSource('crm_id', fivetran)).rejects.toBe(metadata);
    },
  );
});

test('what of auth cannot be exported is named', async () => {
  const auth = { properties: { api_key: text } };
  expect((await entryOf({ metadata: { config: {}, auth } }))?.missing).toEqual(['auth']);
});
