import { namingFieldsOf } from '../../fivetran/connection-name.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { CreateRequest, PresentSpec, RequestFields } from '../../inputs/spec.ts';
import { asMapping, isMapping, omit, pick } from '../../text/mapping.ts';
import { type FieldChange, fieldChanges } from './diff.ts';
import { isEmpty } from './matches.ts';

/** The create request of a spec. With a selection, the connection stays paused until it is applied. */
export const createRequest = ({ request, selection }: PresentSpec): CreateRequest =>
  selection ? { ...request, paused: true } : request;

/** Fields that Fivetran accepts on create only. */
const createOnly = ['group_id', 'service', 'destination_schema_names', 'connect_card_config'];
/** Options of the setup tests; Fivetran refuses a patch that has no other fields. */
const testsOnly = ['run_setup_tests', 'trust_certificates', 'trust_fingerprints'];

/** Fields that `schedule` wins over, so that what Fivetran returns for them follows from it. */
const overridden = ({ schedule }: RequestFields): string[] =>
  schedule === undefined ? [] : ['sync_frequency', 'daily_sync_time'];

/** The fields in which an existing connection differs from what the spec asks for. */
export function changesTo({ raw }: Connection, spec: PresentSpec): FieldChange[] {
  const { request, selection, update_secrets, variables } = spec;
  const {
    config = {},
    auth = {},
    ...wanted
  } = omit(request, [...createOnly, ...testsOnly, ...overridden(request)]);
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

/** The change of a connection that is unpaused once its selection is applied. */
export const unpausing: FieldChange = { field: 'paused', from: true, to: false, shown: 'values' };

/**
 * The body of an update: the fields that differ, and nothing else, because every PATCH interrupts a
 * running sync. Fivetran takes the trust flags only beside `run_setup_tests: true`.
 */
export function patchOf(changes: readonly FieldChange[], { request }: PresentSpec): RequestFields {
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
export function differencesFromRequest(
  spec: PresentSpec,
  { raw }: Connection,
): { different: string[]; missing: string[] } {
  const { config = {}, ...request } = createRequest(spec);
  const unreadable = [
    'auth',
    'schedule',
    'connect_card_config',
    ...testsOnly,
    ...overridden(request),
  ];
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
