import { jsonType } from '../json-type.mjs';

/** @typedef {Record<string, unknown>} Fields */

/**
 * The rule for one documented request field.
 * @typedef {object} Rule
 * @property {'string' | 'boolean' | 'integer' | 'object'} type
 * @property {readonly unknown[]} [values] the allowed values
 * @property {(value: any) => string | undefined} [check] finds a problem in a value of this type
 * @property {true} [required]
 * @property {true} [createOnly]
 * @property {true} [unstored] accepted without effect
 * @property {true} [transient] affects only the setup tests of this request and is not stored
 */

const SYNC_FREQUENCIES = [1, 5, 15, 30, 60, 120, 180, 360, 480, 720, 1440];

/** @type {Record<string, Rule>} */
const RULES = {
  group_id: { type: 'string', required: true, createOnly: true },
  service: { type: 'string', required: true, createOnly: true },
  config: { type: 'object' },
  auth: { type: 'object' },
  run_setup_tests: { type: 'boolean', transient: true },
  trust_certificates: { type: 'boolean', transient: true },
  trust_fingerprints: { type: 'boolean', transient: true },
  paused: { type: 'boolean' },
  pause_after_trial: { type: 'boolean' },
  sync_frequency: { type: 'integer', values: SYNC_FREQUENCIES },
  daily_sync_time: { type: 'string', check: dailySyncTimeProblem },
  schedule_type: { type: 'string', values: ['auto', 'manual'] },
  data_delay_sensitivity: {
    type: 'string',
    values: ['LOW', 'NORMAL', 'HIGH', 'CUSTOM', 'SYNC_FREQUENCY'],
  },
  data_delay_threshold: { type: 'integer', check: thresholdProblem },
  networking_method: {
    type: 'string',
    values: ['Directly', 'PrivateLink', 'SshTunnel', 'ProxyAgent'],
  },
  private_link_id: { type: 'string' },
  proxy_agent_id: { type: 'string' },
  hybrid_deployment_agent_id: { type: 'string' },
  external_secrets_manager_id: { type: 'string' },
  external_secrets_keys_config: { type: 'object', check: secretsKeysProblem },
  destination_configuration: { type: 'object', check: destinationProblem },
  destination_schema_names: {
    type: 'string',
    values: ['FIVETRAN_NAMING', 'SOURCE_NAMING'],
    createOnly: true,
  },
  is_historical_sync: { type: 'boolean', unstored: true },
  schema_status: { type: 'string', values: ['blocked_on_capture', 'ready'], unstored: true },
  connect_card_config: { type: 'object', check: connectCardProblem, createOnly: true },
};

/** @param {string} value */
function dailySyncTimeProblem(value) {
  if (!/^([01]\d|2[0-3]):00$/.test(value)) return `must be a full hour (HH:00), but is '${value}'`;
}

/** @param {number} value */
function thresholdProblem(value) {
  if (value < 0) return `must not be negative, but is ${value}`;
}

/** @param {Fields} value */
function secretsKeysProblem(value) {
  const wrong = Object.keys(value).find((key) => typeof value[key] !== 'string');
  if (wrong !== undefined) return `must map '${wrong}' to the name of a key`;
}

/** @param {Fields} value */
function destinationProblem(value) {
  const unknown = Object.keys(value).find((key) => key !== 'virtual_warehouse');
  if (unknown !== undefined) return `has an unrecognized field '${unknown}'`;
  const warehouse = value.virtual_warehouse;
  if (warehouse !== undefined && typeof warehouse !== 'string') {
    return 'must have a string as virtual_warehouse';
  }
}

/**
 * Checks the settings of a connect card.
 * @param {Fields} value
 */
export function connectCardProblem(value) {
  const known = ['redirect_uri', 'hide_setup_guide', 'all_fields'];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) return `has an unrecognized field '${unknown}'`;
  const uri = value.redirect_uri;
  if (typeof uri !== 'string' || !/^https?:\/\/./.test(uri)) {
    return 'must have a redirect_uri that starts with http:// or https://';
  }
  for (const flag of known.slice(1)) {
    if (value[flag] !== undefined && typeof value[flag] !== 'boolean') {
      return `must have true or false as ${flag}`;
    }
  }
}

/**
 * Checks the names, types and values of a request's fields. A field without a rule is accepted:
 * Fivetran has fields that its public reference does not document, such as `schedule`.
 * @param {Fields} body
 * @param {'create' | 'patch'} purpose
 * @returns {string[]} empty when the request is valid
 */
export function fieldProblems(body, purpose) {
  const problems = Object.entries(body).flatMap(([name, value]) => {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    if (rule === undefined) return [];
    if (purpose === 'patch' && rule.createOnly) return [`Field '${name}' can't be changed`];
    return valueProblems(name, value, rule);
  });
  if (purpose === 'patch') return [...problems, ...transientProblems(body)];
  const missing = Object.keys(RULES).filter(
    (name) => RULES[name]?.required && (body[name] === undefined || body[name] === ''),
  );
  return [...problems, ...missing.map((name) => `Field '${name}' is required`)];
}

/** @param {string} name @param {unknown} value @param {Rule} rule */
function valueProblems(name, value, rule) {
  const type = jsonType(value);
  if (type !== rule.type) return [`Field '${name}' must be of type ${rule.type}, but is ${type}`];
  if (rule.values && !rule.values.includes(value)) {
    return [`Field '${name}' must be one of ${rule.values.join(', ')}, but is '${value}'`];
  }
  const problem = rule.check?.(value);
  return problem === undefined ? [] : [`Field '${name}' ${problem}`];
}

/** @param {Fields} body */
function transientProblems(body) {
  const sent = Object.keys(body);
  if (sent.length > 0 && sent.every((name) => RULES[name]?.transient)) {
    return [`${sent.join(', ')} can't be sent without a field to change`];
  }
  if (body.run_setup_tests === true) return [];
  return sent
    .filter((name) => name.startsWith('trust_'))
    .map((name) => `Field '${name}' requires run_setup_tests to be true`);
}

/**
 * The fields of a valid request that are stored.
 * @param {Fields} body
 * @returns {Fields}
 */
export function storedFields(body) {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => !RULES[name]?.transient && !RULES[name]?.unstored),
  );
}
