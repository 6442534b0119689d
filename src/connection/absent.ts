import type { Connection } from '../fivetran/answers.ts';
import { FivetranError } from '../fivetran/errors.ts';
import type { Wish } from '../inputs/fields.ts';
import { learn, type Tools } from './progress.ts';

/**
 * Makes the connection not exist: by `connection_id`, or by its group and name.
 *
 * @throws FivetranError when it is not the one that the wish describes, or Fivetran refuses
 */
export async function absent(wish: Wish, tools: Tools): Promise<void> {
  const { progress, say } = tools;
  const connection = await findWished(wish, tools);
  if (!connection) {
    progress.result = 'absent';
    return;
  }
  learn(progress, connection);
  const deleted = await remove(connection.id, tools);
  progress.result = deleted ? 'deleted' : 'absent';
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
  wish: Wish,
  { fivetran, progress }: Tools,
): Promise<Connection | undefined> {
  const connection = wish.connection_id
    ? await fivetran.get(wish.connection_id)
    : (await fivetran.find(wish.group_id ?? '', progress.name ?? '')).connection;
  if (!connection) return undefined;
  const { id, schema: name, service, group_id } = connection;
  const wished = { name: progress.name, service: wish.service, group_id: wish.group_id };
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
export function remove(id: string, { fivetran, progress }: Tools): Promise<boolean> {
  return fivetran.remove(id, (flying) => {
    progress.pending = flying ? 'delete' : undefined;
  });
}
