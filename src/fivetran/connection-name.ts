import { type Mapping, valueAt } from '../text/mapping.ts';

type Config = Mapping | undefined;

/** The fields of `config` that can be part of a connection's name. */
const namingFields = ['schema_prefix', 'schema', 'table', 'table_group_name'] as const;

/** Whether a field of `config` can be part of a connection's name. */
export const isNamingField = (field: string): boolean => namingFields.some((one) => one === field);

/**
 * The fields of this `config` that form the connection's name. They are permanent and sent on
 * create only. Others of the same names are ordinary settings: `schema` beside `schema_prefix` on
 * `db2luw`.
 */
export function namingFieldsOf(config: Config): string[] {
  const has = (field: (typeof namingFields)[number]): boolean => namePart(config, field) !== '';
  if (has('schema_prefix')) return ['schema_prefix'];
  if (!has('schema')) return [];
  return [
    'schema',
    ...(has('table') ? ['table'] : has('table_group_name') ? ['table_group_name'] : []),
  ];
}

/**
 * The fields that would be part of the name if they had a text: empty ones, and ones that YAML
 * read as something else, such as a boolean.
 */
export function unusableNamingFields(config: Config): string[] {
  const isUnusable = (field: string): boolean => {
    const value = valueAt(config, field);
    return value !== undefined && namePart(config, field).trim() === '';
  };
  if (valueAt(config, 'schema_prefix') !== undefined) {
    return ['schema_prefix'].filter(isUnusable);
  }
  return valueAt(config, 'schema') === undefined
    ? []
    : ['schema', 'table', 'table_group_name'].filter(isUnusable);
}

/**
 * A connection's name (`schema` in Fivetran's responses), as Fivetran derives it from `config`.
 */
export type ConnectionName = {
  /** The prefix, `schema.table`, `schema.table_group_name` or `schema`. */
  name: string;
  /**
   * The name after Fivetran's naming rules: lower-case letters, digits and underscores in each
   * field.
   */
  normalizedName: string;
  /** The name on a service that takes only the first field; undefined when there is no other. */
  shortName: ShortName | undefined;
};

/** The name that a connection has when its service ignores the second field. */
export type ShortName = Omit<ConnectionName, 'shortName'> & { ignoredField: string };

/**
 * The connection's name. Undefined when `config` has none: Fivetran then chooses a name, and the
 * connection cannot be looked up.
 */
export function connectionName(config: Config): ConnectionName | undefined {
  const [field, second] = namingFieldsOf(config);
  if (field === undefined) return undefined;
  const first = joinedName([namePart(config, field)]);
  if (second === undefined) return { ...first, shortName: undefined };
  return {
    ...joinedName([field, second].map((one) => namePart(config, one))),
    shortName: { ...first, ignoredField: second },
  };
}

/**
 * Fields are normalized one by one: a dot within one becomes an underscore, the one between them
 * stays.
 */
const joinedName = (fields: string[]): Omit<ConnectionName, 'shortName'> => ({
  name: fields.join('.'),
  normalizedName: fields.map(normalized).join('.'),
});

const normalized = (field: string): string => field.toLowerCase().replace(/[^a-z0-9_]/g, '_');

/**
 * Whether two names in Fivetran's form, with a dot between two fields, differ by its naming rules
 * alone.
 */
export const sameName = (a: string, b: string): boolean =>
  a.split('.').map(normalized).join('.') === b.split('.').map(normalized).join('.');

function namePart(config: Config, field: string): string {
  const value = valueAt(config, field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
