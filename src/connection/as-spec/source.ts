import type { FivetranClient } from '../../fivetran/client.ts';
import { CancelledError, FivetranError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { ConnectorType } from '../../fivetran/responses/connector-type.ts';
import type { ColumnNode, SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import { isMapping } from '../../text/mapping.ts';
import type { ItemPath } from '../selection/path.ts';
import { mapItems } from '../selection/tree.ts';

/** What was read, or why it could not be. */
export type Reading<T> = { kind: 'read'; value: T } | { kind: 'unreadable'; error: FivetranError };

/** A connection, and what turns it into a spec. */
export type Source = {
  connection: Connection;
  /** The metadata of its service. */
  metadata: Reading<ConnectorType>;
  /** What it syncs; undefined when Fivetran has not captured a schema. */
  tree: Reading<SchemaTree | undefined>;
  /** The columns that were listed so far, by the paths of their tables. */
  columns: Map<string, Promise<Reading<Record<string, ColumnNode>>>>;
};

/**
 * Reads a connection on its own, the metadata of its service and its schema tree.
 *
 * @returns undefined when the connection does not exist
 * @throws FivetranError when the connection cannot be read, or the run ends
 */
export async function readSource(
  id: string,
  fivetran: FivetranClient,
): Promise<Source | undefined> {
  const connection = await fivetran.get(id);
  if (!connection) return undefined;
  const { service, raw } = connection;
  if (service === undefined || !isMapping(raw.config ?? {})) {
    const lack = service === undefined ? 'service' : 'config';
    throw new FivetranError({
      message: `Could not read connection ${id}: the response has no usable ${lack}.`,
      shortReason: 'unusable response',
    });
  }
  const [metadata, tree] = await Promise.all([
    reading(fivetran.connectorType(service)),
    reading(fivetran.schemas(id)),
  ]);
  return { connection, metadata, tree, columns: new Map() };
}

/** The result of a read; an error that concerns the whole run is thrown. */
export async function reading<T>(response: Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: 'read', value: await response };
  } catch (error) {
    if (error instanceof CancelledError || !(error instanceof FivetranError)) throw error;
    if (error.endsRun) throw error;
    return { kind: 'unreadable', error };
  }
}

/**
 * Adds the columns of some tables to a tree, which has only those that were ever set.
 *
 * @returns the tree, and the tables whose columns cannot be listed
 */
export async function withListedColumns(
  tree: SchemaTree,
  tables: readonly ItemPath[],
  { connection, columns: known }: Pick<Source, 'connection' | 'columns'>,
  fivetran: FivetranClient,
): Promise<{ tree: SchemaTree; unlisted: ItemPath[] }> {
  const listed = new Map<string, Record<string, ColumnNode>>();
  const unlisted: ItemPath[] = [];
  for (const path of tables) {
    const [schema = '', table = ''] = path;
    const key = JSON.stringify(path);
    const pending =
      known.get(key) ?? reading(fivetran.columns(connection.id, { schema, table, shown: path }));
    known.set(key, pending);
    const columns = await pending;
    if (columns.kind === 'read') listed.set(key, columns.value);
    else unlisted.push(path);
  }
  const schemas = mapItems(tree.schemas, (schema, name) => ({
    ...schema,
    tables: mapItems(schema.tables, (table, tableName) => ({
      ...table,
      columns: { ...listed.get(JSON.stringify([name, tableName])), ...table.columns },
    })),
  }));
  return { tree: { ...tree, schemas }, unlisted };
}
