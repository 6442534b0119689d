import { RefusedError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import type { ExcludeMode } from '../../fivetran/schema-endpoints.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import { valueAt } from '../../text/mapping.ts';
import type { Context } from '../state.ts';
import { waitAfter } from './retry.ts';

/**
 * Makes Fivetran read the schema from the source again.
 *
 * After an unknown outcome, the tree is read before the reload is repeated: a reload is slow, and one
 * whose answer was lost may have succeeded.
 *
 * @returns the tree; undefined when the connection's service cannot reload
 */
export async function reloadTree(
  { id, status }: Connection,
  selection: SchemaSelection,
  exclude_mode: ExcludeMode,
  context: Context,
): Promise<SchemaTree | undefined> {
  const { fivetran, log } = context;
  log(`Reloading the schema of connection ${id}: this can take several minutes.`);
  for (let retries = 1; ; retries++) {
    try {
      return await fivetran.reloadSchemas(id, exclude_mode);
    } catch (error) {
      if (error instanceof RefusedError && cannotReload(error, status.schema_status)) {
        return undefined;
      }
      await waitAfter(error, retries, context);
    }
    const tree = await fivetran.schemas(id);
    if (tree && !lacksTables(tree, selection)) return tree;
  }
}

/** Some services reveal their schema only during a sync; Fivetran waits to capture it then. */
const cannotReload = ({ code, status }: RefusedError, schema_status: string | undefined): boolean =>
  code === 'NotSupported_SchemaReload' ||
  (status === 400 && schema_status === 'blocked_on_capture');

/** Whether a tree lacks a schema or table that the selection names. */
export const lacksTables = (tree: SchemaTree, { schemas }: SchemaSelection): boolean =>
  Object.entries(schemas).some(([name, choice]) => {
    const schema = valueAt(tree.schemas, name);
    const tables = Object.keys(choice.tables ?? {});
    return !schema || tables.some((table) => !valueAt(schema.tables, table));
  });

/**
 * What a first reload does with the items it finds. Before the first sync, it can disable all of them,
 * which keeps the patch small; on a connection that syncs, that would stop their syncs.
 */
export const firstExcludeMode = (
  connection: Connection,
  { schema_change_handling }: SchemaSelection,
): ExcludeMode =>
  schema_change_handling !== 'ALLOW_ALL' && !connection.hasSynced ? 'EXCLUDE' : 'PRESERVE';
