import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { entryFields, mappingFields, stepFields } from '../../src/inputs/fields/fields.ts';
import { manifestPreset } from '../demo/manifest.mjs';
import { compiled, schema } from '../harness/manifest-schema.ts';
import { readManifest } from '../unit/inputs/reading.ts';
import { entryOfService } from './entry-of-service.ts';
import { jobsOf, ownSteps, readRecipe, recipeFiles } from './recipes.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const example = read('../demo/example-manifest.yml');
const facts = JSON.parse(read('../../schema/connectors.json'));
const { inputs } = parse(read('../../action.yml'));
const fields = entryFields;

type Property = Record<string, unknown>;
const entry: { properties: Record<string, Property>; additionalProperties: unknown } =
  schema.$defs.entry;

const accepts = compiled(schema);

describe('the schema of an entry', () => {
  const { properties, additionalProperties } = entry;

  test('is the same for the defaults', () => {
    const { defaults, connections } = schema.$defs.manifest.properties;
    expect(connections.additionalProperties).toEqual(defaults);
  });

  test('has exactly the fields that the action accepts', () => {
    expect(Object.keys(properties).sort()).toEqual(Object.keys(fields).sort());
    expect(additionalProperties).toBe(false);
    for (const name of Object.keys(stepFields)) expect(properties).not.toHaveProperty(name);
  });

  test.each(Object.entries(fields))('describes %s as the action validates it', (name, field) => {
    const {
      type,
      enum: values,
      default: fallback,
      pattern,
      minimum,
    } = z.toJSONSchema(field, {
      io: 'input',
      unrepresentable: 'any',
    });
    const property = properties[name] ?? {};
    const description: string = inputs[name].description;
    expect(description.endsWith(String(property.description))).toBe(true);
    expect(property.description).not.toMatch(/^Required/);
    const text = JSON.stringify(property);
    if (values) expect(text).toContain(JSON.stringify(values));
    if (pattern) expect(text).toContain(JSON.stringify(pattern));
    if (minimum !== undefined) expect(text).toContain(`"minimum":${minimum}`);
    expect(text).toContain(`"type":"${type}"`);
    if (typeof fallback === 'string')
      expect(text).toContain(`"default":${JSON.stringify(fallback)}`);
  });
});

test('the schema and the action accept the example', async () => {
  const { env } = manifestPreset('manifest.yml', 'connected');
  expect(accepts(parse(example))).toBe(true);
  expect((await readManifest(example, {}, env)).error).toBe('');
});

const whole = { group_id: 'decent_dropsy', service: 'anything' };
const entryOf = (entry: unknown) => ({ defaults: whole, connections: { crm: entry } });

describe('the schema accepts what the action accepts:', () => {
  test.each<[string, object]>([
    ['defaults with nothing in them', { defaults: null, connections: { crm: whole } }],
    ['a boolean as text', entryOf({ paused: 'True' })],
    ['a number as text', entryOf({ sync_frequency: '60', data_delay_threshold: '5' })],
    ['an entry with nothing in it', entryOf(null)],
    ['a field with nothing in it', entryOf({ paused: null, config: null })],
    [
      'every kind of value',
      entryOf({ paused: true, sync_frequency: 60, config: { a: [1, null] } }),
    ],
    ['pins as a list', entryOf({ trusted_certificates: ['ab'.repeat(32)] })],
    [
      'pins as lines',
      entryOf({ trusted_certificates: `${'ab'.repeat(32)}\n${'cd'.repeat(32)}\n` }),
    ],
    ['a reference for a text', entryOf({ private_link_id: '${TEXT}' })],
    ['a reference for a boolean', entryOf({ paused: '${FLAG}' })],
    ['a reference for a number', entryOf({ data_delay_threshold: '${NUMBER}' })],
    ['a reference for one of several', entryOf({ sync_frequency: '${NUMBER}' })],
    ['a reference for one of several texts', entryOf({ if_exists: '${MODE:-fail}' })],
    ['additional fields', entryOf({ additional_fields: { new_field: { x: 'y' } } })],
    ['secrets by name', entryOf({ external_secrets_keys_config: { password: 'prod/db' } })],
    [
      'a selection of tables',
      entryOf({
        schema_change_handling: 'ALLOW_COLUMNS',
        schemas: {
          crm: null,
          public: {
            tables: {
              orders: null,
              items: {},
              users: { sync_mode: 'HISTORY', columns: { id: null, email: { hashed: true } } },
            },
          },
          audit: { enabled: false, tables: null },
        },
      }),
    ],
    ['a reference for a time', entryOf({ sync_frequency: 1440, daily_sync_time: '${TIME}' })],
  ])('%s', async (_what, manifest) => {
    const env = { TEXT: 'link', FLAG: 'true', NUMBER: '60', TIME: '03:00' };
    const inputs = { data_delay_sensitivity: 'CUSTOM' };
    expect((await readManifest(manifest, inputs, env)).error).toBe('');
    expect(accepts(manifest)).toBe(true);
  });
});

describe('the schema refuses nothing that the action accepts:', () => {
  const refused = (manifest: unknown) => (accepts(manifest) ? [] : accepts.errors);

  test('an empty manifest', async () => {
    expect((await readManifest({ connections: {} })).error).toBe('');
    expect(refused({ connections: {} })).toEqual([]);
  });

  test('a time beside another frequency, which an update may send', async () => {
    const manifest = entryOf({
      sync_frequency: 60,
      daily_sync_time: '03:00',
      if_exists: 'update',
      config: { schema: 'crm' },
    });
    expect((await readManifest(manifest)).error).toBe('');
    expect(refused(manifest)).toEqual([]);
  });

  test('the connections of all recipes', () => {
    const steps = recipeFiles.flatMap((file) => jobsOf(readRecipe(file)).flatMap(ownSteps));
    const entries = steps.map((step) =>
      Object.entries(step.with ?? {})
        .filter(([name]) => Object.hasOwn(fields, name))
        .map(([name, value]) => [
          name,
          mappingFields.includes(name)
            ? parse(String(value))
            : String(value).replace(/\$\{\{.*?\}\}/g, '${TEXT}'),
        ]),
    );
    const connections = entries.map((pairs, at) => [`step_${at}`, Object.fromEntries(pairs)]);
    expect(connections.length).toBeGreaterThan(8);
    expect(refused({ connections: Object.fromEntries(connections) })).toEqual([]);
  });

  test('the manifests in the documentation', () => {
    const texts = ['../../README.md', '../../docs/manifest.md'].map(read).join('\n');
    const blocks = [...texts.matchAll(/```yaml\n([^`]*?^connections:[^`]*)```/gm)];
    expect(blocks.length).toBeGreaterThan(1);
    for (const [, block = ''] of blocks) expect(refused(parse(block))).toEqual([]);
  });

  test.each(['fitting', 'odd', 'null'] as const)(
    'an entry of every service, with %s values',
    (kind) => {
      const services = Object.keys(facts.services);
      expect(services.length).toBeGreaterThan(700);
      const connections = Object.fromEntries(
        services.map((name) => [name, entryOfService(name, facts.services[name], kind)]),
      );
      expect(refused({ connections })).toEqual([]);
      for (const name of services.slice(0, 40)) {
        const { service, ...inherits } = connections[name] ?? {};
        expect(refused({ defaults: { service }, connections: { a: inherits } })).toEqual([]);
      }
    },
  );
});

describe('the action refuses what the schema refuses:', () => {
  test.each<[string, unknown]>([
    ['a list', []],
    ['an unknown part', { connections: { crm: whole }, conections: {} }],
    ['connections as a list', { connections: [] }],
    ['no connections', { defaults: whole }],
    ['an entry that is a text', entryOf('crm')],
    ['an unknown field', entryOf({ servise: 'github' })],
    ["a step's input", entryOf({ wait_for_sync: true })],
    ['a number for a text', entryOf({ service: 15 })],
    ['an empty text', entryOf({ service: '' })],
    ['a text for a boolean', entryOf({ paused: 'yes' })],
    ['none of the values', entryOf({ schedule_type: 'weekly' })],
    ['a frequency that there is not', entryOf({ sync_frequency: 7 })],
    ['a negative delay', entryOf({ data_delay_threshold: -5 })],
    ['half an hour', entryOf({ sync_frequency: 1440, daily_sync_time: '03:30' })],
    ['a list for a mapping', entryOf({ config: ['schema'] })],
    ['another policy', entryOf({ schema_change_handling: 'ALLOW' })],
    [
      'an unknown field of a column',
      entryOf({
        schema_change_handling: 'ALLOW_ALL',
        schemas: { a: { tables: { b: { columns: { c: { hashd: true } } } } } },
      }),
    ],
    [
      'a schema that is a list',
      entryOf({ schema_change_handling: 'ALLOW_ALL', schemas: { a: [] } }),
    ],
    ['a connect card without its redirect_uri', entryOf({ connect_card_config: {} })],
  ])('%s', async (_what, manifest) => {
    expect(accepts(manifest)).toBe(false);
    expect((await readManifest(manifest as object)).error).not.toBe('');
  });
});
