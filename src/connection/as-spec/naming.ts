import { namingFieldsOf, sameName } from '../../fivetran/connection-name.ts';
import type { Property } from '../../fivetran/responses/connector-type.ts';
import { type Mapping, pick, valueAt } from '../../text/mapping.ts';
import { isEmpty } from '../plan/matches.ts';

/** The fields of `config` that name a connection. */
export type Naming = {
  fields: Mapping;
  /** Whether neither the response nor the metadata says which fields these are. */
  isGuessed: boolean;
};

/**
 * Rebuilds the naming fields from a connection's name, because the responses of some services lack
 * them, and others show what was sent before Fivetran normalized it. The name is the prefix, or a
 * schema and, after the first dot, a table or table group.
 *
 * @param config the `config` of the response
 * @param metadata what the service takes; undefined when that is unknown
 */
export function namingOf(
  config: Mapping,
  name: string | undefined,
  metadata: Property | undefined,
): Naming {
  const has = (field: string): boolean => !isEmpty(valueAt(config, field));
  if (name === undefined) return { fields: pick(config, namingFieldsOf(config)), isGuessed: false };
  const knows = (field: string): boolean =>
    metadata ? Object.hasOwn(metadata.properties, field) : has(field);
  const dot = name.indexOf('.');
  const [schema, rest] = dot === -1 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
  // Without metadata, a schema that is no part of the name is an ordinary setting.
  const isOrdinary = !metadata && has('schema') && !sameName(String(config.schema), schema);
  const isGuessed = !metadata && !has('schema') && !has('schema_prefix');
  if (knows('schema_prefix') || isOrdinary) return { fields: { schema_prefix: name }, isGuessed };
  const second = secondFields.find(has) ?? secondFields.find((field) => requires(metadata, field));
  const field = second ?? secondFields.find(knows) ?? 'table';
  return { fields: { schema, ...(rest !== undefined && { [field]: rest }) }, isGuessed };
}

/** The fields that can follow `schema`. */
export const secondFields: readonly string[] = ['table', 'table_group_name'];

const requires = (metadata: Property | undefined, field: string): boolean =>
  metadata?.required.includes(field) ?? false;
