import { branchesByName } from './branches.mjs';
import { REFERRING, when } from './forms.mjs';
import { fieldsSchema } from './held.mjs';
import { notAField, notAService, readOnly } from './reports.mjs';

/** @typedef {import('../connectors/facts.mjs').Facts} Facts */
/** @typedef {import('../connectors/facts.mjs').Service} Service */
/** @typedef {import('./forms.mjs').Schema} Schema */

const PAGE = 'https://fivetran.com/docs/rest-api/api-reference/connections/create-connection';

/** The naming fields of all services: each service accepts all of them. */
const NAMING = ['schema', 'schema_prefix', 'table', 'table_group_name'];

/**
 * The definitions that tell an editor about all connectors:
 *
 * - `services` applies to an entry: it adds what the entry's own `service` takes;
 * - `inherited` applies to the file: it adds what the service of `defaults` takes to the entries that
 *   have none of their own.
 *
 * @param {Facts} facts
 * @returns {Record<string, Schema>}
 */
export function connectorDefinitions({ month, services }) {
  const names = Object.keys(services);
  const hasService = reference('hasService');
  return {
    knownService: { enum: names },
    hasService: {
      type: 'object',
      required: ['service'],
      properties: { service: { type: 'string' } },
    },
    services: {
      properties: {
        service: {
          doNotSuggest: true,
          ...when(
            // What is negated does not show on hover.
            { type: 'string', allOf: [{ not: reference('knownService') }, { not: REFERRING }] },
            { deprecationMessage: notAService(month) },
          ),
        },
      },
      ...when(hasService, reference('own')),
    },
    ...branchesByName('own', names, {
      where: (service) => ({ properties: { service } }),
      apply: (service) => reference(`service-${service}`),
    }),
    inherited: when(
      { required: ['defaults'], properties: { defaults: hasService } },
      reference('default'),
    ),
    ...branchesByName('default', names, {
      where: (service) => ({ properties: { defaults: { properties: { service } } } }),
      apply: (service) => ({
        properties: {
          connections: {
            doNotSuggest: true,
            additionalProperties: { if: hasService, else: reference(`service-${service}`) },
          },
        },
      }),
    }),
    ...Object.fromEntries(
      Object.entries(services).map(([service, facts]) => [
        `service-${service}`,
        serviceSchema(facts, { service, month }),
      ]),
    ),
  };
}

/** @param {string} name */
const reference = (name) => ({ $ref: `#/$defs/${name}` });

/**
 * What an entry of one service takes.
 *
 * @param {Service} facts
 * @param {import('./reports.mjs').Context} context
 */
function serviceSchema({ naming, config, auth, external_secrets_keys_config, readonly }, context) {
  const page = { markdownDescription: link(context.service) };
  const known = fieldsSchema(config, context);
  return {
    properties: {
      service: { doNotSuggest: true, ...page },
      config: {
        ...page,
        ...known,
        properties: {
          ...Object.fromEntries(naming.map((name) => [name, reference('naming')])),
          ...known.properties,
          ...Object.fromEntries(
            Object.keys(readonly ?? {}).map((name) => [
              name,
              { deprecationMessage: readOnly(context) },
            ]),
          ),
          // Not suggested, but accepted without a warning.
          ...Object.fromEntries(
            NAMING.filter((name) => !naming.includes(name) && !Object.hasOwn(config, name)).map(
              (name) => [name, true],
            ),
          ),
        },
      },
      ...(auth && { auth: { ...page, ...fieldsSchema(auth, context) } }),
      ...(external_secrets_keys_config && {
        external_secrets_keys_config: {
          properties: Object.fromEntries(
            external_secrets_keys_config.map((name) => [name, reference('string')]),
          ),
          additionalProperties: { deprecationMessage: notAField(context) },
        },
      }),
    },
  };
}

/** @param {string} service */
const link = (service) => `[\`${service}\` in Fivetran's reference](${PAGE}?service=${service})`;
