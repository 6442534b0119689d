import type { Connection } from '../fivetran/answers.ts';
import { RefusedError } from '../fivetran/errors.ts';
import type { Wish } from '../inputs/fields.ts';
import { findWished } from './absent.ts';
import { checkFields } from './field-check.ts';
import { otherService, patchRequest } from './present.ts';
import { learn, type Tools } from './progress.ts';
import { isPaused } from './sync.ts';

/** What a real run would do, what is known to make it fail, and what to know of before. */
export type Plan = { steps: string[]; problems: string[]; warnings: string[] };

/**
 * Checks all that can be checked without changing anything, and says what a real run would do. All
 * of it stands in `tools.progress.plan`.
 *
 * @throws FivetranError when Fivetran can't be asked
 */
export async function rehearse(wish: Wish, tools: Tools): Promise<void> {
  const { fivetran, progress } = tools;
  const plan: Plan = { steps: [], problems: [], warnings: [] };
  progress.plan = plan;
  progress.result = 'planned';
  if (wish.state === 'absent') {
    const connection = await findWished(wish, tools);
    if (connection) learn(progress, connection);
    plan.steps.push(
      connection ? `Delete connection ${connection.id}.` : 'Nothing: there is no such connection.',
    );
    return;
  }
  const { group_id = '', service = '' } = wish;
  const group = await unlessMissing(fivetran.group(group_id), plan);
  const connector = await unlessMissing(fivetran.connectorType(service), plan);
  const { name } = progress;
  const connection = group && name ? (await fivetran.find(group_id, name)).connection : undefined;
  if (connector) {
    const status = connector.service_status ?? '';
    if (status && !isAvailable(status)) {
      plan.warnings.push(
        `Service ${service} is not generally available (${status.replaceAll('_', ' ')}).`,
      );
    }
    const { problems, warnings } = checkFields(wish, connector, { complete: !connection });
    plan.problems.push(...problems);
    plan.warnings.push(...warnings);
  }
  if (connection) {
    learn(progress, connection);
    planExisting(connection, wish, plan);
  } else if (group && connector) {
    plan.steps.push(`Create ${progress.subject.replace(/^A /, 'a ')}.`);
  }
  const willPause = wish.if_exists === 'update' ? wish.paused : undefined;
  if (wish.wait_for_sync && connection && (willPause ?? isPaused(connection))) {
    plan.problems.push(`Connection ${connection.id} can't sync, it is paused.`);
  } else if (wish.wait_for_sync) {
    plan.steps.push(
      `Start a sync, and wait up to ${wish.sync_timeout_minutes} min until it has succeeded.`,
    );
  }
}

/** Whether Fivetran calls a service or a field finished. */
export const isAvailable = (stage: string): boolean =>
  /^(general(ly)?[_ ]?availab(le|ility)|ga)$/i.test(stage);

/** What Fivetran does not know is a problem of the plan; any other error ends the rehearsal. */
async function unlessMissing<T>(asked: Promise<T>, plan: Plan): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof RefusedError && error.status === 404)) throw error;
    plan.problems.push(error.message);
    return undefined;
  }
}

function planExisting(connection: Connection, wish: Wish, plan: Plan): void {
  const { id, service = wish.service } = connection;
  if (service !== wish.service) {
    plan.problems.push(otherService(connection, wish).message);
  } else if (wish.if_exists === 'fail') {
    plan.problems.push(
      `The group already has a connection of this name: ${id}. Set if_exists to reuse or update, ` +
        'give another name in config, or delete that connection.',
    );
  } else {
    const fields = wish.if_exists === 'update' ? Object.keys(patchRequest(wish)) : [];
    plan.steps.push(
      fields.length > 0
        ? `Update ${fields.join(', ')} of connection ${id}.`
        : `Use connection ${id} as it is.`,
    );
    if (wish.run_setup_tests !== false) plan.steps.push('Run its setup tests.');
  }
}
