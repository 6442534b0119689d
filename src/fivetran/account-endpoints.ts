import { encodeSegment } from '../text/format.ts';
import type { Session } from './http/session.ts';
import { type Requester, readOnce } from './requester.ts';
import { type ConnectorType, readConnectorType } from './responses/connector-type.ts';
import { idOf } from './responses/envelope.ts';

/** What an account has besides connections. It is read once per run. */
export type AccountEndpoints = {
  /** Reads a destination group: whether it exists and the API key may see it. */
  group(id: string): Promise<true>;
  /** Reads a connector type's metadata. */
  connectorType(service: string): Promise<ConnectorType>;
  /** Lists the ids of all services. */
  listConnectorTypes(): Promise<string[]>;
};

/**
 * The endpoints for groups and connector types.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connector-metadata
 */
export const createAccountEndpoints = (
  { get, pages }: Requester,
  { cache }: Session,
): AccountEndpoints => ({
  group: (id) =>
    readOnce(cache.groups, id, async () => {
      const request = {
        purpose: `read group ${id}`,
        apiVersion: 1,
        read: (data: unknown): true | undefined => (idOf(data) === id ? true : undefined),
      } as const;
      return (await get(`/v1/groups/${encodeSegment(id)}`, request)).data;
    }),

  connectorType: (service) =>
    readOnce(cache.connectorTypes, service, async () => {
      const request = {
        purpose: `read the metadata of service ${service}`,
        apiVersion: 1,
        read: (data: unknown) =>
          (idOf(data) ?? service) === service ? readConnectorType(data) : undefined,
      } as const;
      const path = `/v1/metadata/connector-types/${encodeSegment(service)}`;
      return (await get(path, request)).data;
    }),

  listConnectorTypes: () =>
    readOnce(cache.services, 'all', async () => {
      const ids: string[] = [];
      const list = pages({
        path: '/v1/metadata/connector-types',
        query: { limit: '1000' },
        purpose: 'list the services',
        read: (items) => items.flatMap((item) => idOf(item) ?? []),
      });
      for await (const { data } of list) ids.push(...data);
      return ids;
    }),
});
