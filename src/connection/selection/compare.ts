import type { Connection } from '../../fivetran/responses/connection.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import type { Context } from '../state.ts';
import { columnsOf, withColumns } from './columns.ts';
import { describeAsWritten } from './describe.ts';
import { diffSelection } from './diff.ts';

/**
 * Compares the selection with a connection that is not to be changed.
 *
 * @returns a warning where they differ
 */
export async function compareSelection(
  connection: Connection,
  selection: SchemaSelection,
  context: Pick<Context, 'fivetran'>,
): Promise<string | undefined> {
  const { id } = connection;
  const tree = await context.fivetran.schemas(id);
  if (!tree) {
    return `The selection of connection ${id} cannot be compared with schemas: Fivetran has not read its schema yet.`;
  }
  const known = await withColumns(tree, selection, columnsOf(connection, context));
  const { changes, problems } = diffSelection(known, selection);
  if (changes.length === 0 && problems.length === 0) return undefined;
  return (
    `The selection of connection ${id} differs from schemas; if_exists: reuse leaves it unchanged. ` +
    `if_exists: update would make these changes: ${[...describeAsWritten(changes, selection), ...problems].join(' ')}`
  );
}
