/**
 * What a field of a connector holds: a type, a secret, one of some texts, a list of `[]`, or a mapping.
 *
 * @typedef {'string' | 'integer' | 'number' | 'boolean' | 'secret' | string[] | FieldMap} Held
 * @typedef {{ [field: string]: Held }} FieldMap
 */

/**
 * What Fivetran's OpenAPI document says about a connector.
 *
 * @typedef {object} Service
 * @property {string[]} naming the fields of `config` that make the connection's name, all required
 * @property {FieldMap} config the other fields of `config`
 * @property {FieldMap} [auth]
 * @property {string[]} [external_secrets_keys_config] its field names
 * @property {FieldMap} [readonly] fields of `config` that only a response has
 *
 * @typedef {Record<string, Service>} Services
 * @typedef {{ month: string, services: Services }} Facts `month`, such as 2026-08, is when they were read
 */

/**
 * The text of schema/connectors.json, with one line per service, so that a diff shows what changed.
 *
 * @param {Facts} facts
 */
export function factsText({ month, services }) {
  const lines = Object.entries(services).map(
    ([name, service]) => `${JSON.stringify(name)}:${JSON.stringify(service)}`,
  );
  return `{"month":${JSON.stringify(month)},"services":{\n${lines.join(',\n')}\n}}\n`;
}
