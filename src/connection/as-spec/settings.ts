import * as z from 'zod/mini';
import { typed } from '../../inputs/fields/check-field.ts';
import { type RequestFields, requestFields } from '../../inputs/fields/fields.ts';
import { isMapping, type Mapping } from '../../text/mapping.ts';
import { isEmpty } from '../plan/matches.ts';

type Field = keyof RequestFields;

/** The settings that belong to a connection wherever it is. */
export const placeFields = [
  'networking_method',
  'private_link_id',
  'proxy_agent_id',
  'hybrid_deployment_agent_id',
  'external_secrets_manager_id',
  'external_secrets_keys_config',
  'destination_schema_names',
  'destination_configuration',
] as const satisfies Field[];

/** The settings that say when it syncs. */
export const scheduleFields = [
  'paused',
  'pause_after_trial',
  'sync_frequency',
  'daily_sync_time',
  'schedule_type',
  'schedule',
  'data_delay_sensitivity',
  'data_delay_threshold',
] as const satisfies Field[];

/** What a new connection has, so that it need not be written. */
const newConnection = new Map<string, unknown>(
  Object.entries({
    networking_method: 'Directly',
    paused: false,
    pause_after_trial: false,
    sync_frequency: 360,
    schedule_type: 'auto',
    data_delay_sensitivity: 'NORMAL',
    data_delay_threshold: 0,
  } satisfies RequestFields),
);

/** The settings of a connection, and those that are left out because no request takes them. */
export type SourceSettings = { fields: RequestFields; leftOut: string[] };

/**
 * The settings of a response that a request can have. What Fivetran only ever returns is left out
 * and named.
 *
 * @param names the settings that are wanted
 */
export function settingsOf(raw: Mapping, names: readonly Field[]): SourceSettings {
  const fields: RequestFields = {};
  const leftOut: string[] = [];
  for (const name of names) {
    const value = withoutEmpty(raw[name]);
    if (isEmpty(value)) continue;
    const setting = typed(requestFields[name], value);
    const isTaken =
      z.safeParse(requestFields[name], setting).success && isUsed(name, setting, fields);
    if (!isTaken) leftOut.push(`${name}: ${isMapping(value) ? 'a mapping' : String(value)}`);
    else Object.assign(fields, { [name]: setting });
  }
  return { fields, leftOut };
}

/** The settings that a new connection does not have anyway. */
export const withoutDefaults = (fields: RequestFields): Mapping =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => newConnection.get(name) !== value),
  );

/** Whether a setting has an effect beside those before it. */
function isUsed(name: Field, setting: unknown, fields: RequestFields): boolean {
  if (name === 'daily_sync_time') return fields.sync_frequency === 1440;
  if (name === 'schedule') return fields.schedule_type !== 'manual';
  if (name === 'data_delay_threshold') {
    return setting === 0 || fields.data_delay_sensitivity === 'CUSTOM';
  }
  return true;
}

/** A value without the empty fields of a mapping. */
const withoutEmpty = (value: unknown): unknown =>
  isMapping(value)
    ? Object.fromEntries(Object.entries(value).filter(([, inner]) => !isEmpty(inner)))
    : value;
