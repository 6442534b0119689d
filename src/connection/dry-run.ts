import { RefusedError } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { ConnectorType } from '../fivetran/responses/connector-type.ts';
import type { ConnectionSpec, PresentSpec } from '../inputs/spec.ts';
import { pluralize } from '../text/format.ts';
import { observeAndPlan } from './absent.ts';
import { findByPlainName } from './find.ts';
import { checkFields, isAvailable } from './metadata-check.ts';
import { type Plan, planPresent, unchangeable } from './plan.ts';
import { cannotChange, nameDiffers, observeByName } from './present.ts';
import type { DryRun } from './results.ts';
import { planSelection } from './selection/plan.ts';
import { type Context, observe } from './state.ts';
import { planSync } from './sync/plan.ts';
import { willUnpause } from './will-unpause.ts';

/**
 * Checks what can be checked without changing anything, and records in `context.state.dryRun` what a
 * real run would do.
 *
 * @throws FivetranError when Fivetran does not answer, or refuses a read
 */
export async function dryRun(spec: ConnectionSpec, context: Context): Promise<void> {
  const found: DryRun = { action: 'nothing', steps: [], changes: [], problems: [], warnings: [] };
  context.state.dryRun = found;
  if (spec.state === 'absent') {
    describe(await observeAndPlan(spec, context), found, context);
    return;
  }
  const { fivetran } = context;
  const group = await unlessRefused(fivetran.group(spec.group_id), found);
  const connector = await unlessRefused(fivetran.connectorType(spec.service), found);
  const existing = group
    ? ((await observeByName(spec, context)) ?? (await observeByPlainName(spec, context)))
    : undefined;
  if (connector) checkConnector(spec, connector, existing, found);
  if (!existing && !(group && connector)) {
    found.action = 'refuse';
    return;
  }
  describe(planPresent(spec, existing), found, context);
  warnOfName(spec, existing, found);
  if (existing && spec.if_exists === 'update') {
    for (const { field, from, to } of unchangeable(spec, existing)) {
      found.warnings.push(cannotChange(field, from, to));
    }
  }
  if (found.action === 'refuse') return;
  if (spec.request.run_setup_tests !== false) found.steps.push('Run the setup tests.');
  const selection = await planSelection(spec, existing, context);
  for (const part of ['steps', 'problems', 'warnings'] as const) {
    found[part].push(...selection[part]);
  }
  const unpauses = existing && willUnpause(spec, existing);
  if (existing && found.action === 'reuse' && (unpauses || selection.steps.length > 0)) {
    found.action = 'update';
    const update = `Update the selection of connection ${existing.id}.`;
    found.steps.splice(0, 1, ...(selection.steps.length > 0 ? [update] : []));
  }
  if (unpauses) found.steps.push(`Unpause connection ${existing.id}.`);
  if (!existing && spec.selection && spec.request.paused !== true) {
    found.steps.push('Unpause the connection.');
  }
  planSync(spec, existing, found);
}

/** The connection that a create would be refused for, because its service ignores a naming field. */
async function observeByPlainName(
  spec: PresentSpec,
  { fivetran }: Context,
): Promise<Connection | undefined> {
  const { connection, isCertain } = await findByPlainName(spec, fivetran);
  return isCertain ? connection : undefined;
}

/** Adds the plan to the steps, changes and problems of a dry run. */
function describe(plan: Plan, found: DryRun, { state }: Context): void {
  found.action = plan.action;
  if ('connection' in plan && plan.connection) observe(state, plan.connection);
  switch (plan.action) {
    case 'create':
      found.steps.push(`Create ${state.subject.replace(/^The /, 'the ')}.`);
      return;
    case 'update':
      found.steps.push(
        `Update ${pluralize(plan.changes.length, 'field')} of connection ${plan.connection.id}.`,
      );
      found.changes.push(...plan.changes);
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
      found.problems.push([plan.reason, plan.hint].filter(Boolean).join(' '));
      return;
    default:
      plan satisfies never;
  }
}

function checkConnector(
  spec: PresentSpec,
  connector: ConnectorType,
  existing: Connection | undefined,
  found: DryRun,
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
  const { problems, warnings } = checkFields(spec.request, connector, { isComplete: !existing });
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
      `Fivetran will name the connection ${normalizedName}, not ${name}: names consist of lower-case letters, digits and underscores.`,
    );
  }
}

/** A group or service that Fivetran does not know is a problem; any other error ends the dry run. */
async function unlessRefused<T>(answer: Promise<T>, found: DryRun): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof RefusedError && error.status === 404)) throw error;
    found.problems.push(error.message);
    return undefined;
  }
}
