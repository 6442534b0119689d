import type { Connection } from '../fivetran/answers.ts';
import { RefusedError } from '../fivetran/errors.ts';
import type { ConnectionSpec } from '../inputs/fields.ts';
import { findWished } from './absent.ts';
import { checkFields } from './metadata-check.ts';
import { otherService, patchRequest } from './present.ts';
import { type Context, observe } from './state.ts';
import { isPaused } from './sync.ts';

/** What a real run would do, what is known to make it fail, and what to know of before. */
export type Plan = { steps: string[]; problems: string[]; warnings: string[] };

/**
 * Checks all that can be checked without changing anything, and says what a real run would do. All
 * of it stands in `tools.progress.plan`.
 *
 * @throws FivetranError when Fivetran can't be asked
 */
export async function planDryRun(spec: ConnectionSpec, context: Context): Promise<void> {
  const { fivetran, state } = context;
  const plan: Plan = { steps: [], problems: [], warnings: [] };
  state.plan = plan;
  state.result = 'planned';
  if (spec.state === 'absent') {
    const connection = await findWished(spec, context);
    if (connection) observe(state, connection);
    plan.steps.push(
      connection ? `Delete connection ${connection.id}.` : 'Nothing: there is no such connection.',
    );
    return;
  }
  const { group_id = '', service = '' } = spec;
  const group = await unlessMissing(fivetran.group(group_id), plan);
  const connector = await unlessMissing(fivetran.connectorType(service), plan);
  const { name } = state;
  const connection = group && name ? (await fivetran.find(group_id, name)).connection : undefined;
  if (connector) {
    const status = connector.service_status ?? '';
    if (status && !isAvailable(status)) {
      plan.warnings.push(
        `Service ${service} is not generally available (${status.replaceAll('_', ' ')}).`,
      );
    }
    const { problems, warnings } = checkFields(spec, connector, { complete: !connection });
    plan.problems.push(...problems);
    plan.warnings.push(...warnings);
  }
  if (connection) {
    observe(state, connection);
    planExisting(connection, spec, plan);
  } else if (group && connector) {
    plan.steps.push(`Create ${state.subject.replace(/^A /, 'a ')}.`);
  }
  const willPause = spec.if_exists === 'update' ? spec.paused : undefined;
  if (spec.wait_for_sync && connection && (willPause ?? isPaused(connection))) {
    plan.problems.push(`Connection ${connection.id} can't sync, it is paused.`);
  } else if (spec.wait_for_sync) {
    plan.steps.push(
      `Start a sync, and wait up to ${spec.sync_timeout_minutes} min until it has succeeded.`,
    );
  }
}

/** Whether Fivetran calls a service or a field finished. */
export const isAvailable = (stage: string): boolean =>
  /^(general(ly)?[_ ]?availab(le|ility)|ga)$/i.test(stage);

/** What Fivetran does not know is a problem of the plan; any other error ends the rehearsal. */
async function unlessMissing<T>(cache: Promise<T>, plan: Plan): Promise<T | undefined> {
  try {
    return await cache;
  } catch (error) {
    if (!(error instanceof RefusedError && error.status === 404)) throw error;
    plan.problems.push(error.message);
    return undefined;
  }
}

function planExisting(connection: Connection, spec: ConnectionSpec, plan: Plan): void {
  const { id, service = spec.service } = connection;
  if (service !== spec.service) {
    plan.problems.push(otherService(connection, spec).message);
  } else if (spec.if_exists === 'fail') {
    plan.problems.push(
      `The group already has a connection of this name: ${id}. Set if_exists to reuse or update, ` +
        'give another name in config, or delete that connection.',
    );
  } else {
    const fields = spec.if_exists === 'update' ? Object.keys(patchRequest(spec)) : [];
    plan.steps.push(
      fields.length > 0
        ? `Update ${fields.join(', ')} of connection ${id}.`
        : `Use connection ${id} as it is.`,
    );
    if (spec.run_setup_tests !== false) plan.steps.push('Run its setup tests.');
  }
}
