import type { Connection } from '../../fivetran/answers.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import { type Context, warn } from '../state.ts';
import { diffSelection } from './diff.ts';
import { waitAfter } from './retry.ts';

/**
 * Sets the selection of a connection whose service reveals its schema only during a sync. Fivetran
 * accepts any names, so neither they nor the result can be verified.
 *
 * @returns true: the selection counts as changed
 */
export async function setUnverified(
  { id }: Connection,
  selection: SchemaSelection,
  context: Context,
): Promise<true> {
  const { fivetran } = context;
  for (let retries = 1; ; retries++) {
    try {
      await fivetran.createSchemas(id, selection);
      break;
    } catch (error) {
      await waitAfter(error, retries, context);
    }
    const tree = await fivetran.schemas(id);
    if (!tree) continue;
    const { patch, problems } = diffSelection(tree, selection);
    if (!patch && problems.length === 0) break;
  }
  warn(
    context,
    `The schema of connection ${id} cannot be read before its first sync. The selection was set, but ` +
      'the names in schemas were not verified.',
  );
  return true;
}
