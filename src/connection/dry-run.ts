import type { Connection } from '../fivetran/responses/connection.ts';
import type { ConnectionSpec, PresentSpec } from '../inputs/spec.ts';
import { pluralize } from '../text/format.ts';
import { observeAndPlan } from './absent.ts';
import { checkConnector, groupRead, metadataRead, readable } from './metadata/connector.ts';
import { typeVariables } from './metadata/variables.ts';
import type { FieldChange } from './plan/diff.ts';
import { expectedAfter, followUps } from './plan/follow-ups.ts';
import { type Plan, type PresentPlan, planPresent } from './plan/plan.ts';
import { unchangeable, unpausing } from './plan/request-diff.ts';
import { countSentAgain } from './plan/sent-again.ts';
import { cannotChange, nameDiffers, observeByName } from './present.ts';
import type { DryRun } from './results.ts';
import { planSelection } from './selection/plan.ts';
import { type Context, observe } from './state.ts';

/**
 * Checks what can be checked without changing anything, and records in `ctx.state.dryRun` what a real
 * run would do. What follows the plan is decided by the same functions as in a real run.
 *
 * @throws FivetranError when Fivetran does not answer, or refuses a read
 */
export async function dryRun(spec: ConnectionSpec, ctx: Context): Promise<void> {
  const found: DryRun = {
    plan: 'nothing',
    steps: [],
    fieldChanges: [],
    problems: [],
    warnings: [],
  };
  ctx.state.dryRun = found;
  if (spec.state === 'absent') {
    const { plan, warning } = await observeAndPlan(spec, ctx);
    if (warning) found.warnings.push(warning);
    describe(plan, found, ctx);
  } else {
    await dryRunPresent(spec, found, ctx);
  }
}

async function dryRunPresent(given: PresentSpec, found: DryRun, ctx: Context): Promise<void> {
  const { fivetran } = ctx;
  const { group_id, service } = given;
  const reading = { spec: given, found, ctx };
  const group = await readable(fivetran.group(group_id), groupRead, reading);
  const connector = await readable(fivetran.connectorType(service), metadataRead, reading);
  if (group === 'unknown') {
    found.plan = 'refuse';
    return;
  }
  const spec = typeof connector === 'object' ? await typeVariables(given, ctx) : given;
  const existing = await observeByName(spec, ctx);
  if (typeof connector === 'object') checkConnector(spec, { connector, existing, found });
  if (!existing && connector === 'unknown') {
    found.plan = 'refuse';
    return;
  }
  const plan = planPresent(spec, existing);
  describe(plan, found, ctx);
  warnOfNewName(spec, existing, found);
  if (existing && spec.if_exists === 'update') {
    for (const { field, from, to } of unchangeable(spec, existing)) {
      found.warnings.push(cannotChange(field, from, to));
    }
  }
  if (plan.action !== 'refuse') await foretell(plan, spec, { existing, found, ctx });
}

type Foretelling = { existing: Connection | undefined; found: DryRun; ctx: Context };

/** Adds what follows the plan: the setup tests, the selection, unpausing, and the sync. */
async function foretell(
  plan: Exclude<PresentPlan, { action: 'refuse' }>,
  spec: PresentSpec,
  { existing, found, ctx }: Foretelling,
): Promise<void> {
  const { steps, problems, warnings } = found;
  const expected = expectedAfter(plan, spec);
  const follow = followUps(spec, expected);
  if (follow.runsTests) steps.push('Run the setup tests.');
  if (existing) warnOfState(existing, { spec, follow, found });
  const isBlocked = existing !== undefined && spec.selection && !follow.appliesSelection;
  if (isBlocked) warnings.push(notApplied(existing));
  const selection = await planSelection(
    isBlocked ? { ...spec, selection: undefined } : spec,
    existing,
    ctx,
  );
  steps.push(...selection.steps);
  problems.push(...selection.problems);
  warnings.push(...selection.warnings);
  ctx.state.selectionChanges = selection.changes;
  if (existing && plan.action === 'reuse' && (follow.unpauses || selection.steps.length > 0)) {
    found.plan = 'update';
    // The connection is not used unchanged.
    steps.shift();
  }
  if (follow.unpauses && spec.selection) {
    steps.push(existing ? `Unpause connection ${existing.id}.` : 'Unpause the connection.');
    if (existing) found.fieldChanges.push(unpausing);
  }
  // A selection that cannot be applied ends the real run before its sync.
  if (!spec.wait_for_sync || selection.problems.length > 0) return;
  if (follow.blocksSync !== undefined && existing) {
    problems.push(`Connection ${existing.id} cannot sync: ${follow.blocksSync}.`);
    return;
  }
  const minutes = pluralize(spec.wait_for_sync.timeoutMinutes, 'minute');
  steps.push(`Start a sync and wait up to ${minutes} until it has succeeded.`);
}

const notApplied = ({ id }: Connection): string =>
  `The selection of schemas will not be applied, because the setup of connection ${id} has not ` +
  'succeeded, and run_setup_tests: false leaves it untested.';

/** Tells of a state that a real run would find, and what it would make of it. */
function warnOfState(
  { id, isPaused, status: { setup_state } }: Connection,
  {
    spec,
    follow,
    found,
  }: { spec: PresentSpec; follow: ReturnType<typeof followUps>; found: DryRun },
): void {
  const { problems, warnings } = found;
  if (setup_state === 'incomplete') warnings.push(`The setup of connection ${id} is incomplete.`);
  if (setup_state === 'broken') {
    if (follow.runsTests) warnings.push(`The setup of connection ${id} is broken.`);
    else {
      problems.push(
        `The setup of connection ${id} is broken, and run_setup_tests: false leaves it untested.`,
      );
    }
  }
  if (isPaused && spec.request.paused === undefined && !follow.unpauses) {
    warnings.push(`Connection ${id} is paused. Set paused to say whether it should be.`);
  }
}

/** Adds the plan to the steps, changes and problems of a dry run. */
function describe(plan: Plan, found: DryRun, ctx: Context): void {
  found.plan = plan.action;
  if ('connection' in plan && plan.connection) observe(plan.connection, ctx);
  switch (plan.action) {
    case 'create':
      found.steps.push(`Create ${ctx.state.subject.replace(/^The /, 'the ')}.`);
      return;
    case 'update':
      found.steps.push(updateStep(plan.fieldChanges, plan.connection));
      found.fieldChanges.push(...plan.fieldChanges);
      return;
    case 'reuse':
      found.steps.push(`Use connection ${plan.connection.id} unchanged.`);
      return;
    case 'delete':
      found.steps.push(`Delete connection ${plan.connection.id}.`);
      return;
    case 'nothing':
      found.steps.push('Nothing to do: the connection does not exist.');
      return;
    case 'refuse':
      found.problems.push([plan.message, plan.hint].filter(Boolean).join(' '));
      return;
    default:
      plan satisfies never;
  }
}

/** Says what an update changes, and apart from that what it only sends again. */
function updateStep(changes: readonly FieldChange[], { id }: Connection): string {
  const changed = changes.filter(({ shown }) => shown !== 'sent-again').length;
  const fields = pluralize(changed, 'field');
  const again = countSentAgain(changes);
  if (again === '') return `Update ${fields} of connection ${id}.`;
  if (changed === 0) return `Send ${again} of connection ${id} again.`;
  return `Update ${fields} of connection ${id}, and send ${again} again.`;
}

function warnOfNewName(
  { name, normalizedName }: PresentSpec,
  existing: Connection | undefined,
  found: DryRun,
): void {
  if (name === undefined) return;
  if (existing?.schema !== undefined) {
    if (existing.schema !== name) found.warnings.push(nameDiffers(name, existing.schema));
  } else if (normalizedName !== name) {
    found.warnings.push(
      `Fivetran will name the connection ${normalizedName}, not ${name}: names consist of lower-case letters, digits, and underscores.`,
    );
  }
}
