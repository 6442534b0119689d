import { FivetranError, OutcomeUnknownError } from '../fivetran/http/errors.ts';
import type { PresentSpec } from '../inputs/spec.ts';
import { type Plan, planPresent } from './plan.ts';
import { readAfter } from './read-after.ts';
import { runSetupTests } from './setup/tests.ts';
import { type Context, observe, tracking } from './state.ts';

/**
 * Patches a connection. When the outcome is unknown, reads the connection once, and continues if the
 * patch was applied.
 *
 * @throws FivetranError when it was not, or when that cannot be verified
 */
export async function update(
  { connection: { id }, patch }: Extract<Plan, { action: 'update' }>,
  spec: PresentSpec,
  context: Context,
): Promise<void> {
  const { fivetran, state, log } = context;
  try {
    observe(state, await fivetran.update(id, patch, tracking(state, 'update')));
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    log(`${error.message} It may have been applied anyway; reading connection ${id}.`);
    const connection = await readAfter(error, id, context);
    if (!connection)
      throw new FivetranError(error).followedBy(`Connection ${id} no longer exists.`);
    const remaining = planPresent(spec, observe(state, connection));
    if (remaining.action === 'update') {
      const fields = remaining.fieldChanges.filter(
        ({ shown, from }) => shown === 'values' && from !== undefined,
      );
      const names = fields.map(({ field }) => field).join(', ');
      // Secrets cannot be read back, so the outcome stays unknown.
      state.inFlight = fields.length > 0 ? undefined : 'update';
      throw error.followedBy(
        fields.length > 0
          ? `These fields still differed when the connection was read afterwards: ${names}. The update may still take effect.`
          : 'The fields that Fivetran returns match the spec; the others cannot be verified.',
      );
    }
    state.inFlight = undefined;
    log(`The update of connection ${id} was applied.`);
    await runSetupTests(spec, context);
  }
}
