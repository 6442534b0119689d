import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { manifestSchema } from '../../scripts/schema/manifest.mjs';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The generated schema. */
export const schema = JSON.parse(read('../../schema/manifest.schema.json'));

/** Compiles a schema that has keywords of editors. */
export const compiled = (schema: object) =>
  new Ajv2020({ strict: false, code: { optimize: false } }).compile(schema);

/** Without the connectors, which refuse nothing, it compiles in a fraction of the time. */
const accepts = lazily(() => {
  const { inputs } = parse(read('../../action.yml'));
  const facts = { month: '2026-01', services: { github: { naming: [], config: {} } } };
  return compiled(manifestSchema(inputs, facts));
});

/**
 * Asserts that the schema accepts a manifest that the action has accepted. Every test that reads a
 * manifest calls it.
 */
export function expectAccepted(manifest: string | object): void {
  if (manifest instanceof Uint8Array) return;
  const validate = accepts();
  validate(
    typeof manifest === 'string'
      ? parse(manifest, { merge: true, maxAliasCount: -1 })
      : JSON.parse(JSON.stringify(manifest)),
  );
  expect(validate.errors ?? []).toEqual([]);
}

function lazily<T>(create: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= create();
    return value;
  };
}
