import { type AccountEndpoints, createAccountEndpoints } from './account-endpoints.ts';
import { type ConnectionEndpoints, createConnectionEndpoints } from './connection-endpoints.ts';
import { waitToRetry } from './http/send.ts';
import type { Sender } from './http/send-when-allowed.ts';
import type { Log, Session } from './http/session.ts';
import { createListEndpoints, type ListEndpoints } from './list-endpoints.ts';
import { createRequester } from './requester.ts';
import { createSchemaEndpoints, type SchemaEndpoints } from './schema-endpoints.ts';
import { createSetupEndpoints, type SetupEndpoints } from './setup-endpoints.ts';

/**
 * Fivetran's endpoints, one method each.
 *
 * All methods throw a RefusedError when Fivetran refuses and a FivetranError when the request
 * never reached it, or when the run has ended (`endsRun`). Methods that change something throw an
 * OutcomeUnknownError when they may have done so and no response proves it, which includes a
 * refusal after an unanswered try.
 */
export type FivetranClient = ConnectionEndpoints &
  SetupEndpoints &
  ListEndpoints &
  SchemaEndpoints &
  AccountEndpoints & {
    /** Waits before the next try of a create. */
    waitToRetry(tries: number, error: Error): Promise<void>;
  };

/**
 * Creates the client of one connection.
 *
 * @param log gets retries
 */
export function createClient(session: Session, log: Log): FivetranClient {
  const sender: Sender = { session, log, hasSent: false };
  const requester = createRequester(sender);
  return {
    ...createConnectionEndpoints(requester, sender),
    ...createSetupEndpoints(requester),
    ...createListEndpoints(requester),
    ...createSchemaEndpoints(requester),
    ...createAccountEndpoints(requester, session),
    waitToRetry: (tries, error) => waitToRetry(sender, tries, error),
  };
}
