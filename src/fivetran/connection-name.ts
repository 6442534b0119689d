import { type Mapping, valueAt } from '../text/mapping.ts';

type Config = Mapping | undefined;

/** The fields of `config` that can be part of a connection's name. */
const namingFields = ['schema_prefix', 'schema', 'table', 'table_group_name'] as const;

/**
 * The fields of this `config` that form the connection's name. They are permanent and sent on create
 * only. Others of the same names are ordinary settings: `schema` beside `schema_prefix` on `db2luw`.
 */
export function namingFieldsOf(config: Config): string[] {
  const has = (field: (typeof namingFields)[number]): boolean => textOf(config, field) !== '';
  if (has('schema_prefix')) return ['schema_prefix'];
  if (!has('schema')) return [];
  return [
    'schema',
    ...(has('table') ? ['table'] : has('table_group_name') ? ['table_group_name'] : []),
  ];
}

/**
 * The connection's name (`schema` in Fivetran's answers), as Fivetran derives it from `config`: the
 * prefix, `schema.table`, `schema.table_group_name` or `schema`. Undefined when `config` has none of
 * them: Fivetran then chooses a name, and the connection cannot be looked up.
 */
export const connectionName = (config: Config): string | undefined =>
  namingFieldsOf(config)
    .map((field) => textOf(config, field))
    .join('.') || undefined;

/** The name that a connection has when its service ignores the field `without`. */
export type PlainName = { name: string; without: string };

/**
 * The shorter name that Fivetran derives when the service has no field for the longer one: `table` on
 * a service that only takes `schema`. Undefined when there is no longer one.
 */
export function plainNameOf(config: Config): PlainName | undefined {
  const [field = '', without] = namingFieldsOf(config);
  return without === undefined ? undefined : { name: textOf(config, field), without };
}

/** A name after Fivetran's naming rules: lower case, digits and underscores. */
export const normalizedName = (name: string): string =>
  name
    .split('.')
    .map((part) => part.toLowerCase().replace(/[^a-z0-9_]/g, '_'))
    .join('.');

/** Whether two names are the same after Fivetran's naming rules. */
export const sameName = (a: string, b: string): boolean => normalizedName(a) === normalizedName(b);

function textOf(config: Config, field: string): string {
  const value = valueAt(config, field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
