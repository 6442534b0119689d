import type { FivetranClient } from '../fivetran/client.ts';
import { normalizedName, type PlainName } from '../fivetran/connection-name.ts';
import type { ServerTime } from '../fivetran/http/attempt.ts';
import { FivetranError } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';

/** What a look-up found: the connection, if there is one, and the server's clock when it answered. */
export type Found = { connection?: Connection | undefined; date?: ServerTime | undefined };

/** Looks for a connection by its name: as `config` defines it, then as Fivetran normalizes it. */
export async function findByName(
  { group_id, name }: { group_id: string; name: string | undefined },
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

/** Where a connection is that may have a plain name. */
type PlainPlace = { group_id: string; service?: string | undefined; plain?: PlainName | undefined };

/**
 * Looks for a connection by its plain name, unless the service takes the field that makes it longer.
 *
 * @returns `isCertain`: the service's metadata proves that it ignores the field
 */
export async function findByPlainName(
  { group_id, service, plain }: PlainPlace,
  fivetran: FivetranClient,
): Promise<Found & { isCertain: boolean }> {
  const isIgnored = plain && service ? await ignoresField(service, plain.without, fivetran) : false;
  if (!plain || isIgnored === false) return { isCertain: true };
  const found = await findByName({ group_id, name: plain.name }, fivetran);
  return { ...found, isCertain: isIgnored === true };
}

/** Whether a service's `config` has no such field; undefined when its metadata cannot be read. */
async function ignoresField(
  service: string,
  field: string,
  fivetran: FivetranClient,
): Promise<boolean | undefined> {
  try {
    const { config } = await fivetran.connectorType(service);
    const known = Object.keys(config.properties);
    return known.length > 0 ? !known.includes(field) : undefined;
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    return undefined;
  }
}
