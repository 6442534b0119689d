import { encodeSegment } from '../text/format.ts';
import { asMapping } from '../text/mapping.ts';
import { RefusedError } from './http/errors.ts';
import { acknowledged, pathOf, type Requester } from './requester.ts';
import { readColumns, readSchemas } from './responses/schema-tree.ts';

/** What a schema reload does with what it finds: keep the choices made so far, or disable everything. */
export type ExcludeMode = 'PRESERVE' | 'EXCLUDE';

/** Reloading a large source's schema can take half an hour. */
export const reloadTimeoutSeconds = 3600;

/** Changes of schemas are sent once: the caller reads the tree before it sends one again. */
const once = { apiVersion: 1, idempotent: false } as const;

/**
 * The endpoints for a connection's schemas, tables and columns.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connection-schema
 */
export const schemaEndpoints = ({ get, change }: Requester) => ({
  /** Reads the schema tree; undefined when Fivetran has not captured one yet. */
  async schemas(id: string) {
    try {
      const purpose = `read the schemas of connection ${id}`;
      const request = { purpose, read: readSchemas, apiVersion: 1 } as const;
      return (await get(`${pathOf(id)}/schemas`, request)).data;
    } catch (error) {
      if (error instanceof RefusedError && error.code === 'NotFound_SchemaConfig') return undefined;
      throw error;
    }
  },

  /** Reads the schema from the source; answers the whole tree. */
  reloadSchemas: (id: string, exclude_mode: ExcludeMode) =>
    change({
      method: 'POST',
      path: `${pathOf(id)}/schemas/reload`,
      body: JSON.stringify({ exclude_mode }),
      purpose: `reload the schemas of connection ${id}`,
      ...once,
      timeoutSeconds: reloadTimeoutSeconds,
      read: readSchemas,
    }),

  /** Sets the selection of a connection whose schema Fivetran cannot read before the first sync. */
  createSchemas: (id: string, body: object): Promise<{ schema_change_handling: unknown }> =>
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

  /** Patches the selection. */
  patchSchemas: (id: string, body: object): Promise<true> =>
    change({
      method: 'PATCH',
      path: `${pathOf(id)}/schemas`,
      body: JSON.stringify(body),
      purpose: `update the schemas of connection ${id}`,
      ...once,
      read: acknowledged,
    }),

  /**
   * Lists a table's columns, as the source has them now. `shown` is what errors call the table.
   */
  async columns(
    id: string,
    { schema, table, shown }: { schema: string; table: string; shown: string },
  ) {
    const path = `${pathOf(id)}/schemas/${encodeSegment(schema)}/tables/${encodeSegment(table)}/columns`;
    const purpose = `list the columns of ${shown}`;
    return (await get(path, { purpose, read: readColumns, apiVersion: 1 })).data;
  },
});
