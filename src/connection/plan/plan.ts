import { sameName } from '../../fivetran/connection-name.ts';
import type { Failure } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { AbsentSpec, CreateRequest, PresentSpec, RequestFields } from '../../inputs/spec.ts';
import type { FieldChange } from './diff.ts';
import { changesTo, createRequest, patchOf } from './request-diff.ts';

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
export function planAbsent(
  { target, expect, source }: AbsentSpec,
  existing?: Connection,
): AbsentPlan {
  if (!existing) return { action: 'nothing' };
  const { id, schema, service, group_id } = existing;
  if (id === source) {
    return refusal(existing, {
      message: `Connection ${id} is the one that copy_from names, so it is not deleted.`,
      shortReason: 'the source of the copy',
      hint: 'Name the copy in config or connection_id, or remove copy_from.',
    });
  }
  const found = { name: schema, service, group_id };
  const wanted = { ...(target.kind === 'name' && target), ...expect };
  for (const field of ['name', 'service', 'group_id'] as const) {
    const expected = wanted[field];
    const forms = field === 'name' ? [expected, wanted.normalizedName] : [expected];
    if (expected === undefined || forms.some((form) => isExpected(field, form, found[field])))
      continue;
    return refusal(existing, {
      message:
        `Connection ${id} is not the one to delete: its ${field} is ${found[field] ?? 'unknown'}, but the ` +
        `step expects ${expected}.`,
      shortReason: `another ${field}`,
    });
  }
  return { action: 'delete', connection: existing };
}

const refusal = (connection: Connection | undefined, failure: Failure): PlanTo<'refuse'> => ({
  action: 'refuse',
  connection,
  ...failure,
});

const isExpected = (
  field: string,
  expected: string | undefined,
  found: string | undefined,
): boolean =>
  expected !== undefined &&
  found !== undefined &&
  (field === 'name' ? sameName(expected, found) : expected === found);
