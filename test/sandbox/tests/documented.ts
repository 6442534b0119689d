import { readFileSync } from 'node:fs';
import { jsonType } from '../api/json-type.mjs';

/** What a value may be; `scripts/openapi-facts.mjs` says how it is written. */
export type Shape = string | unknown[] | { [field: string]: Shape };

type Facts = {
  endpoints: Record<string, { request?: Shape; answers: Record<string, Shape> }>;
  shapes: Record<string, Shape>;
  connectors: Record<string, { config: Record<string, Shape>; readonly: Record<string, Shape> }>;
};

/** What Fivetran's OpenAPI document says of the endpoints and connectors that the sandbox has. */
export const facts: Facts = JSON.parse(
  readFileSync(new URL('../fixtures/openapi-facts.json', import.meta.url), 'utf8'),
);

type Mapping = { [field: string]: Shape };

/** The shape that a reference stands for, or the shape itself. */
export const resolved = (shape: Shape): Shape =>
  typeof shape === 'string' && shape.startsWith('#')
    ? (facts.shapes[shape.slice(1)] ?? 'any')
    : shape;

/** The fields of a mapping, each with whether it is required. */
export const fieldsOf = (shape: Mapping) =>
  Object.entries(shape).map(([key, field]) => ({
    name: key.replace(/!$/, ''),
    isRequired: key.endsWith('!'),
    shape: field,
  }));

/** How a value differs from its shape. Optional fields may be null. */
export function problemsOf(value: unknown, shape: Shape, path: string): string[] {
  const known = resolved(shape);
  if (known === 'any' || Object.keys(known).length === 0) return [];
  if (Array.isArray(known)) return known.includes(value) ? [] : [`${path}: not one of ${known}`];
  const type = jsonType(value);
  if (typeof known === 'string') return type === known ? [] : [`${path}: ${type}, not ${known}`];
  if (known['[]']) return problemsOfItems(value, known['[]'], path);
  if (type !== 'object') return [`${path}: ${type}, not object`];
  const entries = Object.entries(value as object);
  const values = known['{}'];
  if (values) return entries.flatMap(([name, item]) => problemsOf(item, values, `${path}.${name}`));
  const fields = fieldsOf(known);
  const missing = fields.filter(
    ({ name, isRequired }) => isRequired && !(name in (value as object)),
  );
  return [
    ...missing.map(({ name }) => `${path}.${name}: missing`),
    ...entries.flatMap(([name, item]) => {
      const field = fields.find((one) => one.name === name);
      if (field === undefined) return [`${path}.${name}: not documented`];
      if (item === null && !field.isRequired) return [];
      return problemsOf(item, field.shape, `${path}.${name}`);
    }),
  ];
}

function problemsOfItems(value: unknown, items: Shape, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: not a list`];
  return value.flatMap((item) => problemsOf(item, items, `${path}[]`));
}

/**
 * Values of a shape that show all that it allows: each allowed value, and each field of a mapping
 * beside the required ones.
 *
 * @param samples values for fields and mappings whose names or values the server checks
 */
export function valuesOf(shape: Shape, name: string, samples: Record<string, unknown>): unknown[] {
  if (name in samples) return [samples[name]];
  const known = resolved(shape);
  if (Array.isArray(known)) return known;
  if (typeof known === 'string') return PLAIN_VALUES[known] ?? [];
  if (known['{}']) {
    const key = String(samples[`${name}.*`]);
    return valuesOf(known['{}'], key, samples).map((value) => ({ [key]: value }));
  }
  const fields = fieldsOf(known);
  const required = Object.fromEntries(
    fields
      .filter(({ isRequired }) => isRequired)
      .map((field) => [field.name, valuesOf(field.shape, field.name, samples)[0]]),
  );
  return [
    required,
    ...fields.flatMap((field) =>
      valuesOf(field.shape, field.name, samples).map((value) => ({
        ...required,
        [field.name]: value,
      })),
    ),
  ];
}

const PLAIN_VALUES: Record<string, unknown[]> = {
  string: ['text'],
  integer: [5],
  boolean: [true, false],
};
