// Derives what the tests of the sandbox need to know of Fivetran's API from its OpenAPI document: types,
// required fields and values, and none of its sentences.
//
//   npm run openapi-facts -- OPENAPI.json
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configPropertiesOf, services } from '../test/sandbox/metadata.mjs';

/**
 * What a value may be: a type, the allowed values, `{"[]": items}`, `{"{}": values}` of a mapping with
 * any names, or a mapping of its fields, where a name that ends in `!` is required. `#Name` refers to a
 * shape.
 * @typedef {string | unknown[] | { [field: string]: Shape }} Shape
 */

/**
 * A schema of the document.
 * @typedef {{ $ref?: string, allOf?: Schema[], type?: string, enum?: string[], items?: Schema,
 *   properties?: Record<string, Schema>, additionalProperties?: Schema | boolean,
 *   required?: string[] }} Schema
 */

/** The endpoints that the sandbox has. */
const ENDPOINTS = [
  'POST /v1/connections',
  'GET /v1/connections',
  'GET /v1/connections/{connectionId}',
  'PATCH /v1/connections/{connectionId}',
  'DELETE /v1/connections/{connectionId}',
  'POST /v1/connections/{connectionId}/test',
  'POST /v1/connections/{connectionId}/sync',
  'POST /v1/connections/{connectionId}/connect-card',
  'POST /v1/connections/{connectionId}/fingerprints',
  'POST /v1/connections/{connectionId}/certificates',
  'GET /v1/connections/{connectionId}/schemas',
  'POST /v1/connections/{connectionId}/schemas',
  'PATCH /v1/connections/{connectionId}/schemas',
  'POST /v1/connections/{connectionId}/schemas/reload',
  'GET /v1/connections/{connectionId}/schemas/{schema}/tables/{table}/columns',
  'GET /v1/groups/{groupId}',
  'GET /v1/groups/{groupId}/public-key',
  'GET /v1/metadata/connector-types/{service}',
];

const TARGET = fileURLToPath(
  new URL('../test/sandbox/fixtures/openapi-facts.json', import.meta.url),
);

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Usage: npm run openapi-facts -- OPENAPI.json');
  process.exit(2);
}
const { paths, components } = JSON.parse(readFileSync(file, 'utf8'));
/** @type {Record<string, Schema>} */
const schemas = components.schemas;
/** @type {Record<string, Shape>} */
const shapes = {};

const endpoints = Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint, endpointOf(endpoint)]));
const connectors = Object.fromEntries(services.map((service) => [service, connectorOf(service)]));
const facts = { endpoints, shapes, connectors };
writeFileSync(TARGET, JSON.stringify(facts));
execFileSync('npx', ['biome', 'format', '--write', TARGET]);

/** @param {string} endpoint */
function endpointOf(endpoint) {
  const [method = '', path = ''] = endpoint.split(' ');
  const { requestBody, responses } = paths[path][method.toLowerCase()];
  const body = jsonSchemaOf(requestBody);
  const answers = Object.entries(responses).flatMap(([status, response]) => {
    const schema = jsonSchemaOf(response);
    return schema ? [[status, shapeOf(schema)]] : [];
  });
  return { ...(body && { request: shapeOf(body) }), answers: Object.fromEntries(answers) };
}

/** @param {any} message @returns {Schema | undefined} */
function jsonSchemaOf(message) {
  return message?.content?.['application/json']?.schema;
}

/**
 * The fields of a service's `config` that the sandbox's metadata has, and its read-only ones.
 * @param {string} service
 */
function connectorOf(service) {
  const known = Object.keys(configPropertiesOf(service) ?? {});
  /** @param {string} part */
  const fieldsOf = (part) =>
    Object.fromEntries(
      Object.entries(schemas[`${service}_${part}_V1`]?.properties?.config?.properties ?? {})
        .filter(([name]) => part === 'readonly_config' || known.includes(name))
        .map(([name, schema]) => [name, shapeOf(schema)]),
    );
  return { config: fieldsOf('config'), readonly: fieldsOf('readonly_config') };
}

/** @param {Schema} schema @returns {Shape} */
function shapeOf(schema) {
  if (schema.$ref !== undefined) return referenceTo(schema.$ref.split('/').at(-1) ?? '');
  const [base] = schema.allOf ?? [];
  if (base) return shapeOf(base);
  if (schema.enum) return schema.type === 'integer' ? schema.enum.map(Number) : schema.enum;
  if (schema.type === 'array') return { '[]': shapeOf(schema.items ?? {}) };
  const { properties = {}, additionalProperties, required = [] } = schema;
  const names = Object.keys(properties);
  if (typeof additionalProperties === 'object') return { '{}': shapeOf(additionalProperties) };
  // The document writes a mapping of any names as one field with the name of its level.
  const [only = ''] = names;
  if (names.length === 1 && ['schema', 'table', 'column'].includes(only)) {
    return { '{}': shapeOf(properties[only] ?? {}) };
  }
  if (names.length > 0) {
    return Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [
        required.includes(name) ? `${name}!` : name,
        shapeOf(field),
      ]),
    );
  }
  if (schema.type === undefined) return 'any';
  return schema.type === 'object' ? {} : schema.type;
}

/** @param {string} name */
function referenceTo(name) {
  if (!Object.hasOwn(shapes, name)) {
    shapes[name] = 'any';
    shapes[name] = shapeOf(schemas[name] ?? {});
  }
  return `#${name}`;
}
