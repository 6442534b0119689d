import { checkFields } from '../../../../src/connection/metadata/check.ts';
import { readConnectorType } from '../../../../src/fivetran/responses/connector-type.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';

type Metadata = {
  required?: string[];
  isComplete?: boolean;
  variables?: PresentSpec['variables'];
};

const reference =
  'https://fivetran.com/docs/rest-api/api-reference/connections/create-connection?service=postgres';

/** The problems and warnings of a config, checked against metadata as Fivetran returns it. */
function check(config: Record<string, unknown>, properties: object, more: Metadata = {}) {
  const { isComplete = true, variables = [], ...rest } = more;
  const answer = { id: 'x', config: { type: 'object', properties, ...rest } };
  const connector = readConnectorType(answer);
  if (!connector) throw new Error('the metadata of a test is not readable');
  const request = { group_id: 'g', service: 'postgres', config };
  const spec = { request, service: 'postgres', variables };
  const { problems, warnings } = checkFields(spec, connector, { isComplete });
  const short = (text: string) => text.replace(` The fields of postgres: ${reference}`, '');
  return { problems: problems.map(short), warnings };
}
const fine = { problems: [], warnings: [] };

test('the JSON types are told apart', () => {
  const values: Record<string, unknown[]> = {
    string: ['', 'x'],
    integer: [0, -5],
    boolean: [true, false],
    array: [[]],
    object: [{}],
  };
  for (const type of Object.keys(values)) {
    for (const [other, given] of Object.entries(values)) {
      for (const field of given) {
        const { problems } = check({ field }, { field: { type } });
        expect([type, field, problems.length]).toEqual([type, field, type === other ? 0 : 1]);
      }
    }
  }
});

test.each([
  ['a number may be whole', { type: 'number' }, 5],
  ['a number may have a fraction', { type: 'number' }, 0.5],
  ['a nullable field may be null', { type: 'string', nullable: true }, null],
  ['a field without a type may be anything', {}, [{ a: 1 }]],
  ['a list may hold anything when its items are not described', { type: 'array' }, ['a', 1, {}]],
  ['a mapping may hold anything when its fields are not listed', { type: 'object' }, { any: 1 }],
  ['a field of an unknown type', { type: 'duration' }, '5 min'],
  ['a value may be one that an enum lists', { type: 'string', enum: ['A', 'B'] }, 'B'],
  ['an empty enum allows everything', { type: 'string', enum: [] }, 'B'],
  ['a number may be one that an enum lists', { type: 'integer', enum: [1, 5] }, 5],
  ['a number may be one that an enum lists as text', { type: 'integer', enum: ['1', '5'] }, 5],
  ['a list is not compared with an enum', { type: 'array', enum: ['A'] }, ['B']],
  ['a text may be one of an enum of another type', { type: 'integer', enum: ['1', '5'] }, '5'],
])('%s', (_what, property, field) => {
  expect(check({ field }, { field: property })).toEqual(fine);
});

test('null is a problem unless the field is nullable', () => {
  const { problems } = check({ field: null }, { field: { type: 'string' } });
  expect(problems).toEqual(['config.field: must be a string, got nothing.']);
  const nullable = check({ field: 5 }, { field: { type: 'string', nullable: true } });
  expect(nullable.problems).toHaveLength(1);
});

test.each([
  ['string', 3.13, 'must be a string, got 3.13. Put it in quotes.'],
  ['string', true, 'must be a string, got true. Put it in quotes.'],
  ['integer', 'five', 'must be an integer, got "five".'],
  ['integer', '5432', 'must be an integer, got "5432". Remove the quotes.'],
  ['integer', 5.5, 'must be an integer, got 5.5.'],
  ['number', '0.5', 'must be a number, got "0.5". Remove the quotes.'],
  ['boolean', 'yes', 'must be true or false, got "yes".'],
  ['boolean', '5', 'must be true or false, got "5".'],
  ['boolean', 'True', 'must be true or false, got "True". Remove the quotes.'],
  ['array', 'a', 'must be a list, got "a".'],
])('a wrong type says what to write: %s, %j', (type, field, message) => {
  const { problems } = check({ field }, { field: { type } });
  expect(problems).toEqual([`config.field: ${message}`]);
});

test.each([
  ['its key names a secret', { password: 'hunter2' }, []],
  ['a key above it names a secret', { secret: { port: 'hunter2' } }, []],
  ['it came through the environment', { port: 'hunter2' }, [['config', 'port']]],
  ['it came through with all of config', { port: 'hunter2' }, [['config']]],
])('a value of the wrong type is not shown when %s', (_why, config, paths) => {
  const port = { type: 'integer' };
  const properties = { password: port, port, secret: { type: 'object', properties: { port } } };
  const variables = paths.map((path) => ({ path, untyped: false }));
  const { problems } = check(config, properties, { variables });
  expect(problems).toEqual([
    expect.stringMatching(/: must be an integer, got a string\.( It came through|$)/),
  ]);
});

test.each([
  ['integer', '5432', 'must be an integer, got a string.', true],
  ['number', 'x', 'must be a number, got a string.', true],
  ['boolean', 'x', 'must be true or false, got a string.', true],
  ['integer', { a: 'x' }, 'must be an integer, got a mapping.', false],
  ['array', 'x', 'must be a list, got a string.', false],
])(
  'a value that is no %s and came through a variable is not quoted (%j)',
  (type, field, words, isToCheck) => {
    const variables = [{ path: ['config', 'field'], untyped: false }];
    const { problems } = check({ field }, { field: { type } }, { variables });
    const remedy = ' It came through ${NAME}: check the value of that variable.';
    expect(problems).toEqual([`config.field: ${words}${isToCheck ? remedy : ''}`]);
  },
);

test('of an enum with ten values, all are listed', () => {
  const values = Array.from({ length: 10 }, (_, at) => `VALUE_${at}`);
  const { warnings } = check({ f: 'x' }, { f: { type: 'string', enum: values } });
  expect(warnings).toEqual([expect.stringMatching(/VALUE_8, or VALUE_9\.$/)]);
});

test('of a long enum, ten values are listed after the nearest one', () => {
  const values = Array.from({ length: 140 }, (_, at) => `VALUE_${at}`);
  const { warnings } = check({ f: 'VALUE-139' }, { f: { type: 'string', enum: values } });
  expect(warnings).toEqual([
    'config.f: got "VALUE-139", which Fivetran\'s metadata does not list. Did you mean VALUE_139? It lists ' +
      `${values.slice(0, 10).join(', ')}, and 130 more.`,
  ]);
});

test('a wrong type is reported once, not also for the fields inside', () => {
  const properties = {
    deep: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    list: { type: 'array', items: { type: 'string' } },
  };
  const { problems } = check({ deep: 'x', list: { a: 1 } }, properties);
  expect(problems).toEqual([
    'config.deep: must be a mapping, got "x".',
    'config.list: must be a list, got a mapping.',
  ]);
});

test('a value that an enum does not list only warns, whatever type the enum declares', () => {
  const properties = { f: { type: 'integer', enum: ['FULL', 'QUERY_BASED'] } };
  const { problems, warnings } = check({ f: 'QUERY_BASE' }, properties);
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    'config.f: got "QUERY_BASE", which Fivetran\'s metadata does not list. Did you mean QUERY_BASED? It lists FULL or QUERY_BASED.',
  ]);
});

test.each([
  ['password', 'password'],
  ['odd_name', 'password'],
  ['api_key', undefined],
  ['client_secret', undefined],
])('a value of %s (format %s) that an enum does not list is not shown', (name, format) => {
  const property = { type: 'string', enum: ['one', 'two'], format };
  const { problems, warnings } = check({ [name]: 'hunter2' }, { [name]: property });
  expect(problems).toEqual([]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`config.${name}: got another value`);
  expect(warnings[0]).not.toContain('hunter2');
});

test('no nearest value is suggested for a secret', () => {
  const property = { type: 'string', enum: ['hunter1', 'other'], format: 'password' };
  const { warnings } = check({ odd_name: 'hunter2' }, { odd_name: property });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).not.toContain('Did you mean');
});

test('a read-only field only warns', () => {
  const properties = { public_key: { type: 'string', readonly: true } };
  expect(check({ public_key: 'ssh-rsa AAAA' }, properties)).toEqual({
    problems: [],
    warnings: ["config.public_key: read-only according to Fivetran's metadata."],
  });
});

test('suggestions for an unknown field are names from the metadata only', () => {
  const { problems } = check({ constructor: 1, toString: 'x' }, { host: { type: 'string' } });
  expect(problems).toEqual([
    'config.constructor: unknown field.',
    'config.toString: unknown field.',
  ]);
});

test('the fields that form the name are known even if the metadata does not list them', () => {
  for (const config of [{ schema: 'a', table: 'b' }, { schema_prefix: 'a' }]) {
    expect(check(config, { host: { type: 'string' } })).toEqual(fine);
  }
  const both = { schema_prefix: 'a', schema: 'b', table: 'c' };
  expect(check(both, { host: { type: 'string' } }).problems).toEqual([
    'config.schema: unknown field.',
    'config.table: unknown field.',
  ]);
  const deep = { deep: { type: 'object', properties: { host: { type: 'string' } } } };
  expect(check({ deep: { schema: 'a' } }, deep).problems).toEqual([
    'config.deep.schema: unknown field.',
  ]);
});

test('a connector that lists no fields accepts any', () => {
  expect(check({ anything: 1 }, {})).toEqual(fine);
});

test('missing required fields are reported for a create, not for an update', () => {
  const properties = { host: { type: 'string' }, deep: { type: 'object', required: ['a'] } };
  const required = ['host', 'port'];
  const config = { host: '', deep: {} };
  expect(check(config, properties, { required }).problems).toEqual([
    "config.deep.a: missing, but required according to Fivetran's metadata.",
    "config.port: missing, but required according to Fivetran's metadata.",
  ]);
  expect(check(config, properties, { required, isComplete: false })).toEqual(fine);
});

test('table and table_group_name are never reported as missing', () => {
  const required = ['schema', 'table', 'table_group_name'];
  expect(check({ schema: 'crm' }, { schema: { type: 'string' } }, { required })).toEqual(fine);
});

test.each([
  ['PRIVATE_PREVIEW', 'private preview'],
  ['beta', 'beta'],
  ['Sunset', 'sunset'],
])('a field that is %s warns', (fieldStatus, words) => {
  const { problems, warnings } = check({ f: 'x' }, { f: { type: 'string', fieldStatus } });
  expect(problems).toEqual([]);
  expect(warnings).toEqual([`config.f: not generally available (${words}).`]);
});

test.each(['general_availability', 'GENERALLY_AVAILABLE', 'GA', '', null, undefined])(
  'a field that is %s does not warn',
  (fieldStatus) => {
    expect(check({ f: 'x' }, { f: { type: 'string', fieldStatus } })).toEqual(fine);
  },
);

test('nested problems have their path', () => {
  const properties = {
    reports: {
      type: 'array',
      items: { type: 'object', properties: { table: { type: 'string' } }, required: ['table'] },
    },
  };
  const { problems } = check({ reports: [{ table: 'a' }, { tabel: 'b' }] }, properties);
  expect(problems).toEqual([
    'config.reports[1].tabel: unknown field. Did you mean table?',
    "config.reports[1].table: missing, but required according to Fivetran's metadata.",
  ]);
});

test('metadata with invalid parts is read as far as possible', () => {
  const properties = { a: null, b: 'text', c: { type: 5, enum: 'x', properties: [], items: 7 } };
  expect(check({ a: 1, b: 2 }, properties)).toEqual(fine);
  expect(readConnectorType({ config: 'none' })).toBeUndefined();
  expect(readConnectorType(undefined)).toBeUndefined();
});
