// Writes dist/manifest.schema.json, the JSON Schema of a manifest. It comes from the zod schema that
// validates a manifest and from the descriptions of the inputs of the same names. Needs build/.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { toJSONSchema } from 'zod/mini';

const root = new URL('..', import.meta.url);
// A static import would make the type check depend on a build.
const compiled = new URL('build/inputs/manifest.js', root);
const { manifestFile } = await import(compiled.href);

const { inputs } = parse(readFileSync(new URL('action.yml', root), 'utf8'));

const schema = toJSONSchema(manifestFile, {
  io: 'input',
  // The action itself checks what JSON Schema cannot express.
  unrepresentable: 'any',
  override({ jsonSchema, path }) {
    const name = String(path.at(-1));
    // Called for the field itself, and again for the wrapper that makes it optional.
    if (jsonSchema.anyOf) return;
    if (path.at(-2) === 'properties' && (name in inputs || jsonSchema.type === 'boolean')) {
      const field = { ...jsonSchema, ...(name === 'data_delay_threshold' && { minimum: 0 }) };
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, { ...describe(inputs[name]), anyOf: formsOf(field) });
    } else if (name === 'defaults' || name === 'additionalProperties') {
      // An entry and the defaults may be empty.
      if (jsonSchema.type === 'object') Object.assign(jsonSchema, { type: ['object', 'null'] });
    }
  },
});

/**
 * Returns the forms in which a field can be written: its own, a text with a reference to a variable,
 * nothing, and for a list also a text with one item per line.
 *
 * @param {import('zod/mini').core.JSONSchema.BaseSchema} field
 */
function formsOf(field) {
  if (field.type === 'object') return [field, { type: 'null' }];
  const isNumber = field.type === 'number' || typeof field.enum?.[0] === 'number';
  const values =
    field.type === 'boolean'
      ? /^([tT]rue|TRUE|[fF]alse|FALSE)$/
      : isNumber
        ? /^\d+(\.\d+)?$/
        : undefined;
  const pattern = [...(values ? [values.source] : []), '[$][{]'].join('|');
  return [field, { type: 'string', ...(field.type !== 'array' && { pattern }) }, { type: 'null' }];
}

/**
 * What an editor shows for a field. What a step requires is not what a manifest does.
 *
 * @param {{ description: string } | undefined} input
 */
function describe(input) {
  return input && { description: input.description.replace(/^Required [^.]*\. /, '') };
}

/** @typedef {Record<string, any>} Schema */

const { defaults: entry, connections } = /** @type {Schema} */ (schema.properties);
// What the action refuses, and no single field can express.
entry.allOf = [
  {
    anyOf: [
      { type: ['object', 'null'], properties: { daily_sync_time: { type: 'null' } } },
      {
        type: 'object',
        properties: {
          sync_frequency: {
            anyOf: [{ enum: [1440, '1440', null] }, { type: 'string', pattern: '[$][{]' }],
          },
        },
      },
    ],
  },
];
// Written once, so that an editor shows each description once.
const shared = { $ref: '#/$defs/entry' };
Object.assign(schema, {
  properties: {
    defaults: shared,
    connections: { ...connections, additionalProperties: shared, minProperties: 1 },
  },
  $defs: { entry },
});

writeFileSync(
  new URL('dist/manifest.schema.json', root),
  `${JSON.stringify({ title: 'Manifest of Fivetran connections', ...schema }, null, 2)}\n`,
);
