import { FivetranError, OutcomeUnknownError } from '../../fivetran/http/errors.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { gone, remove, setPaused, unlessGone } from '../changes.ts';
import { findByName } from '../find.ts';
import { differencesFromRequest } from '../plan/request-diff.ts';
import { type Context, note, type State, warn } from '../state.ts';
import type { Tested } from './tests.ts';

/**
 * Pauses or deletes a connection that this step created and whose setup failed, as `on_failed_tests`
 * says. A connection that may not be this step's is kept. A failure to do so becomes a warning.
 */
export async function applyOnFailedTests(
  { connection, isOutdated }: Tested,
  spec: PresentSpec,
  ctx: Context,
): Promise<void> {
  const { state } = ctx;
  const { on_failed_tests } = spec;
  const { id } = connection;
  if (state.result !== 'created' || on_failed_tests === 'keep' || state.isGone) return;
  if (isOutdated) {
    return warn(
      `Connection ${id} is left unchanged despite on_failed_tests: ${on_failed_tests}. A host key or certificate was ` +
        'approved, and the setup tests have not reported again since.',
      ctx,
    );
  }
  const differing = fieldsThatDiffer(spec, state);
  if (differing.length > 0) {
    return warn(
      `Connection ${id} is left unchanged despite on_failed_tests: ${on_failed_tests}. The response to its create was lost, ` +
        `and Fivetran shows other values than the request had (${differing.join(', ')}), so another client may have created it.`,
      ctx,
    );
  }
  try {
    if (on_failed_tests === 'pause') await setPaused(id, { paused: true }, ctx);
    else if ((await remove(id, ctx)) === 'gone') throw gone(id, ctx);
  } catch (thrown) {
    const error = unlessGone(thrown, ctx);
    if (!(error instanceof FivetranError)) throw error;
    const isUnknown = error instanceof OutcomeUnknownError;
    if (isUnknown || error.cause instanceof OutcomeUnknownError) {
      state.unknownCleanup = on_failed_tests;
    }
    if (!isUnknown) {
      warn(error.message, ctx);
      return state.isGone ? lookForOpenCreates(spec, ctx) : undefined;
    }
    const done = on_failed_tests === 'delete' ? 'deleted' : 'paused';
    return warn(`${error.message} It is unknown whether connection ${id} was ${done}.`, ctx);
  }
  if (on_failed_tests === 'pause') {
    state.cleanup = 'paused';
    return note(`Paused connection ${id} because its setup failed (on_failed_tests: pause).`, ctx);
  }
  state.cleanup = 'deleted';
  note(`Deleted connection ${id} because its setup failed (on_failed_tests: delete).`, ctx);
  await lookForOpenCreates(spec, ctx);
}

/**
 * The fields of the request that the connection lacks or has with another value. Empty when the
 * create was answered: the step certainly created the connection.
 */
function fieldsThatDiffer(spec: PresentSpec, { connection, origin }: State): string[] {
  if (origin !== 'found' || !connection) return [];
  const { different, missing } = differencesFromRequest(spec, connection);
  return [...different, ...missing];
}

/**
 * After a deletion, the name is free again, so that an earlier create that went unanswered can still
 * take effect.
 */
async function lookForOpenCreates(spec: PresentSpec, ctx: Context): Promise<void> {
  const { fivetran, state, log } = ctx;
  if (state.openCreates === 0) return;
  state.inFlight = 'create';
  const doubt = 'An earlier create of this step went unanswered';
  try {
    const { connection } = await findByName(spec, fivetran);
    if (connection && connection.id !== state.connection?.id) {
      warn(
        `The group has a connection ${spec.name} again: ${connection.id}. ${doubt} and may have made it.`,
        ctx,
      );
    } else {
      log(`${doubt}: another connection ${spec.name} may still appear.`);
    }
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    log(`${error.message} ${doubt}: another connection ${spec.name} may still appear.`);
  }
}
