import { type Connection, readConnection, readPage } from './answers.ts';
import type { Instant, Request } from './outcome.ts';
import { type Line, pause, type Say, type Settled, settle } from './transport.ts';

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
export function fivetranOn(line: Line, say: Say) {
  /** Sends what can be repeated without harm. */
  async function repeat<T>(request: Request<T>): Promise<{ data: T; date: Instant | undefined }> {
    const settled = await settle(line, request, true, say);
    if (settled.kind !== 'answered') throw settled.error;
    return settled;
  }

  return {
    /** Sends the create once, as far as Fivetran processed it: who asks decides what follows. */
    create(request: object, flight: (flying: boolean) => void): Promise<Settled<Connection>> {
      const post: Request<Connection> = {
        method: 'POST',
        path: '/v1/connections',
        body: request,
        purpose: 'create the connection',
        read: readConnection,
        flight,
      };
      return settle(line, post, false, say);
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
      const seen = new Set<string>();
      for (let cursor: string | undefined; ; ) {
        const query = new URLSearchParams({ group_id, schema: name, ...(cursor && { cursor }) });
        const { data, date } = await repeat({
          method: 'GET',
          path: `/v1/connections?${query}`,
          purpose: `look up the connection ${name}`,
          read: readPage,
        });
        const connection = data.items.find(
          (item) => (item.schema ?? name) === name && (item.group_id ?? group_id) === group_id,
        );
        if (connection) return { connection, date };
        cursor = data.next_cursor;
        if (!cursor || seen.has(cursor)) return { date };
        seen.add(cursor);
      }
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
  };
}

const pathOf = (id: string): string => `/v1/connections/${encodeURIComponent(id)}`;
