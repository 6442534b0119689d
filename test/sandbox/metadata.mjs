import { jsonType } from './api/json-type.mjs';
import { applications } from './metadata/applications.mjs';
import { databasesAndFiles } from './metadata/databases-and-files.mjs';
import { schema, schemaPrefix, table, tableGroup } from './metadata/properties.mjs';

/** @typedef {import('./metadata/properties.mjs').Property} Property */

/**
 * What distinguishes one connector from the others.
 * @typedef {object} Connector
 * @property {string} name
 * @property {string} [service_status] `general_availability` by default
 * @property {Property} config
 * @property {Property} auth
 */

/** @type {Record<string, Connector>} */
const connectors = { ...applications, ...databasesAndFiles };

/** The services that have metadata. */
export const services = Object.keys(connectors);

/**
 * Values that the API accepts although the metadata does not list them: metadata lags behind.
 * @type {Record<string, string[]>}
 */
const UNLISTED_VALUES = { 'config.file_type': ['orc'] };

/** The create-only fields of a service without metadata. @type {Record<string, Property>} */
const NAMING_PROPERTIES = {
  schema,
  schema_prefix: schemaPrefix,
  table,
  table_group_name: tableGroup,
};

/** @param {string} service */
const connectorOf = (service) =>
  Object.hasOwn(connectors, service) ? connectors[service] : undefined;

/**
 * The properties of a connector's `config`, or undefined when the service is unknown.
 * @param {string} service
 */
export const configPropertiesOf = (service) => connectorOf(service)?.config.properties;

/**
 * A connector's metadata as the API answers it.
 * @param {string} service
 */
export function metadataOf(service) {
  const connector = connectorOf(service);
  if (connector === undefined) return undefined;
  const { name, service_status = 'general_availability', config, auth } = connector;
  const page = `https://fivetran.com/docs/connectors/${service.replaceAll('_', '-')}`;
  const icon = `https://fivetran.com/integrations/${service}/resources/logo.svg`;
  const isDatabase = Object.hasOwn(databasesAndFiles, service);
  return {
    id: service,
    name,
    type: isDatabase ? 'Database' : 'API',
    description: `Syncs ${name} to the destination`,
    icons: [icon],
    icon_url: icon,
    link_to_docs: page,
    link_to_erd: `${page}#schema`,
    connector_class: 'standard',
    service_status,
    service_status_updated_at: '2025-03-01',
    supported_features: [
      { id: 'API_CONFIGURABLE' },
      ...(browserOnly.includes(service) ? [] : [{ id: 'AUTHORIZATION_VIA_API' }]),
      { id: 'CAPTURE_DELETES', notes: 'All tables and fields' },
      ...(isDatabase ? [{ id: 'COLUMN_HASHING' }, { id: 'DATA_BLOCKING' }, { id: 'HISTORY' }] : []),
    ],
    config,
    auth,
  };
}

/** Services that only a person can authorize. */
const browserOnly = ['salesforce'];

/**
 * Finds values of the wrong type or outside their enum in the `config` and `auth` of a request.
 * Fields without metadata and missing fields pass: the setup tests report those.
 * @param {string} service
 * @param {Record<string, unknown>} body
 * @returns {string[] | undefined} undefined when the service is unknown
 */
export function typeProblems(service, { config = {}, auth = {} }) {
  const connector = connectorOf(service);
  return (
    connector && [
      ...problemsAt('config', config, connector.config),
      ...problemsAt('auth', auth, connector.auth),
    ]
  );
}

/**
 * Finds fields in the `config` of a PATCH that may be set on create only.
 * @param {string} service
 * @param {Record<string, unknown>} body
 * @returns {string[]}
 */
export function immutableProblems(service, { config }) {
  const properties = configPropertiesOf(service) ?? NAMING_PROPERTIES;
  return Object.keys(/** @type {object} */ (config ?? {}))
    .filter((name) => Object.hasOwn(properties, name) && properties[name]?.immutable)
    .map((name) => `Field 'config.${name}' can't be changed`);
}

/** @param {string} place @param {unknown} value @param {Property} property @returns {string[]} */
function problemsAt(place, value, property) {
  if (value === null) return [];
  if (property.enum) return enumProblems(place, value, property.enum);
  const type = jsonType(value);
  if (type !== property.type) {
    return [`Field '${place}' must be of type ${property.type}, but is ${type}`];
  }
  const { items, properties = {} } = property;
  if (Array.isArray(value)) {
    return items
      ? value.flatMap((item, index) => problemsAt(`${place}[${index}]`, item, items))
      : [];
  }
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const child = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return child ? problemsAt(`${place}.${key}`, item, child) : [];
  });
}

/** @param {string} place @param {unknown} value @param {string[]} listed */
function enumProblems(place, value, listed) {
  const accepted = [...listed, ...(UNLISTED_VALUES[place] ?? [])];
  if (typeof value === 'string' && accepted.includes(value)) return [];
  return [`Field '${place}' must be one of ${listed.join(', ')}`];
}
