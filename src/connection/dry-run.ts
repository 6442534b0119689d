import { RefusedError } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { ConnectorType } from '../fivetran/responses/connector-type.ts';
import type { ConnectionSpec, PresentSpec } from '../inputs/spec.ts';
import { pluralize } from '../text/format.ts';
import { observeAndPlan } from './absent.ts';
import { expectedAfter, followUps } from './follow-ups.ts';
import { checkFields, isAvailable } from './metadata/check.ts';
import { typeVariables } from './metadata/variables.ts';
import { type Plan, type PresentPlan, planPresent, unchangeable } from './plan.ts';
import { cannotChange, nameDiffers, observeByName } from './present.ts';
import { explainRefusal } from './refusals.ts';
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
  warnOfName(spec, existing, found);
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
    const update = `Update the selection of connection ${existing.id}.`;
    steps.splice(0, 1, ...(selection.steps.length > 0 ? [update] : []));
  }
  if (follow.unpauses && spec.selection) {
    steps.push(existing ? `Unpause connection ${existing.id}.` : 'Unpause the connection.');
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
      found.steps.push(
        `Update ${pluralize(plan.fieldChanges.length, 'field')} of connection ${plan.connection.id}.`,
      );
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

function checkConnector(
  spec: PresentSpec,
  {
    connector,
    existing,
    found,
  }: { connector: ConnectorType; existing: Connection | undefined; found: DryRun },
): void {
  const stage = connector.service_status;
  if (stage && !isAvailable(stage)) {
    found.warnings.push(
      `Service ${spec.service} is not generally available (${stage.replaceAll('_', ' ')}).`,
    );
  }
  if (!existing && needsConnectCard(spec, connector)) {
    found.warnings.push(
      `Service ${spec.service} cannot be authorized through the API. Finish the setup with a connect ` +
        'card (input connect_card_config) or in the dashboard.',
    );
  }
  const { problems, warnings } = checkFields(spec, connector, { isComplete: !existing });
  found.problems.push(...problems);
  found.warnings.push(...warnings);
}

/** Whether only a person can authorize the connector: it uses OAuth, and not through the API. */
const needsConnectCard = ({ request }: PresentSpec, connector: ConnectorType): boolean =>
  Object.keys(connector.auth.properties).some((field) => oauthFields.includes(field)) &&
  connector.supported_features.length > 0 &&
  !connector.supported_features.some(({ id }) => id === 'AUTHORIZATION_VIA_API') &&
  request.connect_card_config === undefined;

const oauthFields = ['client_access', 'refresh_token', 'access_token'];

function warnOfName(
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

/** What a read is for, and the permission of a system key that allows it. */
type Read = { permission: string; unchecked: string };
const groupRead: Read = { permission: 'DESTINATION READ', unchecked: 'whether the group exists' };
const metadataRead: Read = {
  permission: 'ACCOUNT READ',
  unchecked: 'the fields of config and auth',
};

/**
 * What a read returned. `unknown`: Fivetran does not know the group or service, which is a problem.
 * `unchecked`: the API key may not read it, which is a warning.
 */
async function readable<T>(
  response: Promise<T>,
  { permission, unchecked }: Read,
  { spec, found, ctx }: { spec: PresentSpec; found: DryRun; ctx: Context },
): Promise<T | 'unknown' | 'unchecked'> {
  try {
    return await response;
  } catch (error) {
    if (!(error instanceof RefusedError) || ![403, 404].includes(error.status)) throw error;
    if (error.status === 403) {
      found.warnings.push(
        `${error.message} So ${unchecked} was not checked. A system key needs the permission ${permission} for it.`,
      );
      return 'unchecked';
    }
    const { message, hint } = await explainRefusal(error, spec, ctx);
    found.problems.push([message, hint].filter(Boolean).join(' '));
    return 'unknown';
  }
}
