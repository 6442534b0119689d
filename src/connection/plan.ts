import { namingFieldsOf, sameName } from '../fivetran/connection-name.ts';
import type { Failure } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { AbsentSpec, CreateRequest, PresentSpec, RequestFields } from '../inputs/spec.ts';
import { isMapping, valueAt } from '../text/mapping.ts';
import { changesOf, differingFields, type FieldChange } from './diff.ts';

/** What to do about one connection. */
export type Plan =
  | { action: 'create'; request: CreateRequest }
  | { action: 'update'; connection: Connection; patch: RequestFields; fieldChanges: FieldChange[] }
  | { action: 'reuse'; connection: Connection }
  | { action: 'delete'; connection: Connection }
  | { action: 'nothing' }
  | ({ action: 'refuse'; connection: Connection | undefined } & Failure);

type PlanTo<Action extends Plan['action']> = Extract<Plan, { action: Action }>;
type PresentPlan = PlanTo<'create' | 'update' | 'reuse' | 'refuse'>;
type AbsentPlan = PlanTo<'delete' | 'nothing' | 'refuse'>;

/** Plans how to bring a connection to its spec, given the existing connection. */
export function planPresent(spec: PresentSpec, existing?: Connection): PresentPlan {
  if (!existing) {
    const isTested = spec.request.run_setup_tests !== false;
    return isTested || !spec.selection
      ? { action: 'create', request: createRequest(spec) }
      : refusal(undefined, {
          message:
            'The connection does not exist, and one with schemas cannot be created with run_setup_tests: false.',
          shortReason: 'schemas need setup tests',
        });
  }
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
  const { patch, fieldChanges } =
    spec.if_exists === 'update' ? difference(spec, existing) : noDifference;
  return fieldChanges.length > 0
    ? { action: 'update', connection: existing, patch, fieldChanges }
    : { action: 'reuse', connection: existing };
}

/** Plans how to remove a connection. A field that Fivetran does not return is a mismatch. */
export function planAbsent({ target, expect }: AbsentSpec, existing?: Connection): AbsentPlan {
  if (!existing) return { action: 'nothing' };
  const { id, schema, service, group_id } = existing;
  const found = { name: schema, service, group_id };
  const wanted = { ...('name' in target && target), ...expect };
  for (const field of ['name', 'service', 'group_id'] as const) {
    const expected = wanted[field];
    if (expected === undefined || isSame(field, expected, found[field])) continue;
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

const noDifference = { patch: {}, fieldChanges: [] as FieldChange[] };

/** What an update sends. Every PATCH interrupts a running sync, so equal fields are left out. */
function difference(
  spec: PresentSpec,
  { raw }: Connection,
): { patch: RequestFields; fieldChanges: FieldChange[] } {
  const { config = {}, auth = {}, ...wanted } = omit(spec.request, [...createOnly, ...testsOnly]);
  // A connection with a selection is unpaused once the selection is applied, not before.
  if (spec.selection && wanted.paused === false) delete wanted.paused;
  const fields = differingFields(wanted, raw);
  const patch: Record<string, unknown> = pick(wanted, fields);
  const fieldChanges = changesOf(fields, wanted, raw);
  for (const [part, values] of [
    ['config', omit(config, namingFieldsOf(spec.request.config))],
    ['auth', auth],
  ] as const) {
    const actual = mappingIn(raw, part);
    const differing = differingFields(values as Record<string, unknown>, actual);
    if (differing.length === 0) continue;
    patch[part] = pick(values as Record<string, unknown>, differing);
    fieldChanges.push(
      ...changesOf(differing, values as Record<string, unknown>, actual, `${part}.`),
    );
  }
  return { patch: { ...patch, ...pick(spec.request, testsOnly) }, fieldChanges };
}

/** Whether a plan needs the connection's `config`, which the list endpoint may leave out. */
export const needsConfig = ({ request, if_exists }: PresentSpec, { raw }: Connection): boolean =>
  if_exists === 'update' &&
  !isMapping(raw.config) &&
  Object.keys(omit(request.config ?? {}, namingFieldsOf(request.config))).length > 0;

/** The create-only fields whose value differs; they can no longer be changed. */
export const unchangeable = ({ request }: PresentSpec, { raw }: Connection): FieldChange[] => {
  const wanted = pick(request, ['destination_schema_names']);
  const known = Object.keys(wanted).filter((field) => valueAt(raw, field) != null);
  return changesOf(differingFields(pick(wanted, known), raw), wanted, raw);
};

const refusal = (connection: Connection | undefined, failure: Failure): PlanTo<'refuse'> => ({
  action: 'refuse',
  connection,
  ...failure,
});

const isSame = (field: string, expected: string, found: string | undefined): boolean =>
  found !== undefined && (field === 'name' ? sameName(expected, found) : expected === found);

const mappingIn = (raw: Record<string, unknown>, field: string): Record<string, unknown> => {
  const value = valueAt(raw, field);
  return isMapping(value) ? value : {};
};

const omit = <T extends object>(fields: T, names: readonly string[]): Partial<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => !names.includes(name)),
  ) as Partial<T>;

const pick = (fields: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
