import { configPropertiesOf } from '../../metadata.mjs';
import { jsonType } from '../json-type.mjs';
import { namingFieldsOf } from './connection-name.mjs';
import { publicKeyOf } from './public-key.mjs';
import { isSecretKey } from './secrets.mjs';

/** @typedef {import('../state.mjs').Fields} Fields */
/** @typedef {import('../state.mjs').State} State */
/** @typedef {import('../state.mjs').StoredConnection} StoredConnection */
/** @typedef {Partial<import('../../metadata/properties.mjs').Property>} Property */

/**
 * How the values of a `config` are answered.
 * @typedef {Pick<State, 'emptyValues' | 'listOrder' | 'numbers'> & { mask: string }} Form
 */

/**
 * A connection's `config` as Fivetran answers it: without naming fields in some services, without
 * empty values, with read-only fields, and with asterisks for secrets.
 * @param {State} state
 * @param {StoredConnection} stored
 * @returns {Fields}
 */
export function answeredConfig(state, stored) {
  const { service, sent } = stored;
  const properties = configPropertiesOf(service) ?? {};
  const naming = namingFieldsOf(service);
  const omitted = hasNamingFields(state, naming) ? [] : naming;
  const config = Object.fromEntries(
    Object.entries({ ...readonlyFields(stored, properties), ...sent.config }).filter(
      ([name]) => !omitted.includes(name),
    ),
  );
  const { emptyValues, listOrder, numbers } = state;
  const mask = '*'.repeat(state.asterisks ?? (naming.includes('schema_prefix') ? 8 : 6));
  const form = { emptyValues, listOrder, numbers, mask };
  return /** @type {Fields} */ (answeredValue(config, { properties }, form) ?? {});
}

/**
 * By default, a service with one destination schema has it in its answers, and one with a prefix, a
 * table or a table group has not: readers need both kinds.
 * @param {State} state
 * @param {string[]} naming
 */
function hasNamingFields({ namingFields }, naming) {
  if (namingFields !== 'some') return namingFields === 'all';
  return naming.length === 1 && naming.includes('schema');
}

/** @param {StoredConnection} stored @param {Record<string, Property>} properties */
function readonlyFields({ id, group_id }, properties) {
  /** @type {Fields} */
  const known = { public_key: publicKeyOf(group_id), external_id: group_id };
  const readonly = Object.entries(properties).filter(([, property]) => property.readonly);
  return Object.fromEntries(
    readonly.map(([name, property]) => [
      name,
      known[name] ?? property.enum?.[0] ?? `${name} of ${id}`,
    ]),
  );
}

/**
 * A value as it is answered, or undefined when it is left out.
 * @param {unknown} value
 * @param {Property} property
 * @param {Form} form
 * @returns {unknown}
 */
function answeredValue(value, property, form) {
  const isSecret = property.format === 'password';
  const answer = isSecret && typeof value === 'string' ? form.mask : nested(value, property, form);
  const isEmpty = ['null', '""', '[]', '{}'].includes(JSON.stringify(value === '' ? '' : answer));
  return isEmpty && form.emptyValues === 'left out' ? undefined : answer;
}

/** @param {unknown} value @param {Property} property @param {Form} form */
function nested(value, { format = '', items, properties = {} }, form) {
  if (Array.isArray(value)) {
    const answers = value
      .map((item) => answeredValue(item, items ?? { format }, form))
      .filter((answer) => answer !== undefined);
    return form.listOrder === 'reversed' ? answers.reverse() : answers;
  }
  if (typeof value === 'number' && form.numbers === 'text') return String(value);
  if (jsonType(value) !== 'object') return value;
  const answers = Object.entries(/** @type {Fields} */ (value)).map(([key, item]) => {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const isSecret = format === 'password' || isSecretKey(key);
    return [key, answeredValue(item, isSecret ? { format: 'password' } : (known ?? {}), form)];
  });
  return Object.fromEntries(answers.filter(([, answer]) => answer !== undefined));
}
