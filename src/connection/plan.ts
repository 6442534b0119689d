import { namingFieldsOf, sameName } from '../fivetran/connection-name.ts';
import type { Failure } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { AbsentSpec, CreateRequest, PresentSpec, RequestFields } from '../inputs/spec.ts';
import { asMapping, isMapping, omit, pick } from '../text/mapping.ts';
import { type FieldChange, fieldChanges } from './diff.ts';
import { isEmpty } from './matches.ts';

/** What to do about one connection. */
export type Plan =
  | { action: 'create'; request: CreateRequest }
  | {
      action: 'update';
      connection: Connection;
      patch: RequestFields;
      fieldChanges: FieldChange[];
    }
  | { action: 'reuse'; connection: Connection }
  | { action: 'delete'; connection: Connection }
  | { action: 'nothing' }
  | ({ action: 'refuse'; connection: Connection | undefined } & Failure);

type PlanTo<Action extends Plan['action']> = Extract<Plan, { action: Action }>;
type CreatePlan = PlanTo<'create' | 'refuse'>;
/** What to do about a connection that exists. */
export type ExistingPlan = PlanTo<'update' | 'reuse' | 'refuse'>;
export type PresentPlan = CreatePlan | ExistingPlan;
type AbsentPlan = PlanTo<'delete' | 'nothing' | 'refuse'>;

/** Plans how to bring a connection to its spec, given the existing connection. */
export const planPresent = (spec: PresentSpec, existing?: Connection): PresentPlan =>
  existing ? planExisting(spec, existing) : planCreate(spec);

function planCreate(spec: PresentSpec): CreatePlan {
  const against = reasonAgainstCreate(spec);
  return against ? refusal(undefined, against) : { action: 'create', request: createRequest(spec) };
}

/** Plans what to do about a connection that exists under the spec's name. */
export function planExisting(spec: PresentSpec, existing: Connection): ExistingPlan {
  const { id, service } = existing;
  if (service !== undefined && service !== spec.service) {
    return refusal(existing, {
      message:
        `The group already has a connection of this name, ${id}, whose service is ${service}, not ` +
        `${spec.service}.`,
      shortReason: 'the name is taken',
      hint: 'Choose another name in config, or delete that connection.',
    });
  }
  if (spec.if_exists === 'fail') {
    return refusal(existing, {
      message: `The group already has a connection of this name: ${id}.`,
      shortReason: 'the name is taken',
      hint: 'Set if_exists to reuse or update, choose another name in config, or delete that connection.',
    });
  }
  const changes = spec.if_exists === 'update' ? changesTo(existing, spec) : [];
  return changes.length > 0
    ? {
        action: 'update',
        connection: existing,
        patch: patchOf(changes, spec),
        fieldChanges: changes,
      }
    : { action: 'reuse', connection: existing };
}

/** Why a connection that does not exist cannot become what the spec asks for. */
function reasonAgainstCreate({
  request,
  selection,
  wait_for_sync,
}: PresentSpec): Failure | undefined {
  if (request.run_setup_tests !== false) return undefined;
  const needs = selection ? 'schemas' : wait_for_sync ? 'wait_for_sync' : undefined;
  return (
    needs && {
      message: `The connection does not exist, and one with ${needs} cannot be created with run_setup_tests: false.`,
      shortReason: `${needs} needs setup tests`,
      hint: 'Remove run_setup_tests: false.',
    }
  );
}

/** Plans how to remove a connection. A field that Fivetran does not return is a mismatch. */
export function planAbsent({ target, expect }: AbsentSpec, existing?: Connection): AbsentPlan {
  if (!existing) return { action: 'nothing' };
  const { id, schema, service, group_id } = existing;
  const found = { name: schema, service, group_id };
  const wanted = { ...(target.kind === 'name' && target), ...expect };
  for (const field of ['name', 'service', 'group_id'] as const) {
    const expected = wanted[field];
    const forms = field === 'name' ? [expected, wanted.normalizedName] : [expected];
    if (expected === undefined || forms.some((form) => isSame(field, form, found[field]))) continue;
    return refusal(existing, {
      message:
        `Connection ${id} is not the one to delete: its ${field} is ${found[field] ?? 'unknown'}, but the ` +
        `step expects ${expected}.`,
      shortReason: `another ${field}`,
    });
  }
  return { action: 'delete', connection: existing };
}

/** The create request of a spec. With a selection, the connection stays paused until it is applied. */
export const createRequest = ({ request, selection }: PresentSpec): CreateRequest =>
  selection ? { ...request, paused: true } : request;

/** Fields that Fivetran accepts on create only. */
const createOnly = ['group_id', 'service', 'destination_schema_names', 'connect_card_config'];
/** Options of the setup tests; Fivetran refuses a patch that has no other fields. */
const testsOnly = ['run_setup_tests', 'trust_certificates', 'trust_fingerprints'];

/** How an existing connection differs from what the spec asks for. */
function changesTo({ raw }: Connection, spec: PresentSpec): FieldChange[] {
  const { request, selection, update_secrets, variables } = spec;
  const { config = {}, auth = {}, ...wanted } = omit(request, [...createOnly, ...testsOnly]);
  // A connection with a selection is unpaused once the selection is applied, not before.
  if (selection && wanted.paused === false) delete wanted.paused;
  const isHiddenIn =
    (...parents: string[]) =>
    (field: string): boolean =>
      variables.some(({ path }) => [...parents, field].every((step, at) => step === path[at]));
  const isUnseenSchedule = ({ field }: FieldChange): boolean =>
    field === 'schedule' && isEmpty(raw.schedule);
  const changes = [
    ...fieldChanges(wanted, raw, { isHidden: isHiddenIn() }).map(
      (change): FieldChange =>
        isUnseenSchedule(change) ? { ...change, shown: 'sent-again', isSecret: true } : change,
    ),
    ...fieldChanges(
      omit(asMapping(config), namingFieldsOf(request.config)),
      asMapping(raw.config),
      {
        prefix: 'config.',
        isHidden: isHiddenIn('config'),
      },
    ),
    ...fieldChanges(asMapping(auth), asMapping(raw.auth), { prefix: 'auth.', areSecret: true }),
  ];
  return update_secrets ? changes : changes.filter(({ isSecret }) => !isSecret);
}

/**
 * The body of an update: the fields that differ, and nothing else, because every PATCH interrupts a
 * running sync. Fivetran takes the trust flags only beside `run_setup_tests: true`.
 */
function patchOf(changes: readonly FieldChange[], { request }: PresentSpec): RequestFields {
  const patch: Record<string, unknown> = {};
  for (const { field, to } of changes) {
    const [, part, inner] = /^(config|auth)\.(.*)$/s.exec(field) ?? [];
    if (part === undefined || inner === undefined) patch[field] = to;
    else patch[part] = { ...asMapping(patch[part]), [inner]: to };
  }
  const { run_setup_tests, trust_certificates, trust_fingerprints } = request;
  const isTrusting = trust_certificates !== undefined || trust_fingerprints !== undefined;
  if (run_setup_tests === false) return { ...patch, run_setup_tests };
  return { ...patch, ...pick(request, testsOnly), ...(isTrusting && { run_setup_tests: true }) };
}

/** Whether a plan needs the connection's `config`, which the list endpoint may leave out. */
export const needsConfig = ({ request, if_exists }: PresentSpec, { raw }: Connection): boolean =>
  if_exists === 'update' &&
  !isMapping(raw.config) &&
  Object.keys(omit(request.config ?? {}, namingFieldsOf(request.config))).length > 0;

/** The create-only fields whose value differs; they can no longer be changed. */
export const unchangeable = ({ request }: PresentSpec, { raw }: Connection): FieldChange[] =>
  fieldChanges(pick(request, ['destination_schema_names']), raw).filter(
    ({ from }) => !isEmpty(from),
  );

/**
 * How a connection that was found by its name differs from a create request: the fields that it has
 * with another value, and those that it does not show. What only secrets make differ, and what no
 * response contains, does not count.
 */
export function compareWithRequest(
  spec: PresentSpec,
  { raw }: Connection,
): { different: string[]; missing: string[] } {
  const { config = {}, ...request } = createRequest(spec);
  const unreadable = ['auth', 'schedule', 'connect_card_config', ...testsOnly];
  // The connection was found by its name, so the fields that form it are right.
  const wantedConfig = omit(config, namingFieldsOf(config));
  const changes = [
    ...fieldChanges(omit(request, unreadable), raw),
    ...fieldChanges(wantedConfig, asMapping(raw.config), { prefix: 'config.' }),
  ].filter(({ isSecret }) => !isSecret);
  const namesOf = (isMissing: boolean): string[] =>
    changes.filter(({ from }) => isEmpty(from) === isMissing).map(({ field }) => field);
  return { different: namesOf(false), missing: namesOf(true) };
}

const refusal = (connection: Connection | undefined, failure: Failure): PlanTo<'refuse'> => ({
  action: 'refuse',
  connection,
  ...failure,
});

const isSame = (field: string, expected: string | undefined, found: string | undefined): boolean =>
  expected !== undefined &&
  found !== undefined &&
  (field === 'name' ? sameName(expected, found) : expected === found);
