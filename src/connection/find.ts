import type { FivetranClient } from '../fivetran/client.ts';
import type { ConnectionName, ShortName } from '../fivetran/connection-name.ts';
import type { ServerTime } from '../fivetran/http/attempt.ts';
import { FivetranError } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';

/** What a look-up found: the connection, if there is one, and the server's clock when it answered. */
export type Found = { connection?: Connection | undefined; date?: ServerTime | undefined };

/** Where to look: a name is unique within its group. */
type NamePlace = { group_id: string } & {
  [K in 'name' | 'normalizedName']: ConnectionName[K] | undefined;
};

/**
 * Looks for a connection by its name: as `config` defines it, then as Fivetran normalizes it. A dot
 * within a field is only looked up as Fivetran normalizes it, because `crm.v2` is also the name of
 * another connection, whose schema is `crm` and whose table is `v2`.
 */
export async function findByName(
  { group_id, name, normalizedName }: NamePlace,
  fivetran: FivetranClient,
): Promise<Found> {
  if (name === undefined || normalizedName === undefined) return {};
  let date: ServerTime | undefined;
  const isAmbiguous = name.split('.').length > normalizedName.split('.').length;
  for (const candidate of isAmbiguous ? [normalizedName] : new Set([name, normalizedName])) {
    const found = await fivetran.find(group_id, candidate);
    if (found.connection) return found;
    date = found.date;
  }
  return { date };
}

/**
 * Looks for a connection by the name that it has if its service ignores one of the naming fields. It
 * is only named in a message: nothing is ever done to it.
 *
 * @returns a sentence; undefined when there is no shorter name, no connection has it, or it cannot be
 * looked up: a hint decides nothing
 */
export async function hintAtShortName(
  { group_id, shortName }: { group_id: string; shortName: ShortName | undefined },
  fivetran: FivetranClient,
): Promise<string | undefined> {
  if (!shortName) return undefined;
  const { ignoredField } = shortName;
  try {
    const { connection } = await findByName({ group_id, ...shortName }, fivetran);
    return (
      connection &&
      `The group has a connection named ${connection.schema}, ${connection.id}: the service may ignore ` +
        `config.${ignoredField}. If that is the one you mean, remove ${ignoredField} from config.`
    );
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    return undefined;
  }
}
