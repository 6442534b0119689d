import { FivetranError } from '../../fivetran/http/errors.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { type Context, observe, warn } from '../state.ts';

/**
 * Requests a connect card when the spec asks for one, the connection is not connected, and no answer
 * included one. The answer to a create includes one whenever Fivetran issues it. A refusal becomes a
 * warning.
 */
export async function requestConnectCard(
  { request: { connect_card_config } }: PresentSpec,
  context: Context,
): Promise<void> {
  const { fivetran, state } = context;
  const { connection, result, origin } = state;
  if (!connect_card_config || !connection) return;
  if (connection.status.setup_state === 'connected' || connection.connect_card.uri) return;
  if (result === 'created' && origin === 'answered') return;
  try {
    const connect_card = await fivetran.connectCard(connection.id, connect_card_config);
    observe(state, { ...connection, connect_card });
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    warn(context, error.message);
  }
}
