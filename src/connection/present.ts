import { FivetranError } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { PresentSpec } from '../inputs/spec.ts';
import { sendUpdate } from './changes.ts';
import { create } from './create.ts';
import { findByName } from './find.ts';
import { type ExistingPlan, planExisting, planPresent } from './plan/plan.ts';
import { needsConfig, unchangeable } from './plan/request-diff.ts';
import { type Context, observe, warn } from './state.ts';

/** A connection that exists as its spec says, and whether Fivetran has tested it since. */
export type Present = { connection: Connection; isTested: boolean };

/**
 * Makes the connection exist as its spec says.
 *
 * @throws FivetranError when that fails; `ctx.state` then holds the last known state
 */
export async function present(spec: PresentSpec, ctx: Context): Promise<Present> {
  const existing = spec.if_exists === 'fail' ? undefined : await observeByName(spec, ctx);
  const plan = planPresent(spec, existing);
  if (plan.action !== 'create') return useExisting(plan, spec, ctx);
  const creation = await create(spec, plan.request, ctx);
  if (creation.kind === 'created') return takeNew(creation, spec, ctx);
  const taken = (await withConfig(creation.connection, spec, ctx)) ?? creation.connection;
  const next = planExisting(spec, taken);
  const doubt = `It is unknown whether this step created connection ${taken.id}.`;
  if (next.action === 'refuse') {
    const refused = new FivetranError(next).after(`${creation.error.message} `);
    throw creation.mayBeOurs ? refused.followedBy(doubt).withHint(goOn) : refused;
  }
  if (creation.mayBeOurs) warn(doubt, ctx);
  ctx.state.inFlight = undefined;
  return useExisting(next, spec, ctx);
}

const goOn =
  'Look at it in the Fivetran dashboard. To go on with it, run the step again with if_exists: update.';

/** Looks for the connection that the spec names, and reads what a plan needs of it. */
export async function observeByName(
  spec: PresentSpec,
  ctx: Pick<Context, 'fivetran'>,
): Promise<Connection | undefined> {
  const { connection } = await findByName(spec, ctx.fivetran);
  return connection && withConfig(connection, spec, ctx);
}

/** A connection from a list, read on its own if a plan needs more of it; undefined if it is gone. */
const withConfig = async (
  connection: Connection,
  spec: PresentSpec,
  { fivetran }: Pick<Context, 'fivetran'>,
): Promise<Connection | undefined> =>
  needsConfig(spec, connection) ? fivetran.get(connection.id) : connection;

/** Takes over a connection that this step created. One that was found has not told its tests yet. */
function takeNew(
  creation: { connection: Connection; origin: 'answered' | 'found' },
  spec: PresentSpec,
  ctx: Context,
): Present {
  const { state, log } = ctx;
  state.result = 'created';
  state.origin = creation.origin;
  const connection = observe(creation.connection, ctx);
  log(`Created connection ${connection.id}.`);
  warnOfName(connection, spec, ctx);
  const { paused } = spec.request;
  if (connection.isPaused && paused === undefined && !spec.selection && !spec.wait_for_sync) {
    warn(
      `Fivetran created connection ${connection.id} paused. Set paused: false to let it sync.`,
      ctx,
    );
  }
  return { connection, isTested: creation.origin === 'answered' };
}

/** Carries out a plan for a connection that existed before. */
async function useExisting(plan: ExistingPlan, spec: PresentSpec, ctx: Context): Promise<Present> {
  if (plan.action === 'refuse') throw new FivetranError(plan);
  const { state, log } = ctx;
  const connection = observe(plan.connection, ctx);
  const { id } = connection;
  if (plan.action === 'update') {
    log(`Connection ${id} already exists; updating ${namesOf(plan)}.`);
  } else {
    state.result = 'reused';
    log(
      spec.if_exists === 'update'
        ? `Connection ${id} already exists and is up to date.`
        : `Connection ${id} already exists; using it unchanged.`,
    );
  }
  warnOfName(connection, spec, ctx);
  if (spec.if_exists === 'update') {
    for (const { field, from, to } of unchangeable(spec, connection)) {
      warn(cannotChange(field, from, to), ctx);
    }
  }
  return plan.action === 'update' ? update(plan, spec, ctx) : { connection, isTested: false };
}

type Update = Extract<ExistingPlan, { action: 'update' }>;

const namesOf = ({ fieldChanges }: Update): string =>
  fieldChanges.map(({ field }) => field).join(', ');

/**
 * Patches a connection. After an unanswered patch, continues if it was applied.
 *
 * @throws FivetranError when it was not, or when that cannot be verified
 */
async function update(plan: Update, spec: PresentSpec, ctx: Context): Promise<Present> {
  const { state, log } = ctx;
  const { id } = plan.connection;
  const { connection, error } = await sendUpdate(id, { fields: plan.patch }, ctx);
  if (error) {
    const rest = planExisting(spec, connection);
    if (rest.action === 'update') {
      const visible = rest.fieldChanges.filter(({ isSecret }) => !isSecret);
      if (visible.length === 0) {
        throw error.followedBy(
          'The fields that Fivetran returns match the spec; the others cannot be verified.',
        );
      }
      state.inFlight = undefined;
      const names = visible.map(({ field }) => field).join(', ');
      throw error.settledBy(
        `These fields still differed when the connection was read afterwards: ${names}. The update may still take effect.`,
      );
    }
    state.inFlight = undefined;
    log(`The update of connection ${id} was applied.`);
  }
  state.result = 'updated';
  state.fieldChanges = plan.fieldChanges;
  return { connection, isTested: error === undefined };
}

function warnOfName({ schema }: Connection, { name }: PresentSpec, ctx: Context): void {
  if (name !== undefined && schema !== undefined && schema !== name) {
    warn(nameDiffers(name, schema), ctx);
  }
}

/** The warning about a connection that Fivetran named differently than `config` does. */
export const nameDiffers = (name: string, actual: string): string =>
  `Fivetran named the connection ${actual}, not ${name}. Use that name to find it in the destination.`;

/** The warning about a field that differs and that Fivetran accepts on create only. */
export const cannotChange = (field: string, from: unknown, to: unknown): string =>
  `${field} stays ${from}: it can only be set when a connection is created, so ${to} has no effect.`;
