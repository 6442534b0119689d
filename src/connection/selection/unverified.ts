import { FivetranError } from '../../fivetran/http/errors.ts';
import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import { warn } from '../state.ts';
import { requestedSelection } from './diff.ts';
import { isBadRequest, policyHint, withPolicyHint } from './problems.ts';
import type { SelectionTask } from './reload.ts';
import { tryChange } from './retry.ts';

/**
 * Sets the selection of a connection whose service reveals its schema only during a sync. Fivetran
 * accepts any names, so neither they nor the result can be verified. Some services refuse every
 * request that names a policy, so a refused one is sent once more without it.
 *
 * @returns a tree when one has appeared after an unanswered request; it is still to be compared
 * @throws FivetranError when Fivetran refuses, or when the policy is not the wanted one
 */
export async function setUnverified(task: SelectionTask): Promise<SchemaTree | undefined> {
  const { connection, selection, ctx } = task;
  const { fivetran, log } = ctx;
  const { id } = connection;
  const { body, changes } = requestedSelection(selection);
  const { schemas } = body;
  const whole = { changes, send: () => fivetran.createSchemas(id, body) };
  const withoutPolicy = {
    changes: changes.filter(({ field }) => field !== 'schema_change_handling'),
    send: () => fivetran.createSchemas(id, { schemas }),
  };
  let change = whole;
  for (let retries = 1; ; ) {
    try {
      const response = await tryChange(change, retries, ctx);
      if (response) {
        if (change !== whole) requirePolicy(response.schema_change_handling, task);
        break;
      }
    } catch (error) {
      if (!isBadRequest(error)) throw error;
      if (change !== whole) throw withPolicyHint(error, undefined);
      log(`${error.message} Sending the selection again without schema_change_handling.`);
      change = withoutPolicy;
      continue;
    }
    retries++;
    const tree = await fivetran.schemas(id);
    if (tree) return tree;
  }
  warn(
    `The schema of connection ${id} cannot be read before its first sync. The selection was set, but ` +
      'the names in schemas were not verified.',
    ctx,
  );
  return undefined;
}

/** @throws FivetranError when a selection that was set without its policy has another one */
function requirePolicy(policy: unknown, { connection: { id }, selection }: SelectionTask): void {
  const wanted = selection.schema_change_handling;
  if (policy === wanted) return;
  throw new FivetranError({
    message:
      `Fivetran refused schema_change_handling: ${wanted} for connection ${id}. It accepted the selection ` +
      `without it, ${typeof policy === 'string' ? `with ${policy}` : 'and did not say which one applies'}.`,
    shortReason: 'schema_change_handling refused',
    hint: policyHint(policy),
  });
}
