// Writes dist/manifest.schema.json, the JSON Schema of a manifest. It comes from the zod schema that
// validates a manifest and from the descriptions of the inputs of the same names. Needs build/.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { toJSONSchema } from 'zod/mini';

const root = new URL('..', import.meta.url);
// A static import would make the type check depend on a build.
const compiled = new URL('build/inputs/manifest-file.js', root);
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
    if (path.at(-2) === 'properties' && name in inputs) {
      const field = { ...jsonSchema };
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, { description: inputs[name].description, anyOf: formsOf(field) });
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
  const text = field.type === 'array' ? {} : { pattern: '[$][{]' };
  return [field, { type: 'string', ...text }, { type: 'null' }];
}

writeFileSync(
  new URL('dist/manifest.schema.json', root),
  `${JSON.stringify({ title: 'Manifest of Fivetran connections', ...schema }, null, 2)}\n`,
);
