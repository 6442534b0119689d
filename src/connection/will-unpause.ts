import type { Connection } from '../fivetran/responses/connection.ts';
import type { PresentSpec } from '../inputs/spec.ts';

/**
 * Whether a step unpauses a connection that existed before, once its selection is applied: one that
 * the spec wants running, or one that has never synced because its first run was interrupted.
 */
export const willUnpause = (
  { if_exists, request, selection }: PresentSpec,
  connection: Connection,
): boolean =>
  selection !== undefined &&
  if_exists === 'update' &&
  connection.isPaused &&
  (request.paused === false || (request.paused === undefined && !connection.hasSynced));
