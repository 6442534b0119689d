import type { FivetranClient } from '../fivetran/client.ts';
import { normalizedName } from '../fivetran/connection-name.ts';
import type { ServerTime } from '../fivetran/http/attempt.ts';
import type { Connection } from '../fivetran/responses/connection.ts';

/** What a look-up found: the connection, if there is one, and the server's clock when it answered. */
export type Found = { connection?: Connection | undefined; date?: ServerTime | undefined };

/** Where to look: a name is unique within its group. */
type Place = { group_id: string; name: string | undefined };

/** Looks for a connection by its name: as `config` defines it, then as Fivetran normalizes it. */
export async function findByName(
  { group_id, name }: Place,
  fivetran: FivetranClient,
): Promise<Found> {
  if (name === undefined) return {};
  let date: ServerTime | undefined;
  for (const candidate of new Set([name, normalizedName(name)])) {
    const found = await fivetran.find(group_id, candidate);
    if (found.connection) return found;
    date = found.date;
  }
  return { date };
}

/** The shorter name that a connection has when its service ignores the field `without`. */
type ShortName = { name: string; without: string };

/**
 * Looks for a connection by the name that it has if its service ignores one of the naming fields. It
 * is only named in a message: nothing is ever done to it.
 *
 * @returns a sentence; undefined when there is no shorter name or no connection has it
 */
export async function hintAtShortName(
  { group_id, shortName }: { group_id: string; shortName: ShortName | undefined },
  fivetran: FivetranClient,
): Promise<string | undefined> {
  if (!shortName) return undefined;
  const { name, without } = shortName;
  const { connection } = await findByName({ group_id, name }, fivetran);
  return (
    connection &&
    `The group has a connection named ${connection.schema}, ${connection.id}: the service may ignore ` +
      `config.${without}. If that is the one you mean, remove ${without} from config.`
  );
}
