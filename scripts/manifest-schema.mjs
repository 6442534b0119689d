// Writes dist/manifest.schema.json: the JSON Schema of a manifest, from the zod schema that validates
// it and the descriptions of the inputs of the same names. Runs on what tsc has compiled.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { toJSONSchema } from 'zod/mini';

const root = new URL('..', import.meta.url);
// What tsc compiled is there only after a build: no import that a type check could follow.
const compiled = new URL('build/inputs/manifest.js', root);
const { manifestFile } = await import(compiled.href);

const { inputs } = parse(readFileSync(new URL('action.yml', root), 'utf8'));

const schema = toJSONSchema(manifestFile, {
  io: 'input',
  // What JSON Schema can't say (a check in code) is left to the action.
  unrepresentable: 'any',
  override({ jsonSchema, path }) {
    const field = String(path.at(-1));
    if (path.at(-2) === 'properties' && inputs[field]) {
      jsonSchema.description = inputs[field].description;
    }
    // A list may also be written as a text, one item a line, as the input of that name is.
    if (path.at(-2) === 'properties' && jsonSchema.type === 'array') {
      jsonSchema.anyOf = [{ type: 'array', items: jsonSchema.items ?? {} }, { type: 'string' }];
      delete jsonSchema.type;
      delete jsonSchema.items;
    }
  },
});

writeFileSync(
  new URL('dist/manifest.schema.json', root),
  `${JSON.stringify({ title: 'Manifest of Fivetran connections', ...schema }, null, 2)}\n`,
);
