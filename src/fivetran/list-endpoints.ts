import { sameName } from './connection-name.ts';
import type { ServerTime } from './http/attempt.ts';
import type { Requester } from './requester.ts';
import { type Connection, readConnection, readConnectionIf } from './responses/connection.ts';

/** What is looked for among the connections of a group. */
export type ListEndpoints = {
  /**
   * Looks for the connection of this name in a group. Names are compared after Fivetran's naming
   * rules. A list that has other items and not this connection is unusable.
   *
   * @returns the connection, if there is one, and the server's clock when it responded
   */
  find(
    group_id: string,
    name: string,
  ): Promise<{ connection: Connection | undefined; date: ServerTime | undefined }>;
  /** Lists the connections of a group. */
  list(group_id: string): Promise<Connection[]>;
};

const path = '/v1/connections';

/**
 * The endpoints for lists of connections.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connections/list-connections
 */
export const createListEndpoints = ({ pages }: Requester): ListEndpoints => ({
  async find(group_id, name) {
    const isWanted = (item: Connection): boolean =>
      item.schema !== undefined &&
      sameName(item.schema, name) &&
      (item.group_id ?? group_id) === group_id;
    let date: ServerTime | undefined;
    const list = pages({
      path,
      query: { group_id, schema: name },
      purpose: `look up the connection ${name}`,
      read(items) {
        const connection = items.map(readConnection).find((item) => item && isWanted(item));
        return connection || items.length === 0 ? { connection } : undefined;
      },
    });
    for await (const page of list) {
      date = page.date;
      if (page.data.connection) return { connection: page.data.connection, date };
    }
    return { connection: undefined, date };
  },

  async list(group_id) {
    const connections: Connection[] = [];
    const list = pages({
      path,
      query: { group_id, limit: '500' },
      purpose: `list the connections of group ${group_id}`,
      read(items) {
        const isOfGroup = (item: Connection): boolean => (item.group_id ?? group_id) === group_id;
        const known = items.flatMap((item) => readConnectionIf(item, isOfGroup) ?? []);
        return known.length === items.length ? known : undefined;
      },
    });
    for await (const { data } of list) connections.push(...data);
    return connections;
  },
});
