import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { manifestSchema } from '../../scripts/schema/manifest.mjs';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The generated schema. */
export const schema = JSON.parse(read('../../schema/manifest.schema.json'));

/** Compiles a schema that has keywords of editors. */
export function compiled(schema: object): ValidateFunction {
  // Loaded only for manifests: every step imports this file.
  const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js');
  return new Ajv2020({ strict: false, code: { optimize: false } }).compile(schema);
}

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
