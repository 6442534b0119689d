import { FivetranError } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { PresentSpec } from '../inputs/spec.ts';
import { create } from './create.ts';
import { findByName } from './find.ts';
import { needsConfig, planPresent, unchangeable } from './plan.ts';
import { requestConnectCard } from './setup/connect-card.ts';
import { rerunSetupTests, runSetupTests } from './setup/tests.ts';
import { type Context, observe, warn } from './state.ts';
import { update } from './update.ts';

/**
 * Creates or updates the connection to match its spec, and obtains the results of its setup tests.
 *
 * @throws FivetranError when that fails; `context.state` then holds the last known state
 */
export async function present(spec: PresentSpec, context: Context): Promise<void> {
  const existing = spec.if_exists === 'fail' ? undefined : await observeByName(spec, context);
  await apply(planPresent(spec, existing), spec, context);
}

/** Looks for the connection that the spec names, and reads what a plan needs of it. */
export async function observeByName(
  spec: PresentSpec,
  { fivetran }: Context,
): Promise<Connection | undefined> {
  const { connection } = await findByName(spec, fivetran);
  return connection && withConfig(connection, spec, fivetran);
}

const withConfig = async (
  connection: Connection,
  spec: PresentSpec,
  fivetran: Context['fivetran'],
): Promise<Connection> =>
  needsConfig(spec, connection) ? ((await fivetran.get(connection.id)) ?? connection) : connection;

/** Whether a plan changes something of a connection that is known to be otherwise. */
const wouldChange = (plan: ReturnType<typeof planPresent>): boolean =>
  plan.action === 'update' &&
  plan.fieldChanges.some(({ from, shown }) => shown === 'values' && from !== undefined);

async function apply(
  plan: ReturnType<typeof planPresent>,
  spec: PresentSpec,
  context: Context,
): Promise<void> {
  const { state, log, fivetran } = context;
  switch (plan.action) {
    case 'create': {
      const creation = await create(spec, plan.request, context);
      if (creation.kind === 'taken') {
        const existing = await withConfig(creation.connection, spec, fivetran);
        const next = planPresent(spec, existing);
        if (!creation.isCertain && (next.action === 'refuse' || wouldChange(next))) {
          throw new FivetranError({
            message:
              `${creation.reason} The group has no connection ${spec.name}, but one named ${existing.schema}: ` +
              `${existing.id}. Whether it is the same one cannot be determined, so it was left unchanged.`,
            shortReason: 'the name is taken',
          });
        }
        const doubt = `It is unknown whether this step created connection ${existing.id}.`;
        if (next.action === 'refuse') {
          const sentences = [
            creation.reason,
            next.message,
            ...(creation.isDoubtful ? [doubt] : []),
          ];
          throw new FivetranError({ ...next, message: sentences.join(' ') });
        }
        if (creation.isDoubtful) warn(context, doubt);
        state.inFlight = undefined;
        return apply(next, spec, context);
      }
      state.result = 'created';
      state.origin = creation.answered ? 'answered' : 'found';
      const { id } = observe(state, creation.connection);
      log(`Created connection ${id}.`);
      warnOfName(spec, context);
      if (!creation.answered) await runSetupTests(spec, context);
      break;
    }
    case 'update': {
      const { id } = observe(state, plan.connection);
      const fields = plan.fieldChanges.map(({ field }) => field).join(', ');
      log(`Connection ${id} already exists; updating ${fields}.`);
      warnOfName(spec, context);
      warnOfUnchangeable(spec, context);
      await update(plan, spec, context);
      state.result = 'updated';
      state.fieldChanges = plan.fieldChanges;
      break;
    }
    case 'reuse': {
      const { id } = observe(state, plan.connection);
      state.result = 'reused';
      log(
        spec.if_exists === 'update'
          ? `Connection ${id} already exists and is up to date.`
          : `Connection ${id} already exists; using it unchanged.`,
      );
      warnOfName(spec, context);
      if (spec.if_exists === 'update') warnOfUnchangeable(spec, context);
      await runSetupTests(spec, context);
      break;
    }
    case 'refuse':
      throw new FivetranError(plan);
    default:
      plan satisfies never;
  }
  await rerunSetupTests(spec, context);
  await requestConnectCard(spec, context);
}

function warnOfName({ name }: PresentSpec, context: Context): void {
  const answered = context.state.connection?.schema;
  if (name === undefined || answered === undefined || answered === name) return;
  warn(context, nameDiffers(name, answered));
}

/** The warning about a connection that Fivetran named differently than `config` does. */
export const nameDiffers = (name: string, answered: string): string =>
  `Fivetran named the connection ${answered}, not ${name}. Use that name to find it in the destination.`;

function warnOfUnchangeable(spec: PresentSpec, context: Context): void {
  const { connection } = context.state;
  if (!connection) return;
  for (const { field, from, to } of unchangeable(spec, connection))
    warn(context, cannotChange(field, from, to));
}

/** The warning about a field that differs and that Fivetran accepts on create only. */
export const cannotChange = (field: string, from: unknown, to: unknown): string =>
  `${field} stays ${from}: it can only be set when a connection is created, so ${to} has no effect.`;
