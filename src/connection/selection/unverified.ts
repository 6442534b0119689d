import type { Connection } from '../../fivetran/responses/connection.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import { type Context, countAsUpdated, warn } from '../state.ts';
import { diffSelection } from './diff.ts';
import { tryChange } from './retry.ts';

/**
 * Sets the selection of a connection whose service reveals its schema only during a sync. Fivetran
 * accepts any names, so neither they nor the result can be verified.
 */
export async function setUnverified(
  { id }: Connection,
  selection: SchemaSelection,
  context: Context,
): Promise<void> {
  const { fivetran, state } = context;
  const { schema_change_handling, schemas } = selection;
  const send = () => fivetran.createSchemas(id, { schema_change_handling, schemas });
  for (let retries = 1; !(await tryChange(send, retries, context)); retries++) {
    const tree = await fivetran.schemas(id);
    if (!tree) continue;
    const { patch, problems } = diffSelection(tree, selection);
    if (patch || problems.length > 0) continue;
    // Unless another client made it, the unanswered change took effect.
    if (state.inFlight) countAsUpdated(state);
    state.inFlight = undefined;
    break;
  }
  warn(
    `The schema of connection ${id} cannot be read before its first sync. The selection was set, but ` +
      'the names in schemas were not verified.',
    context,
  );
}
