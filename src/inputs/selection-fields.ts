import * as z from 'zod/mini';
import { flag, oneOf } from './checks.ts';

/*
 * The fields of `schemas`, level by level. An item that is empty (`orders:`) is the same as one that
 * is listed without fields.
 */

export const columnFields = {
  enabled: z.optional(flag()),
  hashed: z.optional(flag()),
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

export const schemaChangeHandling = () => oneOf('ALLOW_ALL', 'ALLOW_COLUMNS', 'BLOCK_ALL');

export const schemas = () => z.record(z.string(), z.nullable(z.strictObject(schemaFields)));
