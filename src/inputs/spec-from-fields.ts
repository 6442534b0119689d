import { connectionName, plainNameOf } from '../fivetran/connection-name.ts';
import { connectionFields, requestFields, stepFields } from './fields/fields.ts';
import type { Layer } from './layer.ts';
import { toSelection } from './selection.ts';
import type { AbsentSpec, ConnectionSpec, CreateRequest, PresentSpec } from './spec.ts';

/** Creates a spec from fields; undefined when a required one is missing. */
export function specFrom(layer: Layer): ConnectionSpec | undefined {
  return layer.fields.state === 'absent' ? absentSpec(layer) : presentSpec(layer);
}

function presentSpec({ fields, schemas }: Layer): PresentSpec | undefined {
  const { group_id, service, config, additional_fields } = fields;
  if (group_id === undefined || service === undefined) return undefined;
  const given = Object.entries(fields).filter(
    ([field, value]) => Object.hasOwn(requestFields, field) && value !== undefined,
  );
  const request: CreateRequest = {
    ...Object.fromEntries(given),
    ...additional_fields,
    group_id,
    service,
  };
  return {
    state: 'present',
    group_id,
    service,
    name: connectionName(config),
    shortName: plainNameOf(config),
    request,
    if_exists: connectionFields.if_exists.parse(fields.if_exists),
    on_failed_tests: connectionFields.on_failed_tests.parse(fields.on_failed_tests),
    update_secrets: true,
    variables: [],
    trusted_fingerprints: fields.trusted_fingerprints ?? [],
    trusted_certificates: fields.trusted_certificates ?? [],
    selection: toSelection(fields.schema_change_handling, schemas),
    wait_for_sync: fields.wait_for_sync === true && {
      timeoutMinutes: stepFields.sync_timeout_minutes.parse(fields.sync_timeout_minutes),
    },
  };
}

function absentSpec({ fields }: Layer): AbsentSpec | undefined {
  const { connection_id, group_id, service, config } = fields;
  const name = connectionName(config);
  const expected = { service, group_id, name };
  if (connection_id !== undefined) {
    const given = Object.entries(expected).filter(([, value]) => value !== undefined);
    return {
      state: 'absent',
      target: { kind: 'id', connection_id },
      expect: Object.fromEntries(given),
    };
  }
  if (group_id === undefined || name === undefined) return undefined;
  return {
    state: 'absent',
    target: { kind: 'name', group_id, name, shortName: plainNameOf(config) },
    expect: service === undefined ? {} : { service },
  };
}
