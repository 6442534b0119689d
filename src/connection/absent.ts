import type { Connection } from '../fivetran/answers.ts';
import { FivetranError } from '../fivetran/errors.ts';
import type { ConnectionSpec } from '../inputs/fields.ts';
import { type Context, observe } from './state.ts';

/**
 * Makes the connection not exist: by `connection_id`, or by its group and name.
 *
 * @throws FivetranError when it is not the one that the wish describes, or Fivetran refuses
 */
export async function absent(spec: ConnectionSpec, context: Context): Promise<void> {
  const { state, say } = context;
  const connection = await findWished(spec, context);
  if (!connection) {
    state.result = 'absent';
    return;
  }
  observe(state, connection);
  const deleted = await remove(connection.id, context);
  state.result = deleted ? 'deleted' : 'absent';
  say(
    deleted ? `Connection ${connection.id} was deleted.` : `Connection ${connection.id} was gone.`,
  );
}

/**
 * Finds the connection that a wish for absence is about.
 *
 * @throws FivetranError when the one found is of another service or group than the wish says
 */
export async function findWished(
  spec: ConnectionSpec,
  { fivetran, state }: Context,
): Promise<Connection | undefined> {
  const connection = spec.connection_id
    ? await fivetran.get(spec.connection_id)
    : (await fivetran.find(spec.group_id ?? '', state.name ?? '')).connection;
  if (!connection) return undefined;
  const { id, schema: name, service, group_id } = connection;
  const wished = { name: state.name, service: spec.service, group_id: spec.group_id };
  for (const [field, found] of Object.entries({ name, service, group_id })) {
    const said = wished[field as keyof typeof wished];
    if (said !== undefined && found !== undefined && found !== said) {
      throw new FivetranError(
        `Connection ${id} was not deleted: its ${field} is ${found}, and the step says ${said}.`,
      );
    }
  }
  return connection;
}

/** Deletes a connection; false when it was gone already. */
export function remove(id: string, { fivetran, state }: Context): Promise<boolean> {
  return fivetran.remove(id, (flying) => {
    state.inFlight = flying ? 'delete' : undefined;
  });
}
