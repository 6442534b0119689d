import { FivetranError, OutcomeUnknownError } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { Context } from './state.ts';

/**
 * Reads a connection once after a change whose outcome is unknown; undefined when it is gone.
 *
 * @throws OutcomeUnknownError when it cannot be read either
 */
export async function readAfter(
  unknown: FivetranError,
  id: string,
  { fivetran }: Context,
): Promise<Connection | undefined> {
  try {
    return await fivetran.get(id);
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    throw new OutcomeUnknownError(unknown).followedBy(error.message);
  }
}
