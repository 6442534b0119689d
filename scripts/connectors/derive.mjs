/** @typedef {import('./facts.mjs').Held} Held */
/** @typedef {import('./facts.mjs').FieldMap} FieldMap */
/** @typedef {import('./facts.mjs').Service} Service */
/** @typedef {import('./facts.mjs').Services} Services */

/**
 * A schema of the OpenAPI document, as far as connectors use it.
 *
 * @typedef {object} Schema
 * @property {string} [type]
 * @property {string} [format]
 * @property {unknown[]} [enum]
 * @property {Schema} [items]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {{ $ref?: string }[]} [allOf]
 */

const REQUEST = '_NewConnectorRequestV1';

/**
 * Derives the facts about all connectors from Fivetran's OpenAPI document. Sentences, titles and
 * examples stay behind.
 *
 * @param {unknown} document
 * @returns {Services} sorted by name
 * @throws {Error} when the document has no connectors, or describes one in an unknown way
 */
export function servicesIn(document) {
  const schemas = schemasOf(document);
  const names = Object.keys(schemas)
    .filter((name) => name.endsWith(REQUEST) && name !== REQUEST)
    .map((name) => name.slice(0, -REQUEST.length))
    .sort();
  if (names.length === 0) throw new Error(`The document has no schema named <service>${REQUEST}.`);
  return Object.fromEntries(names.map((name) => [checkedName(name), serviceOf(name, schemas)]));
}

/** @param {unknown} document @returns {Record<string, Schema>} */
function schemasOf(document) {
  const { components } = /** @type {{ components?: { schemas?: unknown } }} */ (document ?? {});
  const schemas = components?.schemas;
  if (typeof schemas !== 'object' || schemas === null) {
    throw new Error('The document has no components.schemas: not an OpenAPI document.');
  }
  return /** @type {Record<string, Schema>} */ (schemas);
}

/** @param {string} service @param {Record<string, Schema>} schemas @returns {Service} */
function serviceOf(service, schemas) {
  const request = partsOf(`${service}${REQUEST}`, schemas);
  const response = partsOf(`${service}_ConnectorResponseV1`, schemas);
  /** @param {Schema | undefined} part @param {string} field */
  const fieldsOf = (part, field) => mappingOf(part?.properties?.[field], `${service} ${field}`);
  const naming = request.find(({ name }) => name.startsWith('schema_format_'))?.schema;
  const auth = fieldsOf(named(request, `${service}_auth_V1`), 'auth');
  const keys = named(request, `${service}_esm_keys_config_V1`)?.properties;
  const secretKeys = Object.keys(keys?.external_secrets_keys_config?.properties ?? {}).sort();
  const readonly = fieldsOf(
    response.find(({ name }) => name.endsWith('_readonly_config_V1'))?.schema,
    'config',
  );
  return {
    naming: (naming?.properties?.config?.required ?? []).map(checkedName),
    config: fieldsOf(named(request, `${service}_config_V1`), 'config'),
    ...(Object.keys(auth).length > 0 && { auth }),
    ...(secretKeys.length > 0 && { external_secrets_keys_config: secretKeys.map(checkedName) }),
    ...(Object.keys(readonly).length > 0 && { readonly }),
  };
}

/** @typedef {{ name: string, schema: Schema }} Part */

/** @param {Part[]} parts @param {string} name */
const named = (parts, name) => parts.find((part) => part.name === name)?.schema;

/**
 * The schemas that a schema's `allOf` refers to.
 *
 * @param {string} name
 * @param {Record<string, Schema>} schemas
 * @returns {Part[]}
 */
function partsOf(name, schemas) {
  return (schemas[name]?.allOf ?? []).flatMap(({ $ref = '' }) => {
    const part = $ref.slice($ref.lastIndexOf('/') + 1);
    const schema = schemas[part];
    return schema ? [{ name: part, schema }] : [];
  });
}

/** @param {Schema | undefined} schema @param {string} place @returns {FieldMap} */
function mappingOf(schema, place) {
  const fields = Object.entries(schema?.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    fields.map(([name, field]) => [checkedName(name), heldBy(field, `${place}.${name}`)]),
  );
}

/** @param {Schema} schema @param {string} place @returns {Held} */
function heldBy(schema, place) {
  // The document calls the type of an enum "object".
  if (schema.enum) return [...new Set(schema.enum.map(String))].sort();
  switch (schema.type) {
    case 'array':
      return { '[]': heldBy(schema.items ?? {}, `${place}[]`) };
    case 'object':
      return mappingOf(schema, place);
    case 'string':
      return schema.format === 'password' ? 'secret' : 'string';
    case 'integer':
    case 'number':
    case 'boolean':
      return schema.type;
    default:
      throw new Error(`${place}: unknown type ${JSON.stringify(schema.type)}.`);
  }
}

/**
 * A name that can stand in a file name, a pattern, or a pull request.
 *
 * @param {string} name
 * @throws {Error} when it has other characters than those of an identifier
 */
function checkedName(name) {
  if (!/^\w{1,100}$/.test(name)) throw new Error(`Unusable name ${JSON.stringify(name)}.`);
  return name;
}
