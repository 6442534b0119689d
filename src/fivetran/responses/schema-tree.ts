import * as z from 'zod/mini';
import { isMapping } from '../../text/mapping.ts';
import { booleanOr, mapping, recordOf, text, tolerant } from './tolerant.ts';

/*
 * An item without `enabled` or `hashed` counts as enabled and not hashed, so that a selection that
 * asks for something else is sent.
 */
const enabled = booleanOr(true);

const lock = {
  enabled_patch_settings: tolerant((value) => isMapping(value) && value.allowed === false),
};
/** Replaces Fivetran's patch settings by whether the item is locked. */
const withLock = <T extends { enabled_patch_settings: boolean }>({
  enabled_patch_settings: locked,
  ...node
}: T) => ({ ...node, locked });

const column = z.pipe(
  z.pipe(
    mapping,
    z.object({ enabled, hashed: booleanOr(false), is_primary_key: booleanOr(false), ...lock }),
  ),
  z.transform(withLock),
);
const table = z.pipe(
  z.pipe(
    mapping,
    z.object({
      enabled,
      sync_mode: text,
      supports_columns_config: booleanOr(true),
      columns: recordOf(column),
      ...lock,
    }),
  ),
  z.transform(withLock),
);
const schema = z.pipe(
  z.pipe(mapping, z.object({ enabled, tables: recordOf(table), ...lock })),
  z.transform(withLock),
);
const tree = z.object({ schema_change_handling: text, schemas: recordOf(schema) });
const columnList = z.object({ columns: recordOf(column) });

/** A column, and whether Fivetran lets its settings be changed. */
export type ColumnNode = z.infer<typeof column>;
export type TableNode = z.infer<typeof table>;
export type SchemaNode = z.infer<typeof schema>;
/** What a connection syncs. Schemas, tables and columns go by their names at the source. */
export type SchemaTree = z.infer<typeof tree>;

/** Reads a connection's schema tree; undefined when the response has none. */
export const readSchemas = (data: unknown): SchemaTree | undefined =>
  isMapping(data) && isMapping(data.schemas) ? tree.parse(data) : undefined;

/** Reads a table's columns; undefined when the response has none. */
export const readColumns = (data: unknown): Record<string, ColumnNode> | undefined =>
  isMapping(data) && isMapping(data.columns) ? columnList.parse(data).columns : undefined;
