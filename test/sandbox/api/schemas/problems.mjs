import { jsonType } from '../json-type.mjs';
import { itemOf } from './apply-selection.mjs';
import { lockOf, visibleColumns } from './config.mjs';

/** @typedef {import('./config.mjs').SchemaConfig} SchemaConfig */
/** @typedef {import('./config.mjs').SelectionBody} SelectionBody */
/** @typedef {import('../../source-trees.mjs').Lock} Lock */
/** @typedef {import('../../source-trees.mjs').SourceTree} SourceTree */
/** @typedef {import('../../source-trees.mjs').SourceTable} SourceTable */
/** @typedef {Record<string, unknown>} Fields */

/**
 * One level of the tree.
 * @typedef {object} Level
 * @property {Record<string, string>} types JSON types of the fields, by name
 * @property {string} [children] the field that holds the next level
 */

/** @type {Level[]} */
const LEVELS = [
  { types: { enabled: 'boolean', tables: 'object' }, children: 'tables' },
  {
    types: { enabled: 'boolean', sync_mode: 'string', columns: 'object' },
    children: 'columns',
  },
  { types: { enabled: 'boolean', hashed: 'boolean', is_primary_key: 'boolean' } },
];

const POLICIES = ['ALLOW_ALL', 'ALLOW_COLUMNS', 'BLOCK_ALL'];
const SYNC_MODES = ['SOFT_DELETE', 'HISTORY', 'LIVE'];

/**
 * Checks the fields and types of a body that selects schemas, tables and columns.
 * @param {Fields} body
 * @returns {string[]} empty when the body is valid
 */
export function bodyProblems(body) {
  const {
    schemas = {},
    schema_change_handling: policy,
    is_type_locked: isLocked,
    ...others
  } = body;
  const unknown = Object.keys(others).map((name) => `Unrecognized field '${name}'`);
  if (policy !== undefined && !POLICIES.includes(String(policy))) {
    unknown.push(`Field 'schema_change_handling' must be one of ${POLICIES.join(', ')}`);
  }
  if (isLocked !== undefined && typeof isLocked !== 'boolean') {
    unknown.push("Field 'is_type_locked' must be of type boolean");
  }
  return [...unknown, ...levelProblems('schemas', schemas, LEVELS)];
}

/**
 * @param {string} place
 * @param {unknown} items
 * @param {Level[]} levels this level and those below it
 * @returns {string[]}
 */
function levelProblems(place, items, [level, ...below]) {
  if (level === undefined) return [];
  if (jsonType(items) !== 'object') return [`Field '${place}' must be of type object`];
  return Object.entries(/** @type {Fields} */ (items)).flatMap(([name, item]) => {
    const path = `${place}.${name}`;
    if (jsonType(item) !== 'object') return [`Field '${path}' must be of type object`];
    const fields = /** @type {Fields} */ (item);
    const problems = fieldProblems(path, fields, level);
    if (fields.enabled === undefined) problems.push(`Field '${path}.enabled' is required`);
    const { children } = level;
    if (problems.length > 0 || children === undefined) return problems;
    return levelProblems(`${path}.${children}`, fields[children] ?? {}, below);
  });
}

/** @param {string} path @param {Fields} fields @param {Level} level */
function fieldProblems(path, fields, { types }) {
  return Object.entries(fields).flatMap(([name, value]) => {
    const type = itemOf(types, name);
    if (type === undefined) return [`Unrecognized field '${path}.${name}'`];
    if (jsonType(value) !== type) return [`Field '${path}.${name}' must be of type ${type}`];
    if (name === 'sync_mode' && !SYNC_MODES.includes(String(value))) {
      return [`Field '${path}.sync_mode' must be one of ${SYNC_MODES.join(', ')}`];
    }
    return [];
  });
}

/**
 * Checks the names and locks of a valid selection against the source.
 * @param {SelectionBody} body
 * @param {SourceTree} tree
 * @param {SchemaConfig} config
 * @returns {string[]}
 */
export function sourceProblems({ schemas = {} }, tree, config) {
  return Object.entries(schemas).flatMap(([schema, { tables = {} }]) => {
    const sources = itemOf(tree, schema);
    if (sources === undefined) return [`Schema '${schema}' does not exist`];
    return Object.entries(tables).flatMap(([name, { enabled, columns }]) => {
      const source = itemOf(sources, name);
      const place = `'${schema}.${name}'`;
      if (source === undefined) return [`Table ${place} does not exist`];
      return [
        ...lockProblems(`Table ${place}`, enabled, source.locked),
        ...columnProblems(place, columns, source, config),
      ];
    });
  });
}

/**
 * @param {string} place
 * @param {Record<string, { enabled?: boolean }> | undefined} columns
 * @param {SourceTable} source
 * @param {SchemaConfig} config
 */
function columnProblems(place, columns, source, config) {
  if (columns === undefined) return [];
  if (source.supports_columns_config === false) {
    return [`Table ${place} does not support the selection of columns`];
  }
  const visible = visibleColumns(source, config);
  return Object.entries(columns).flatMap(([name, { enabled }]) => {
    const column = itemOf(visible, name);
    if (column === undefined) return [`Column '${name}' of table ${place} does not exist`];
    return lockProblems(`Column '${name}' of table ${place}`, enabled, lockOf(column));
  });
}

/** @param {string} what @param {boolean | undefined} enabled @param {Lock | undefined} lock */
function lockProblems(what, enabled, lock) {
  if (lock === undefined || enabled === undefined || enabled === lock.enabled) return [];
  return [`${what} can't be ${enabled ? 'enabled' : 'disabled'}: ${lock.reason}`];
}
