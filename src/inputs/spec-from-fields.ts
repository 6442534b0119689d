import { connectionName } from '../fivetran/connection-name.ts';
import { connectionFields, requestFields, stepFields } from './fields/fields.ts';
import type { Layer } from './layer.ts';
import { toSelection } from './selection.ts';
import type { AbsentSpec, ConnectionSpec, CreateRequest, PresentSpec, Variable } from './spec.ts';

/** Creates a spec from fields; undefined when a required one is missing. */
export function specFrom(layer: Layer): ConnectionSpec | undefined {
  return layer.fields.state === 'absent' ? absentSpec(layer) : presentSpec(layer);
}

function presentSpec({ fields, schemas, variables }: Layer): PresentSpec | undefined {
  const { group_id, service, config, additional_fields } = fields;
  if (group_id === undefined || service === undefined) return undefined;
  const sent = Object.entries(fields).filter(
    ([field, value]) => Object.hasOwn(requestFields, field) && value !== undefined,
  );
  const request: CreateRequest = {
    ...Object.fromEntries(sent),
    ...additional_fields,
    group_id,
    service,
  };
  return {
    state: 'present',
    group_id,
    service,
    name: undefined,
    normalizedName: undefined,
    shortName: undefined,
    ...connectionName(config),
    request,
    variables: variables.flatMap(inRequest),
    update_secrets: stepFields.update_secrets.parse(fields.update_secrets),
    if_exists: connectionFields.if_exists.parse(fields.if_exists),
    on_failed_tests: connectionFields.on_failed_tests.parse(fields.on_failed_tests),
    trusted_fingerprints: fields.trusted_fingerprints ?? [],
    trusted_certificates: fields.trusted_certificates ?? [],
    selection: toSelection(fields.schema_change_handling, schemas),
    wait_for_sync: fields.wait_for_sync === true && {
      timeoutMinutes: stepFields.sync_timeout_minutes.parse(fields.sync_timeout_minutes),
    },
  };
}

/** A variable with its path in the request, which `additional_fields` is merged into. */
function inRequest({ path: [field, ...inner], untyped }: Variable): Variable[] {
  if (field === undefined) return [];
  if (field === 'additional_fields') return [{ path: inner, untyped }];
  return Object.hasOwn(requestFields, field) ? [{ path: [field, ...inner], untyped }] : [];
}

function absentSpec({ fields }: Layer): AbsentSpec | undefined {
  const { connection_id, group_id, service, config, copy_from } = fields;
  const source = copy_from === undefined ? {} : { source: copy_from };
  const name = connectionName(config);
  if (connection_id !== undefined) {
    const expect = {
      ...(service !== undefined && { service }),
      ...(group_id !== undefined && { group_id }),
      ...(name && { name: name.name, normalizedName: name.normalizedName }),
    };
    return { state: 'absent', target: { kind: 'id', connection_id }, expect, ...source };
  }
  if (group_id === undefined || name === undefined) return undefined;
  return {
    state: 'absent',
    target: { kind: 'name', group_id, ...name },
    expect: service === undefined ? {} : { service },
    ...source,
  };
}
