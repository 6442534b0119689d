import { configPropertiesOf } from '../../metadata.mjs';

/** @typedef {Record<string, unknown>} Config */

const NAMING_FIELDS = ['schema_prefix', 'schema', 'table', 'table_group_name'];

/**
 * The fields of `config` that form the name of a connection of this service. A service ignores the
 * others: `table` on a service with schemas only, and `schema` on `db2luw`, where it is an ordinary
 * setting. For a service without metadata, all of them count.
 * @param {string} [service]
 */
export function namingFieldsOf(service) {
  const properties = service === undefined ? undefined : configPropertiesOf(service);
  return properties ? NAMING_FIELDS.filter((name) => properties[name]?.immutable) : NAMING_FIELDS;
}

/**
 * The normalized connection name that `config` asks for, or undefined when it does not name one.
 * @param {Config} config
 * @param {string} [service] without it, every naming field counts
 * @returns {string | undefined}
 */
export function nameFrom(config, service) {
  const fields = namingFieldsOf(service);
  /** @param {string} field */
  const part = (field) => {
    const value = fields.includes(field) ? config[field] : undefined;
    return typeof value === 'string' ? normalizedPart(value) : '';
  };
  if (part('schema_prefix')) return part('schema_prefix');
  if (!part('schema')) return undefined;
  const rest = part('table') || part('table_group_name');
  return rest ? `${part('schema')}.${rest}` : part('schema');
}

/**
 * A free name for a connection whose `config` does not name one.
 * @param {string} service
 * @param {(name: string) => boolean} isTaken
 */
export function generatedName(service, isTaken) {
  const base = normalizedPart(service);
  let name = base;
  for (let number = 2; isTaken(name); number += 1) name = `${base}_${number}`;
  return name;
}

/**
 * Whether two names are equal under Fivetran's naming rules.
 * @param {string} a
 * @param {string} b
 */
export const isSameName = (a, b) => normalized(a) === normalized(b);

/** @param {string} name */
const normalized = (name) => name.split('.').map(normalizedPart).join('.');

/** @param {string} text */
const normalizedPart = (text) => text.toLowerCase().replace(/[^a-z0-9_]/g, '_');
