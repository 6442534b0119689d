import * as z from 'zod/mini';
import { flag, oneOf } from './checks.ts';

/*
 * The fields of `schemas`, level by level. An item can be empty (`orders:`), like one without
 * fields.
 */

export const columnFields = {
  enabled: z.optional(flag()),
  hashed: z.optional(flag()),
  is_primary_key: z.optional(flag()),
} as const;

export const tableFields = {
  enabled: z.optional(flag()),
  sync_mode: z.optional(oneOf('SOFT_DELETE', 'HISTORY', 'LIVE')),
  columns: z.optional(z.nullable(z.record(z.string(), z.nullable(z.strictObject(columnFields))))),
} as const;

export const schemaFields = {
  enabled: z.optional(flag()),
  tables: z.optional(z.nullable(z.record(z.string(), z.nullable(z.strictObject(tableFields))))),
} as const;

/** The fields of `schemas` in Fivetran's response that no request takes. */
export const readOnlyFields: readonly string[] = [
  'name_in_destination',
  'enabled_patch_settings',
  'supports_columns_config',
  'supports_history_mode',
];
