import { jsonType } from './api/fields.mjs';
import { applications } from './metadata/applications.mjs';
import { databasesAndFiles } from './metadata/databases-and-files.mjs';

/** @typedef {import('./metadata/properties.mjs').Property} Property */

/**
 * What makes one connector differ from the next.
 * @typedef {object} Connector
 * @property {string} name
 * @property {string} [service_status] `general_availability` unless said
 * @property {Property} config
 * @property {Property} auth
 */

/** @type {Record<string, Connector>} */
const connectors = { ...applications, ...databasesAndFiles };

/** The services that the sandbox knows. */
export const services = Object.keys(connectors);

/**
 * The metadata of a connector as the API answers it.
 * @param {string} service
 */
export function metadataOf(service) {
  const connector = Object.hasOwn(connectors, service) ? connectors[service] : undefined;
  if (connector === undefined) return undefined;
  const { name, service_status = 'general_availability', config, auth } = connector;
  const page = `https://fivetran.com/docs/connectors/${service.replaceAll('_', '-')}`;
  return {
    id: service,
    name,
    type: Object.hasOwn(databasesAndFiles, service) ? 'Database' : 'API',
    description: `Syncs ${name} to the destination`,
    icon_url: `https://fivetran.com/integrations/${service}/resources/logo.svg`,
    link_to_docs: page,
    link_to_erd: `${page}#schema`,
    service_status,
    service_status_updated_at: '2025-03-01T00:00:00Z',
    config,
    auth,
  };
}

/**
 * Values of the wrong type, or outside of their list, in the `config` and `auth` of a request. What
 * the metadata does not know passes, as does what is missing: the setup tests would find that.
 * @param {string} service
 * @param {Record<string, unknown>} body
 * @returns {string[] | undefined} undefined when the service is unknown
 */
export function typeProblems(service, { config = {}, auth = {} }) {
  const connector = metadataOf(service);
  return (
    connector && [
      ...problemsAt('config', config, connector.config),
      ...problemsAt('auth', auth, connector.auth),
    ]
  );
}

/** @param {string} place @param {unknown} value @param {Property} property @returns {string[]} */
function problemsAt(place, value, property) {
  if (value === null) return [];
  const given = jsonType(value);
  if (given !== property.type) {
    return [`Field '${place}' must be of type ${property.type}, is ${given}`];
  }
  if (property.enum && !property.enum.includes(String(value))) {
    return [`Field '${place}' must be one of ${property.enum.join(', ')}`];
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
