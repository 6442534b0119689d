import type { FieldMap, Held, Service } from '../../scripts/connectors/facts.mjs';

/**
 * What the fields of an entry hold: `fitting` what the facts say, `odd` what they do not say but the
 * action accepts, `null` nothing.
 */
export type Values = 'fitting' | 'odd' | 'null';

/** An entry of a service with all fields that the facts have. */
export function entryOfService(name: string, facts: Service, values: Values) {
  const { naming, config, auth = {}, external_secrets_keys_config = [], readonly = {} } = facts;
  return {
    service: name,
    config: {
      ...filled(
        values === 'fitting' ? config : { ...config, ...readonly, unknown: 'string' },
        values,
      ),
      ...Object.fromEntries(naming.map((field) => [field, 'crm'])),
    },
    auth: filled(auth, values),
    external_secrets_keys_config: Object.fromEntries(
      external_secrets_keys_config.map((field) => [field, 'prod/db']),
    ),
  };
}

const filled = (fields: FieldMap, values: Values): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, held]) => [
      name,
      values === 'fitting' ? fitting(held) : values === 'odd' ? odd(held) : null,
    ]),
  );

function fitting(held: Held): unknown {
  if (Array.isArray(held)) return 'a value that the reference lacks';
  if (typeof held === 'object') {
    return held['[]'] === undefined ? filled(held, 'fitting') : [fitting(held['[]'])];
  }
  switch (held) {
    case 'integer':
      return 1;
    case 'number':
      return 1.5;
    case 'boolean':
      return true;
    case 'secret':
    case 'string':
      return '${TEXT}';
    default:
      return held satisfies never;
  }
}

const odd = (held: Held): unknown =>
  typeof held === 'object' && !Array.isArray(held) ? 'plain text' : [{ odd: 1 }, 'x'];
