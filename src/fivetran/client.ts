import { encodeSegment } from '../text/format.ts';
import {
  type ConnectCard,
  type Connection,
  type ConnectorType,
  readConnectCard,
  readConnection,
  readConnectorType,
  readPage,
} from './answers.ts';
import type { Instant, Request } from './attempt.ts';
import { RefusedError } from './errors.ts';
import type { PresentedIdentity } from './fingerprint.ts';
import { type Log, pause, type SendResult, type Session, send } from './send.ts';

/** What acts on the setup tests alone, and is not stored. */
export type TestOptions = {
  trust_certificates?: boolean | undefined;
  trust_fingerprints?: boolean | undefined;
};

/** Fivetran's endpoints, a method each, on a line that a run shares. */
export type Fivetran = ReturnType<typeof fivetranOn>;

/**
 * Binds the endpoints to a line and to the log that their waits and repetitions are told to.
 * All methods throw a FivetranError when Fivetran refuses, or settles nothing in 4 tries.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connections
 */
export function fivetranOn(line: Session, say: Log) {
  /** Sends what can be repeated without harm. */
  async function repeat<T>(request: Request<T>): Promise<{ data: T; date: Instant | undefined }> {
    const settled = await send(line, request, true, say);
    if (settled.kind !== 'answered') throw settled.error;
    return settled;
  }

  /** The same for what is refused as a conflict (409) once it has been done. */
  async function repeatOnce(request: Request<true>): Promise<void> {
    const settled = await send(line, request, true, say);
    if (settled.kind === 'answered') return;
    if (settled.kind === 'rejected' && settled.afterUnknown && settled.status === 409) return;
    throw settled.error;
  }

  /** Sends what a run asks for once, whoever asks. */
  function ask<T>(request: Request<T>): Promise<T> {
    const cache = line.cache.get(request.path) ?? repeat(request).then(({ data }) => data);
    line.cache.set(request.path, cache);
    return cache as Promise<T>;
  }

  return {
    /** Sends the create once, as far as Fivetran processed it: who asks decides what follows. */
    create(
      request: object,
      onInFlight: (flying: boolean) => void,
    ): Promise<SendResult<Connection>> {
      const post: Request<Connection> = {
        method: 'POST',
        path: '/v1/connections',
        body: request,
        purpose: 'create the connection',
        read: readConnection,
        onInFlight,
      };
      return send(line, post, false, say);
    },

    /** Waits before the next try of what was not repeated here. */
    pause: (tries: number, error: Error): Promise<void> => pause(line, tries, error, say),

    /**
     * Looks for the connection of this name in a group.
     *
     * @returns the connection, if there is one, and when the server answered by its own clock
     */
    async find(
      group_id: string,
      name: string,
    ): Promise<{ connection?: Connection; date?: Instant | undefined }> {
      const isWanted = (item: Connection): boolean =>
        (item.schema ?? name) === name && (item.group_id ?? group_id) === group_id;
      const seen = new Set<string>();
      for (let cursor: string | undefined; ; ) {
        const query = new URLSearchParams({ group_id, schema: name, ...(cursor && { cursor }) });
        const { data, date } = await repeat({
          method: 'GET',
          path: `/v1/connections?${query}`,
          purpose: `look up the connection ${name}`,
          read: (answer) => readPage(answer, isWanted),
        });
        const { connection } = data;
        if (connection) return { connection, date };
        cursor = data.next_cursor;
        if (!cursor || seen.has(cursor)) return { date };
        seen.add(cursor);
      }
    },

    /**
     * Reads a connection; undefined when Fivetran knows none of this id.
     *
     * @param deadline when nobody waits for it any more, on the step's clock
     */
    async get(id: string, deadline?: number): Promise<Connection | undefined> {
      try {
        const { data } = await repeat({
          method: 'GET',
          path: pathOf(id),
          purpose: `read connection ${id}`,
          read: readConnection,
          deadline,
        });
        return data;
      } catch (error) {
        if (isUnknown(error)) return undefined;
        throw error;
      }
    },

    /** Patches a connection with the fields given; answers it with the results of its tests. */
    async update(id: string, fields: object): Promise<Connection> {
      const { data } = await repeat({
        method: 'PATCH',
        path: pathOf(id),
        body: fields,
        purpose: `update connection ${id}`,
        read: readConnection,
      });
      return data;
    },

    /**
     * Deletes a connection.
     *
     * @returns false when there was none; a delete whose answer was lost, and that then finds none, did it
     */
    async remove(id: string, onInFlight: (flying: boolean) => void): Promise<boolean> {
      const settled = await send(
        line,
        {
          method: 'DELETE',
          path: pathOf(id),
          purpose: `delete connection ${id}`,
          read: acknowledged,
          onInFlight,
        },
        true,
        say,
      );
      if (settled.kind === 'answered') return true;
      if (settled.kind === 'rejected' && isUnknown(settled.error)) return settled.afterUnknown;
      throw settled.error;
    },

    /** Runs the setup tests; answers the connection with their results. */
    async test(id: string, options: TestOptions): Promise<Connection> {
      const { data } = await repeat({
        method: 'POST',
        path: `${pathOf(id)}/test`,
        body: options,
        purpose: `run the setup tests of connection ${id}`,
        read: readConnection,
      });
      return data;
    },

    /** Approves one host key or certificate that a setup test showed. */
    async approve(id: string, offered: PresentedIdentity): Promise<void> {
      const { hash } = offered;
      const isKey = offered.kind === 'fingerprint';
      await repeatOnce({
        method: 'POST',
        path: `${pathOf(id)}/${isKey ? 'fingerprints' : 'certificates'}`,
        body: isKey
          ? { hash, public_key: offered.public_key }
          : { hash, encoded_cert: offered.encoded_cert },
        purpose: `approve the ${isKey ? 'host key' : 'certificate'} ${offered.shown} for connection ${id}`,
        read: acknowledged,
      });
    },

    /** Starts a sync. */
    async sync(id: string): Promise<void> {
      await repeatOnce({
        method: 'POST',
        path: `${pathOf(id)}/sync`,
        body: {},
        purpose: `start a sync of connection ${id}`,
        read: acknowledged,
      });
    },

    /** Asks for a connect card, with which the end user finishes the authorisation. */
    async connectCard(id: string, config: object): Promise<ConnectCard> {
      const { data } = await repeat({
        method: 'POST',
        path: `${pathOf(id)}/connect-card`,
        body: { connect_card_config: config },
        purpose: `get a connect card for connection ${id}`,
        read: readConnectCard,
      });
      return data;
    },

    /** Reads a destination group: whether it exists, and the key may see it. */
    group(id: string): Promise<true> {
      return ask({
        method: 'GET',
        path: `/v1/groups/${encodeSegment(id)}`,
        purpose: `read group ${id}`,
        read: acknowledged,
      });
    },

    /** Reads what Fivetran says of a connector type. */
    connectorType(service: string): Promise<ConnectorType> {
      return ask({
        method: 'GET',
        path: `/v1/metadata/connector-types/${encodeSegment(service)}`,
        purpose: `read the metadata of service ${service}`,
        read: readConnectorType,
      });
    },
  };
}

/** Whether Fivetran itself said that it knows nothing of the kind; a 404 of something else is no proof. */
const isUnknown = (error: unknown): boolean =>
  error instanceof RefusedError && error.status === 404 && error.code.startsWith('NotFound');

/** Reads an answer that only has to come. */
const acknowledged = (): true => true;

const pathOf = (id: string): string => `/v1/connections/${encodeSegment(id)}`;
