import { encodeSegment } from '../text/format.ts';
import { asMapping } from '../text/mapping.ts';
import { RefusedError } from './http/errors.ts';
import { acknowledged, pathOf, type Requester } from './requester.ts';
import {
  type ColumnNode,
  readColumns,
  readSchemas,
  type SchemaTree,
} from './responses/schema-tree.ts';

/**
 * What a schema reload does with what it finds: keep the choices made so far, or disable
 * everything.
 */
export type ExcludeMode = 'PRESERVE' | 'EXCLUDE';

/** Reloading a large source's schema can take half an hour. */
export const reloadTimeoutSeconds = 3600;

/** Tens of thousands of tables make a long response. */
const ofSchemas = { apiVersion: 1, maxMegabytes: 64 } as const;

/** Changes of schemas are sent once: the caller reads the tree before it sends one again. */
const once = { ...ofSchemas, idempotent: false } as const;

/** A table, and the names that logs and errors show for its schema and itself. */
export type TableName = { schema: string; table: string; shown: readonly string[] };

/** What is done with a connection's schemas, tables and columns. */
export type SchemaEndpoints = {
  /** Reads the schema tree; undefined when Fivetran has not captured one yet. */
  schemas(id: string): Promise<SchemaTree | undefined>;
  /**
   * Reads the schema from the source; returns the whole tree.
   *
   * @param onSent called as it is sent
   */
  reloadSchemas(id: string, exclude_mode: ExcludeMode, onSent: () => void): Promise<SchemaTree>;
  /** Sets the selection of a connection whose schema Fivetran cannot read before the first sync. */
  createSchemas(id: string, body: object): Promise<{ schema_change_handling: unknown }>;
  /** Patches the selection. */
  patchSchemas(id: string, body: object): Promise<true>;
  /** Lists a table's columns, as the source has them now. */
  columns(id: string, table: TableName): Promise<Record<string, ColumnNode>>;
};

/**
 * The endpoints for a connection's schemas, tables and columns.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connection-schema
 */
export const createSchemaEndpoints = ({ get, change }: Requester): SchemaEndpoints => ({
  async schemas(id) {
    try {
      const purpose = `read the schemas of connection ${id}`;
      const request = { purpose, read: readSchemas, ...ofSchemas };
      return (await get(`${pathOf(id)}/schemas`, request)).data;
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'NotFound_SchemaConfig') return undefined;
      throw error;
    }
  },

  reloadSchemas: (id, exclude_mode, onInFlight) =>
    change({
      method: 'POST',
      path: `${pathOf(id)}/schemas/reload`,
      body: JSON.stringify({ exclude_mode }),
      purpose: `reload the schemas of connection ${id}`,
      ...once,
      timeoutSeconds: reloadTimeoutSeconds,
      read: readSchemas,
      onInFlight,
    }),

  createSchemas: (id, body) =>
    change({
      method: 'POST',
      path: `${pathOf(id)}/schemas`,
      body: JSON.stringify(body),
      purpose: `set the schemas of connection ${id}`,
      ...once,
      read: (data, code) =>
        acknowledged(data, code) && {
          schema_change_handling: asMapping(data).schema_change_handling,
        },
    }),

  patchSchemas: (id, body) =>
    change({
      method: 'PATCH',
      path: `${pathOf(id)}/schemas`,
      body: JSON.stringify(body),
      purpose: `update the schemas of connection ${id}`,
      ...once,
      read: acknowledged,
    }),

  async columns(id, { schema, table, shown }) {
    const pathTo = (names: readonly string[]) =>
      `${pathOf(id)}/schemas/${names.join('/tables/')}/columns`;
    const purpose = `list the columns of ${shown.join('.')}`;
    const request = { purpose, shownPath: pathTo(shown), read: readColumns, ...ofSchemas };
    return (await get(pathTo([schema, table].map(encodeSegment)), request)).data;
  },
});
