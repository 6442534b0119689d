import { FivetranError } from '../fivetran/http/errors.ts';
import type { AbsentSpec } from '../inputs/spec.ts';
import { remove } from './changes.ts';
import { findByName, hintAtShortName } from './find.ts';
import { planAbsent } from './plan/plan.ts';
import { type Context, observe, warn } from './state.ts';

/**
 * Makes sure that the connection does not exist.
 *
 * @throws FivetranError when the connection found is not the one that the spec describes, when
 * Fivetran refuses, or when it is unknown whether the connection was deleted
 */
export async function absent(spec: AbsentSpec, ctx: Context): Promise<void> {
  const { state, log } = ctx;
  const { plan, warning } = await observeAndPlan(spec, ctx);
  if (warning) warn(warning, ctx);
  switch (plan.action) {
    case 'nothing':
      state.result = 'absent';
      return;
    case 'refuse':
      throw new FivetranError(plan);
    case 'delete': {
      const { id } = observe(plan.connection, ctx);
      const end = await remove(id, ctx);
      state.result = end === 'deleted' ? 'deleted' : 'absent';
      log(end === 'deleted' ? `Deleted connection ${id}.` : `Connection ${id} was already gone.`);
      return;
    }
    default:
      plan satisfies never;
  }
}

/**
 * Looks for the connection that the spec describes, and plans how to remove it.
 *
 * @returns `warning`: which connection has the name that the one looked for has if its service ignores
 * a naming field
 */
export async function observeAndPlan(spec: AbsentSpec, { fivetran }: Pick<Context, 'fivetran'>) {
  const { target } = spec;
  if (target.kind === 'id') {
    return { plan: planAbsent(spec, await fivetran.get(target.connection_id)) };
  }
  const { connection } = await findByName(target, fivetran);
  return {
    plan: planAbsent(spec, connection),
    warning: connection ? undefined : await hintAtShortName(target, fivetran),
  };
}
