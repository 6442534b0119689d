/** The fields of `config` that name the destination schema: permanent, and sent on create only. */
export const namingFields = ['schema', 'table', 'table_group_name', 'schema_prefix'] as const;

/**
 * The connection's name (`schema` in Fivetran's answers), as Fivetran makes it from `config`: the
 * prefix, `schema.table`, `schema.table_group_name` or `schema`. Undefined when `config` has none of
 * them: then Fivetran chooses, and nobody can look for it.
 */
export function connectionName(config: Record<string, unknown> | undefined): string | undefined {
  const [schema, table, group, prefix] = namingFields.map((field) => {
    const value = config?.[field];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
  if (prefix) return prefix;
  if (!schema) return undefined;
  return table ? `${schema}.${table}` : group ? `${schema}.${group}` : schema;
}
