// Writes dist/manifest.schema.json: the JSON Schema of a manifest, from the zod schema that validates
// it and the descriptions of the inputs of the same names. Runs on what tsc has compiled.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { toJSONSchema } from 'zod/mini';

const root = new URL('..', import.meta.url);
// What tsc compiled is there only after a build: no import that a type check could follow.
const compiled = new URL('build/inputs/manifest-file.js', root);
const { manifestFile } = await import(compiled.href);

const { inputs } = parse(readFileSync(new URL('action.yml', root), 'utf8'));

const schema = toJSONSchema(manifestFile, {
  io: 'input',
  // What JSON Schema can't say (a check in code) is left to the action.
  unrepresentable: 'any',
  override({ jsonSchema, path }) {
    const name = String(path.at(-1));
    // Called for the field itself, and again for what makes it optional.
    if (jsonSchema.anyOf) return;
    if (path.at(-2) === 'properties' && name in inputs) {
      const field = { ...jsonSchema };
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, { description: inputs[name].description, anyOf: written(field) });
    } else if (name === 'defaults' || name === 'additionalProperties') {
      // An entry, or the defaults, may have nothing in them.
      if (jsonSchema.type === 'object') Object.assign(jsonSchema, { type: ['object', 'null'] });
    }
  },
});

/**
 * The ways to write a field: as it is, as a reference that gives it, not at all, and a list as a text
 * with one item a line.
 *
 * @param {import('zod/mini').core.JSONSchema.BaseSchema} field
 */
function written(field) {
  if (field.type === 'object') return [field, { type: 'null' }];
  const text = field.type === 'array' ? {} : { pattern: '[$][{]' };
  return [field, { type: 'string', ...text }, { type: 'null' }];
}

writeFileSync(
  new URL('dist/manifest.schema.json', root),
  `${JSON.stringify({ title: 'Manifest of Fivetran connections', ...schema }, null, 2)}\n`,
);
