import { FivetranError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { unlessGone } from '../changes.ts';
import { type Context, observe, warn } from '../state.ts';

/**
 * Requests a connect card when the spec asks for one, the connection is not connected, and no response
 * included one. The response to a create includes one whenever Fivetran issues it. A refusal becomes a
 * warning.
 */
export async function requestConnectCard(
  connection: Connection,
  { request: { connect_card_config } }: PresentSpec,
  ctx: Context,
): Promise<void> {
  const { fivetran, state } = ctx;
  const isNeeded = connection.status.setup_state !== 'connected' && !connection.connect_card.uri;
  const isRefused = state.result === 'created' && state.origin === 'answered';
  if (!connect_card_config || !isNeeded || isRefused) return;
  try {
    const connect_card = await fivetran.connectCard(connection.id, connect_card_config);
    observe({ ...connection, connect_card }, ctx);
  } catch (thrown) {
    const error = unlessGone(thrown, ctx);
    if (!(error instanceof FivetranError) || state.isGone) throw error;
    warn([error.message, error.hint].filter(Boolean).join(' '), ctx);
  }
}
