import { FivetranError, OutcomeUnknownError } from '../fivetran/http/errors.ts';
import type { AbsentSpec } from '../inputs/spec.ts';
import { findByName, findByPlainName } from './find.ts';
import { planAbsent } from './plan.ts';
import { readAfter } from './read-after.ts';
import { type Context, observe, tracking } from './state.ts';

/**
 * Makes sure that the connection does not exist.
 *
 * @throws FivetranError when the connection found is not the one that the spec describes, when
 * Fivetran refuses, or when it is unknown whether the connection was deleted
 */
export async function absent(spec: AbsentSpec, context: Context): Promise<void> {
  const { state, log } = context;
  const plan = await observeAndPlan(spec, context);
  switch (plan.action) {
    case 'nothing':
      state.change = 'absent';
      return;
    case 'refuse':
      throw new FivetranError(plan.reason, plan);
    case 'delete': {
      const { id } = observe(state, plan.connection);
      const end = await remove(id, context);
      state.change = end === 'deleted' ? 'deleted' : 'absent';
      log(end === 'deleted' ? `Deleted connection ${id}.` : `Connection ${id} was already gone.`);
      return;
    }
    default:
      plan satisfies never;
  }
}

/** Looks for the connection that the spec describes, and plans how to remove it. */
export async function observeAndPlan(spec: AbsentSpec, { fivetran }: Context) {
  const { target, expect } = spec;
  if (target.kind === 'id') {
    return planAbsent(spec, await fivetran.get(target.connection_id));
  }
  const { connection } = await findByName(target, fivetran);
  if (connection) return planAbsent(spec, connection);
  const plain = await findByPlainName({ ...target, service: expect.service }, fivetran);
  if (!plain.connection || !target.shortName) return planAbsent(spec);
  if (!plain.isCertain) {
    if (plain.connection.service !== expect.service) return planAbsent(spec);
    throw new FivetranError(
      `The group has no connection ${target.name}, but one named ${target.shortName.name}: ${plain.connection.id}. ` +
        'Whether it is the same one cannot be determined, so it was not deleted.',
      { hint: `Set connection_id, or remove ${target.shortName.ignoredField} from config.` },
    );
  }
  const named = { ...target, ...target.shortName };
  return planAbsent({ ...spec, target: named }, plain.connection);
}

/**
 * Deletes a connection. When the outcome is unknown, reads the connection once.
 *
 * @returns `gone` when it no longer existed
 * @throws FivetranError when it was not deleted, or when that is unknown
 */
export async function remove(id: string, context: Context): Promise<'deleted' | 'gone'> {
  const { fivetran, state, log } = context;
  try {
    return (await fivetran.remove(id, tracking(state, 'delete'))) ? 'deleted' : 'gone';
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    log(`${error.message} Reading connection ${id} to see whether it was deleted.`);
    const connection = await readAfter(error, id, context);
    state.inFlight = undefined;
    if (!connection) return 'deleted';
    throw new FivetranError(
      `${error.message} Connection ${id} still existed when it was read afterwards; the delete may still take effect.`,
    );
  }
}
