import { checkFields } from '../../src/connection/metadata-check.ts';
import { readConnectorType } from '../../src/fivetran/answers.ts';

/** What is found in a config, by a connector's metadata as Fivetran answers it. */
function check(config: Record<string, unknown>, properties: object, more: Given = {}) {
  const { complete = true, ...rest } = more;
  const answer = { id: 'x', config: { type: 'object', properties, ...rest } };
  const connector = readConnectorType(answer);
  if (!connector) throw new Error('the metadata was not readable');
  const { problems, warnings } = checkFields({ config }, connector, { complete });
  return { problems, warnings };
}
type Given = { required?: string[]; complete?: boolean };
const fine = { problems: [], warnings: [] };

test('the JSON types are told apart', () => {
  const values: Record<string, unknown[]> = {
    string: ['', 'x'],
    integer: [0, -5],
    boolean: [true, false],
    array: [[]],
    object: [{}],
  };
  for (const [type, good] of Object.entries(values)) {
    for (const [other, given] of Object.entries(values)) {
      for (const field of given) {
        const { problems } = check({ field }, { field: { type } });
        expect([type, field, problems.length]).toEqual([type, field, type === other ? 0 : 1]);
      }
    }
    expect(good.length).toBeGreaterThan(0);
  }
});

test.each([
  ['a number may be whole', { type: 'number' }, 5],
  ['a number may have parts', { type: 'number' }, 0.5],
  ['a nullable field may be null', { type: 'string', nullable: true }, null],
  ['a field without a type may be anything', {}, [{ a: 1 }]],
  ['a list may hold anything when nothing is said of it', { type: 'array' }, ['a', 1, {}]],
  ['a mapping may hold anything when nothing is said of it', { type: 'object' }, { any: 1 }],
  ['a type that nobody knows yet', { type: 'duration' }, '5 min'],
  ['a listed value', { type: 'string', enum: ['A', 'B'] }, 'B'],
  ['an empty list of values allows all', { type: 'string', enum: [] }, 'B'],
  ['a listed number', { type: 'integer', enum: [1, 5] }, 5],
  ['a number that is listed as text', { type: 'integer', enum: ['1', '5'] }, 5],
])('%s', (_what, property, field) => {
  expect(check({ field }, { field: property })).toEqual(fine);
});

test('null is no value of a field that is not nullable', () => {
  const { problems } = check({ field: null }, { field: { type: 'string' } });
  expect(problems).toEqual(['config.field takes a string, and got a null.']);
});

test('a wrong type is told once, not also by the list of values or the fields inside', () => {
  const properties = {
    listed: { type: 'string', enum: ['A'] },
    deep: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
  };
  const { problems } = check({ listed: 5, deep: 'x' }, properties);
  expect(problems).toEqual([
    'config.listed takes a string, and got an integer.',
    'config.deep takes an object, and got a string.',
  ]);
});

test.each([
  ['password', 'password'],
  ['odd_name', 'password'],
  ['api_key', undefined],
  ['client_secret', undefined],
])('a value of %s (format %s) that is not listed is not shown', (name, format) => {
  const property = { type: 'string', enum: ['one', 'two'], format };
  const { problems } = check({ [name]: 'hunter2' }, { [name]: property });
  expect(problems).toEqual([`config.${name} takes one or two, and got something else.`]);
});

test('a field is looked for among the metadata’s own names only', () => {
  const { problems } = check({ constructor: 1, toString: 'x' }, { host: { type: 'string' } });
  expect(problems).toEqual(['config.constructor is unknown.', 'config.toString is unknown.']);
});

test('what names the connection is known, also where the metadata does not list it', () => {
  const config = { schema: 'a', schema_prefix: 'a', table: 'b', table_group_name: 'c' };
  expect(check(config, { host: { type: 'string' } })).toEqual(fine);
  const deep = { deep: { type: 'object', properties: { host: { type: 'string' } } } };
  expect(check({ deep: { schema: 'a' } }, deep).problems).toEqual([
    'config.deep.schema is unknown.',
  ]);
});

test('nothing is unknown to a connector that lists no fields', () => {
  expect(check({ anything: 1 }, {})).toEqual(fine);
});

test('required fields are missing in a create, and not in a patch', () => {
  const properties = { host: { type: 'string' }, deep: { type: 'object', required: ['a'] } };
  const required = ['host', 'port'];
  const config = { host: '', deep: {} };
  expect(check(config, properties, { required }).problems).toEqual([
    'config.deep.a is required, and missing.',
    'config.port is required, and missing.',
  ]);
  expect(check(config, properties, { required, complete: false })).toEqual(fine);
});

test.each([
  ['PRIVATE_PREVIEW', 'private preview'],
  ['beta', 'beta'],
  ['Sunset', 'sunset'],
])('a field that is %s is worth a warning', (fieldStatus, words) => {
  const { problems, warnings } = check({ f: 'x' }, { f: { type: 'string', fieldStatus } });
  expect(problems).toEqual([]);
  expect(warnings).toEqual([`config.f is not generally available (${words}).`]);
});

test.each(['general_availability', 'GENERALLY_AVAILABLE', 'GA', '', null, undefined])(
  'a field that is %s is not',
  (fieldStatus) => {
    expect(check({ f: 'x' }, { f: { type: 'string', fieldStatus } })).toEqual(fine);
  },
);

test('metadata with odd parts is read as far as it goes', () => {
  const properties = { a: null, b: 'text', c: { type: 5, enum: 'x', properties: [], items: 7 } };
  expect(check({ a: 1, b: 2 }, properties)).toEqual(fine);
  expect(readConnectorType({ config: 'none' })).toBeUndefined();
  expect(readConnectorType(undefined)).toBeUndefined();
});
