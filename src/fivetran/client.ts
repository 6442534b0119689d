import { encodeSegment } from '../text/format.ts';
import { sameName } from './connection-name.ts';
import type { PresentedIdentity } from './fingerprint.ts';
import type { Request } from './http/attempt.ts';
import { OutcomeUnknownError, RefusedError } from './http/errors.ts';
import { type Log, pause, type SendResult, type Session, send } from './http/send.ts';
import {
  acknowledged,
  defaults,
  makeRequester,
  pathOf,
  RefusedAfterUnknownError,
} from './requester.ts';
import {
  type Connection,
  readConnectCard,
  readConnection,
  readPage,
} from './responses/connection.ts';
import { readConnectorType } from './responses/connector-type.ts';
import { schemaEndpoints } from './schema-endpoints.ts';

/** Options that act on the setup tests alone and are not stored. */
export type TestOptions = {
  trust_certificates?: boolean | undefined;
  trust_fingerprints?: boolean | undefined;
};

type OnInFlight = (inFlight: boolean) => void;

/** Fivetran's endpoints, one method each. */
export type FivetranClient = ReturnType<typeof fivetranClient>;

/** How many pages of a list are read at most; a name is unique in its group, so one is the rule. */
const maxPages = 100;

/**
 * Binds the endpoints to a session, and to the log that waits and retries are written to.
 *
 * All methods throw a RefusedError when Fivetran refuses and a FivetranError when the request never
 * reached it. Methods that change something throw an OutcomeUnknownError when they may have done so
 * and no answer proves it, which includes a refusal after an unanswered try.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connections
 */
export function fivetranClient(session: Session, log: Log) {
  const requester = makeRequester(session, log);
  const { get, change, ensure, cached } = requester;

  async function read(id: string, deadline?: number) {
    try {
      const purpose = `read connection ${id}`;
      const { data, date } = await get(pathOf(id), { purpose, read: readOnly(id), deadline });
      return { connection: data, date };
    } catch (error) {
      if (error instanceof RefusedError && error.isNotFound) return undefined;
      throw error;
    }
  }

  return {
    /** Sends the create until Fivetran may have processed it; the caller decides what follows. */
    create(
      body: string,
      expected: { group_id: string; service: string },
      onInFlight: OnInFlight,
    ): Promise<SendResult<Connection>> {
      const isExpected = ({ group_id, service }: Connection): boolean =>
        (group_id ?? expected.group_id) === expected.group_id &&
        (service ?? expected.service) === expected.service;
      const post: Request<Connection> = {
        ...defaults,
        method: 'POST',
        path: '/v1/connections',
        body,
        purpose: 'create the connection',
        idempotent: false,
        conflictHint: 'Check whether the group already has a connection of this name.',
        read: (data) => readIf(data, isExpected),
        onInFlight,
      };
      return send(session, post, log);
    },

    /** Waits before the next try of a create. */
    pause: (tries: number, error: Error): Promise<void> => pause(session, tries, error, log),

    /**
     * Looks for the connection of this name in a group. Names are compared after Fivetran's naming
     * rules. A list with an item that has no name is unusable: it could be the one.
     *
     * @returns the connection, if there is one, and when the server answered by its own clock
     */
    async find(group_id: string, name: string) {
      const isWanted = (item: Connection): boolean =>
        item.schema !== undefined &&
        sameName(item.schema, name) &&
        (item.group_id ?? group_id) === group_id;
      let cursor: string | undefined;
      const seen = new Set<string>();
      for (let pages = 0; pages < maxPages; pages++) {
        const query = new URLSearchParams({ group_id, schema: name, ...(cursor && { cursor }) });
        const { data, date } = await get(`/v1/connections?${query}`, {
          purpose: `look up the connection ${name}`,
          read: (body) => readPage(body, isWanted),
        });
        cursor = data.next_cursor;
        if (data.connection || !cursor || seen.has(cursor)) {
          return { connection: data.connection, date };
        }
        seen.add(cursor);
      }
      throw new OutcomeUnknownError({
        message: `Could not look up the connection ${name}: the list has more than ${maxPages} pages.`,
        shortReason: 'unusable response',
      });
    },

    /** Reads a connection; undefined when Fivetran says that it does not exist. */
    get: async (id: string): Promise<Connection | undefined> => (await read(id))?.connection,

    /**
     * The same, with the server's clock when it answered.
     *
     * @param deadline when the answer is no longer useful, in milliseconds on the step's clock
     */
    poll: read,

    /** Patches a connection; answers it, with setup tests when the patch runs them. */
    update: (id: string, fields: object, onInFlight?: OnInFlight): Promise<Connection> =>
      change({
        method: 'PATCH',
        path: pathOf(id),
        body: JSON.stringify(fields),
        purpose: `update connection ${id}`,
        read: readOnly(id),
        ...(onInFlight && { onInFlight }),
      }),

    /**
     * Deletes a connection.
     *
     * @returns false when it did not exist; true when an unanswered delete then finds it gone
     */
    async remove(id: string, onInFlight: OnInFlight): Promise<boolean> {
      const purpose = `delete connection ${id}`;
      try {
        return await change({
          method: 'DELETE',
          path: pathOf(id),
          purpose,
          read: acknowledged,
          onInFlight,
        });
      } catch (error) {
        if (error instanceof RefusedAfterUnknownError && error.refusal.isNotFound) return true;
        if (error instanceof RefusedError && error.isNotFound) return false;
        throw error;
      }
    },

    /** Runs the setup tests; answers the connection with their results. */
    test: (id: string, options: TestOptions): Promise<Connection> =>
      change({
        method: 'POST',
        path: `${pathOf(id)}/test`,
        body: JSON.stringify(options),
        purpose: `run the setup tests of connection ${id}`,
        read: readOnly(id),
      }),

    /** Approves one host key or certificate that a setup test presented. */
    approve: (id: string, presented: PresentedIdentity): Promise<void> =>
      presented.kind === 'host-key'
        ? ensure(`${pathOf(id)}/fingerprints`, {
            purpose: `approve the host key ${presented.display} for connection ${id}`,
            body: JSON.stringify({ hash: presented.hash, public_key: presented.public_key }),
            apiVersion: 1,
          })
        : ensure(`${pathOf(id)}/certificates`, {
            purpose: `approve the certificate ${presented.display} for connection ${id}`,
            body: JSON.stringify({ hash: presented.hash, encoded_cert: presented.encoded_cert }),
            apiVersion: 1,
          }),

    /** Starts a sync; does nothing while one runs. */
    sync: (id: string): Promise<void> =>
      ensure(`${pathOf(id)}/sync`, {
        purpose: `start a sync of connection ${id}`,
        body: '{}',
      }),

    /** Requests a connect card, with which an end user finishes the authorization. */
    connectCard: (id: string, connect_card_config: object) =>
      change({
        method: 'POST',
        path: `${pathOf(id)}/connect-card`,
        body: JSON.stringify({ connect_card_config }),
        purpose: `get a connect card for connection ${id}`,
        read: readConnectCard,
      }),

    /** Reads a destination group: whether it exists and the API key may see it. */
    group: (id: string): Promise<true> =>
      cached(`/v1/groups/${encodeSegment(id)}`, {
        purpose: `read group ${id}`,
        apiVersion: 1,
        read: acknowledged,
      }),

    /** Reads a connector type's metadata. */
    connectorType: (service: string) =>
      cached(`/v1/metadata/connector-types/${encodeSegment(service)}`, {
        purpose: `read the metadata of service ${service}`,
        apiVersion: 1,
        read: readConnectorType,
      }),

    ...schemaEndpoints(requester),
  };
}

/** Reads a connection; an answer about another one is unusable. */
const readOnly =
  (id: string) =>
  (data: unknown): Connection | undefined =>
    readIf(data, (connection) => connection.id === id);

function readIf(
  data: unknown,
  isExpected: (connection: Connection) => boolean,
): Connection | undefined {
  const connection = readConnection(data);
  return connection && isExpected(connection) ? connection : undefined;
}
