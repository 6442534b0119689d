import type { FivetranClient } from '../../fivetran/client.ts';
import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import type { Layer } from '../../inputs/layer.ts';
import type { Problem } from '../../inputs/problem.ts';
import type { SelectedItems } from '../../inputs/selection.ts';
import type { SchemaChangeHandling } from '../../inputs/spec.ts';
import { pluralize } from '../../text/format.ts';
import { abbreviate, dotted } from '../selection/path.ts';
import { type Source, withListedColumns } from './source.ts';
import { policyOf, syncsNothing } from './tree-items.ts';
import { type ListsColumns, tablesToCopy, wholeSelection } from './whole-selection.ts';

/** The selection that a copy begins with. */
export type CopiedSelection = {
  /** The source's policy; undefined when nothing is copied. */
  policy: SchemaChangeHandling | undefined;
  schemas: SelectedItems | undefined;
  /** The selection in a few words. */
  summary: string | undefined;
  problems: Problem[];
};

/**
 * Copies the selection of a source, restated for the policy that the layer has.
 *
 * @throws FivetranError when the run ends
 */
export async function copySelection(
  source: Source,
  { fields, schemas: written }: Layer,
  fivetran: FivetranClient,
): Promise<CopiedSelection> {
  const { connection, tree: read } = source;
  const { id } = connection;
  const nothing = { policy: undefined, schemas: undefined, summary: undefined, problems: [] };
  const failed = (message: string): CopiedSelection => ({
    ...nothing,
    problems: [{ path: ['copy_from'], message }],
  });
  if (read.kind === 'unreadable') {
    const { message, hint } = read.error;
    return failed([message, hint].filter(Boolean).join(' '));
  }
  if (!read.value) return nothing;
  const policy = policyOf(read.value);
  if (!policy) {
    const value = read.value.schema_change_handling ?? 'missing';
    return failed(
      `the selection of connection ${id} cannot be copied: its schema_change_handling is ${value}.`,
    );
  }
  if (syncsNothing(read.value)) {
    return failed(`the selection of connection ${id} cannot be copied: no table of it syncs.`);
  }
  const target = fields.schema_change_handling ?? policy;
  const listsColumns: ListsColumns = ([schema = '', table = '']) =>
    written?.get(schema)?.inner?.get(table)?.inner !== undefined;
  const tables = tablesToCopy(read.value, target, listsColumns);
  const { tree, unlisted } = await withListedColumns(read.value, tables, source, fivetran);
  if (unlisted.length > 0) {
    return failed(
      `the selection of connection ${id} cannot be copied: Fivetran could not list the columns of ` +
        `${abbreviate(unlisted.map(dotted), 5)}, of which BLOCK_ALL syncs only some.`,
    );
  }
  const schemas = wholeSelection(tree, target, listsColumns);
  return {
    policy,
    schemas: schemas.size > 0 ? schemas : undefined,
    summary: summaryOf(tree),
    problems: [],
  };
}

/** `a selection of 3 of 10 tables (1 column hashed, 2 excluded)`. */
function summaryOf({ schemas }: SchemaTree): string {
  const tables = Object.values(schemas).flatMap(({ enabled, tables }) =>
    Object.values(tables).map((table) => ({ ...table, enabled: enabled && table.enabled })),
  );
  const synced = tables.filter(({ enabled }) => enabled);
  const columns = synced.flatMap((table) => Object.values(table.columns));
  const hashed = columns.filter((column) => column.enabled && column.hashed).length;
  const excluded = columns.filter(({ enabled }) => !enabled).length;
  return (
    `the selection of ${synced.length} of ${pluralize(tables.length, 'table')} ` +
    `(${pluralize(hashed, 'column')} hashed, ${excluded} excluded)`
  );
}
