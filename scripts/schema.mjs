// Writes schema/manifest.schema.json, the JSON Schema of a manifest, from the schemas that validate one,
// action.yml and schema/connectors.json. With --check, writes nothing and exits with 1 when it differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { manifestSchema, schemaText } from './schema/manifest.mjs';

const root = new URL('..', import.meta.url);
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, root), 'utf8');

const file = 'schema/manifest.schema.json';
const { inputs } = parse(read('action.yml'));
const wanted = schemaText(manifestSchema(inputs, JSON.parse(read('schema/connectors.json'))));

if (!process.argv.includes('--check')) writeFileSync(new URL(file, root), wanted);
else if (read(file) !== wanted) {
  console.error(`${file} is out of date. Run: npm run schema`);
  process.exitCode = 1;
}
