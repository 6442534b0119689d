import { connectionName, normalizedName } from '../fivetran/connection-name.ts';
import type { Layer } from './layer.ts';
import type { Masks } from './masks.ts';

/** Tells the masks what the step says in public of a connection. */
export function publishIdentity(
  { fields: { group_id, service, config, connection_id } }: Layer,
  masks: Masks,
): void {
  const name = connectionName(config);
  for (const text of [group_id, service, connection_id, name, name && normalizedName(name)]) {
    if (text) masks.publish(text);
  }
}
