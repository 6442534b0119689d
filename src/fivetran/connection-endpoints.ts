import { asMapping } from '../text/mapping.ts';
import type { Request, ServerTime } from './http/attempt.ts';
import { RefusedError } from './http/errors.ts';
import { type SendResult, sendWithRetries } from './http/send.ts';
import type { Sender } from './http/send-when-allowed.ts';
import {
  acknowledged,
  type Dated,
  defaults,
  pathOf,
  RefusedAfterUnknownError,
  type Requester,
} from './requester.ts';
import { type Connection, readConnectionIf, readConnectionOf } from './responses/connection.ts';

type OnInFlight = (inFlight: boolean) => void;

/**
 * The fields of an update, among them whether it runs the setup tests; and when not to send it any
 * more, in milliseconds on the step's clock.
 */
export type Update = {
  fields: Readonly<Record<string, unknown>>;
  deadline?: number | undefined;
};

/** What is done with one connection. */
export type ConnectionEndpoints = {
  /** Sends the create until Fivetran may have processed it; the caller decides what follows. */
  create(
    body: string,
    expected: { group_id: string; service: string },
    onInFlight: OnInFlight,
  ): Promise<SendResult<Connection>>;
  /**
   * Reads a connection; undefined when Fivetran says that it does not exist.
   *
   * @param deadline when to give up, in milliseconds on the step's clock
   */
  get(id: string, deadline?: number): Promise<Connection | undefined>;
  /**
   * Reads a connection that is read again later; undefined when Fivetran says that it does not
   * exist.
   *
   * @param deadline when the response is no longer useful, in milliseconds on the step's clock
   * @throws OutcomeUnknownError when it was not read, whatever the reason: not sent, limited,
   * unanswered
   */
  poll(
    id: string,
    deadline?: number,
  ): Promise<{ connection: Connection; date: ServerTime | undefined } | undefined>;
  /** Patches a connection; returns it, with setup tests when the patch runs them. */
  update(id: string, update: Update, onInFlight?: OnInFlight): Promise<Connection>;
  /**
   * Deletes a connection.
   *
   * @returns false when it did not exist; true when an unanswered delete then finds it gone
   */
  remove(id: string, onInFlight: OnInFlight): Promise<boolean>;
  /**
   * Starts a sync; does nothing while one runs.
   *
   * @param deadline when not to send it any more, in milliseconds on the step's clock
   * @returns how often it was sent: more than once when it was limited or went unanswered first
   */
  sync(id: string, onInFlight?: OnInFlight, deadline?: number): Promise<number>;
};

/**
 * The endpoints for one connection.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connections
 */
export function createConnectionEndpoints(
  { get, change, ensure }: Requester,
  sender: Sender,
): ConnectionEndpoints {
  const read = (id: string, more: Partial<Request<Connection>> = {}) =>
    unlessGone(
      get(pathOf(id), { purpose: `read connection ${id}`, read: readConnectionOf(id), ...more }),
    );

  return {
    create(body, expected, onInFlight) {
      const isExpected = ({ group_id, service }: Connection): boolean =>
        (group_id ?? expected.group_id) === expected.group_id &&
        (service ?? expected.service) === expected.service;
      return sendWithRetries(sender, {
        ...defaults,
        method: 'POST',
        path: '/v1/connections',
        body,
        purpose: 'create the connection',
        idempotent: false,
        conflictHint: 'Check whether the group already has a connection of this name.',
        read: (data) => readConnectionIf(data, isExpected),
        onInFlight,
      });
    },

    get: async (id, deadline) => (await read(id, { deadline }))?.data,

    async poll(id, deadline) {
      const response = await read(id, { deadline, isPoll: true });
      return response && { connection: response.data, date: response.date };
    },

    update: (id, { fields, deadline }, onInFlight) =>
      change({
        method: 'PATCH',
        path: pathOf(id),
        body: JSON.stringify(fields),
        purpose: `update connection ${id}`,
        read: readConnectionOf(id),
        deadline,
        ...(onInFlight && { onInFlight }),
      }),

    async remove(id, onInFlight) {
      const purpose = `delete connection ${id}`;
      // A response about another connection says nothing about this one.
      const read = (data: unknown, code: string | undefined) => {
        const answered = asMapping(data).id ?? id;
        return answered === id ? acknowledged(data, code) : undefined;
      };
      const request = { path: pathOf(id), purpose, read, onInFlight };
      try {
        return await change({ method: 'DELETE', ...request });
      } catch (error) {
        if (error instanceof RefusedAfterUnknownError && error.refusal.isNotFound) return true;
        if (error instanceof RefusedError && error.isNotFound) return false;
        throw error;
      }
    },

    sync: (id, onInFlight, deadline) =>
      ensure(`${pathOf(id)}/sync`, {
        purpose: `start a sync of connection ${id}`,
        body: '{}',
        deadline,
        ...(onInFlight && { onInFlight }),
      }),
  };
}

/** A response, or undefined when Fivetran says that the connection does not exist. */
async function unlessGone(
  response: Promise<Dated<Connection>>,
): Promise<Dated<Connection> | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof RefusedError && error.isNotFound) return undefined;
    throw error;
  }
}
