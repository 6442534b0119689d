import { readFileSync } from 'node:fs';
import { factsText } from '../../scripts/connectors/facts.mjs';
import { updated } from '../../scripts/connectors.mjs';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const text = { type: 'string', title: 'A title', description: 'A sentence.', example: 'x' };
const config = (properties: object) => ({ properties: { config: { type: 'object', properties } } });

/** An OpenAPI document with two services. */
const documentOf = (fields: object = {}) => ({
  components: {
    schemas: {
      NewConnectorRequestV1: { required: ['group_id'], properties: { group_id: text } },
      schema_format_schema: {
        properties: { config: { required: ['schema'], properties: { schema: text } } },
      },
      schema_format_schema_table: {
        properties: { config: { required: ['schema', 'table'], properties: {} } },
      },
      zebra_config_V1: config({
        port: { type: 'integer', format: 'int32' },
        host: text,
        mode: { ...text, type: 'object', enum: ['b', 'a'] },
        password: { ...text, format: 'password' },
        since: { type: 'string', format: 'date-time' },
        ratio: { type: 'number' },
        on: { type: 'boolean' },
        options: { type: 'object' },
        reports: {
          type: 'array',
          items: {
            type: 'object',
            properties: { table: text, columns: { type: 'array', items: text } },
          },
        },
        ...fields,
      }),
      zebra_auth_V1: {
        properties: {
          auth: {
            properties: {
              refresh_token: text,
              client_access: { type: 'object', properties: { id: text } },
            },
          },
        },
      },
      zebra_esm_keys_config_V1: {
        properties: {
          external_secrets_keys_config: { properties: { user: text, password: text } },
        },
      },
      zebra_readonly_config_V1: config({ public_key: text }),
      zebra_NewConnectorRequestV1: {
        allOf: [
          ref('NewConnectorRequestV1'),
          ref('zebra_esm_keys_config_V1'),
          ref('zebra_auth_V1'),
          ref('zebra_config_V1'),
          ref('schema_format_schema_table'),
        ],
      },
      zebra_ConnectorResponseV1: {
        allOf: [ref('zebra_config_V1'), ref('zebra_readonly_config_V1')],
      },
      ant_NewConnectorRequestV1: {
        allOf: [ref('NewConnectorRequestV1'), ref('schema_format_schema')],
      },
    },
  },
});

const none = { month: '2026-01', services: {} };
const february = new Date('2026-02-28T23:00:00Z');
const read = (document: unknown, old = none) => updated(document, old, february);

test('the facts have the fields of every service, and no sentence', () => {
  expect(factsText(read(documentOf()).facts)).toBe(`{"month":"2026-02","services":{
"ant":{"naming":["schema"],"config":{}},
"zebra":{"naming":["schema","table"],"config":{"host":"string","mode":["a","b"],"on":"boolean","options":{},"password":"secret","port":"integer","ratio":"number","reports":{"[]":{"columns":{"[]":"string"},"table":"string"}},"since":"string"},"auth":{"client_access":{"id":"string"},"refresh_token":"string"},"external_secrets_keys_config":["password","user"],"readonly":{"public_key":"string"}}
}}
`);
});

test('the month stays the old one when nothing else has changed', () => {
  const { facts } = read(documentOf());
  const again = updated(documentOf(), facts, new Date('2026-05-01T00:00:00Z'));
  expect(again).toEqual({ facts, changes: '' });
  const later = updated(documentOf({ user: text }), facts, new Date('2026-05-01T00:00:00Z'));
  expect(later.facts.month).toBe('2026-05');
});

test('the changes name what came and went, per service', () => {
  const old = {
    month: '2026-01',
    services: {
      bee: { naming: ['schema'], config: {} },
      zebra: {
        ...read(documentOf()).facts.services.zebra,
        naming: ['schema'],
        config: { gone: 'string' as const, host: 'secret' as const },
      },
    },
  };
  const { changes } = read(documentOf({ reports: { type: 'array', items: text } }), old);
  expect(changes.split('\n')).toEqual([
    '- New services: `ant`',
    '- Removed services: `bee`',
    expect.stringMatching(
      /^- `zebra`: added `config.table`, .*`config.reports\[\]`.*; removed `config.gone`; changed `config.host`$/,
    ),
  ]);
});

describe('a document that cannot be used is refused:', () => {
  test.each<[string, unknown, RegExp]>([
    ['an error page', { message: 'Not found' }, /not an OpenAPI document/],
    ['no document', null, /not an OpenAPI document/],
    ['no connectors', { components: { schemas: {} } }, /no schema named/],
    [
      'an unknown type',
      documentOf({ odd: { type: 'file' } }),
      /zebra config\.odd: unknown type "file"/,
    ],
    ['a name that is Markdown', documentOf({ '`@all`': text }), /Unusable name "`@all`"/],
  ])('%s', (_what, document, message) => {
    expect(() => read(document)).toThrow(message);
  });
});

test('the facts of the project are in the form that the command writes', () => {
  const file = readFileSync(new URL('../../schema/connectors.json', import.meta.url), 'utf8');
  expect(file).toBe(factsText(JSON.parse(file)));
});
