import { namingFieldsOf, sameName } from '../fivetran/connection-name.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { AbsentSpec, CreateRequest, PresentSpec, RequestFields } from '../inputs/spec.ts';
import { isMapping, valueAt } from '../text/mapping.ts';
import { type Change, changesOf, differingFields } from './diff.ts';

/** What to do about one connection. */
export type Plan =
  | { action: 'create'; request: CreateRequest }
  | { action: 'update'; connection: Connection; patch: RequestFields; changes: Change[] }
  | { action: 'reuse'; connection: Connection }
  | { action: 'delete'; connection: Connection }
  | { action: 'nothing' }
  | {
      action: 'refuse';
      connection: Connection | undefined;
      reason: string;
      /** The reason in a few words, and what to do about it. */
      brief?: string;
      hint?: string;
    };

type PlanTo<Action extends Plan['action']> = Extract<Plan, { action: Action }>;
type PresentPlan = PlanTo<'create' | 'update' | 'reuse' | 'refuse'>;
type AbsentPlan = PlanTo<'delete' | 'nothing' | 'refuse'>;

/** Plans how to bring a connection to its spec, given the existing connection. */
export function planPresent(spec: PresentSpec, existing?: Connection): PresentPlan {
  if (!existing) {
    const isTested = spec.request.run_setup_tests !== false;
    return isTested || !spec.selection
      ? { action: 'create', request: createRequest(spec) }
      : refusal(
          undefined,
          'The connection does not exist, and one with schemas cannot be created with run_setup_tests: false.',
        );
  }
  const { id, service } = existing;
  if (service !== undefined && service !== spec.service) {
    return refusal(
      existing,
      `The group already has a connection of this name, ${id}, whose service is ${service}, not ` +
        `${spec.service}.`,
      {
        brief: 'the name is taken',
        hint: 'Choose another name in config, or delete that connection.',
      },
    );
  }
  if (spec.if_exists === 'fail') {
    return refusal(existing, `The group already has a connection of this name: ${id}.`, {
      brief: 'the name is taken',
      hint: 'Set if_exists to reuse or update, choose another name in config, or delete that connection.',
    });
  }
  const { patch, changes } =
    spec.if_exists === 'update' ? difference(spec, existing) : noDifference;
  return changes.length > 0
    ? { action: 'update', connection: existing, patch, changes }
    : { action: 'reuse', connection: existing };
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
    return refusal(
      existing,
      `Connection ${id} is not the one to delete: its ${field} is ${found[field] ?? 'unknown'}, but the ` +
        `step expects ${expected}.`,
    );
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

const noDifference = { patch: {}, changes: [] as Change[] };

/** What an update sends. Every PATCH interrupts a running sync, so equal fields are left out. */
function difference(
  spec: PresentSpec,
  { answer }: Connection,
): { patch: RequestFields; changes: Change[] } {
  const { config = {}, auth = {}, ...wanted } = omit(spec.request, [...createOnly, ...testsOnly]);
  // A connection with a selection is unpaused once the selection is applied, not before.
  if (spec.selection && wanted.paused === false) delete wanted.paused;
  const fields = differingFields(wanted, answer);
  const patch: Record<string, unknown> = pick(wanted, fields);
  const changes = changesOf(fields, wanted, answer);
  for (const [part, values] of [
    ['config', omit(config, namingFieldsOf(spec.request.config))],
    ['auth', auth],
  ] as const) {
    const actual = mappingIn(answer, part);
    const differing = differingFields(values as Record<string, unknown>, actual);
    if (differing.length === 0) continue;
    patch[part] = pick(values as Record<string, unknown>, differing);
    changes.push(...changesOf(differing, values as Record<string, unknown>, actual, `${part}.`));
  }
  return { patch: { ...patch, ...pick(spec.request, testsOnly) }, changes };
}

/** Whether a plan needs the connection's `config`, which the list endpoint may leave out. */
export const needsConfig = ({ request, if_exists }: PresentSpec, { answer }: Connection): boolean =>
  if_exists === 'update' &&
  !isMapping(answer.config) &&
  Object.keys(omit(request.config ?? {}, namingFieldsOf(request.config))).length > 0;

/** The create-only fields whose value differs; they can no longer be changed. */
export const unchangeable = ({ request }: PresentSpec, { answer }: Connection): Change[] => {
  const wanted = pick(request, ['destination_schema_names']);
  const known = Object.keys(wanted).filter((field) => valueAt(answer, field) != null);
  return changesOf(differingFields(pick(wanted, known), answer), wanted, answer);
};

const refusal = (
  connection: Connection | undefined,
  reason: string,
  parts: { brief?: string; hint?: string } = {},
): PlanTo<'refuse'> => ({ action: 'refuse', connection, reason, ...parts });

const isSame = (field: string, expected: string | undefined, found: string | undefined): boolean =>
  expected !== undefined &&
  found !== undefined &&
  (field === 'name' ? sameName(expected, found) : expected === found);

const mappingIn = (answer: Record<string, unknown>, field: string): Record<string, unknown> => {
  const value = valueAt(answer, field);
  return isMapping(value) ? value : {};
};

const omit = <T extends object>(fields: T, names: readonly string[]): Partial<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => !names.includes(name)),
  ) as Partial<T>;

const pick = (fields: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
