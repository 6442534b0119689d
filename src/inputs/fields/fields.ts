import * as z from 'zod/mini';
import {
  anyMapping,
  apiUrl,
  certificates,
  cronExpressions,
  flag,
  fullHour,
  hostKeys,
  mappingRule,
  minutes,
  oneOf,
  shardOf,
  someText,
  waitMinutes,
  webAddress,
  wholeNumber,
} from './checks.ts';
import { schemaFields } from './selection-fields.ts';

/** The fields of `schedule`. */
const scheduleFields = {
  schedule_type: z.optional(oneOf('INTERVAL', 'TIME_OF_DAY', 'CRON', 'MANUAL')),
  interval: z.optional(wholeNumber(1)),
  time_of_day: z.optional(someText()),
  days_of_week: z.optional(z.array(someText(), 'must be a list of days')),
  cron: z.optional(cronExpressions()),
} as const;

/**
 * The fields of Fivetran's create request, with the names and types of its API. All are optional
 * here: required fields are checked once all layers that can supply them have been merged.
 */
export const requestFields = {
  group_id: z.optional(someText()),
  service: z.optional(someText()),
  config: z.optional(anyMapping()),
  auth: z.optional(anyMapping()),
  run_setup_tests: z.optional(flag()),
  trust_certificates: z.optional(flag()),
  trust_fingerprints: z.optional(flag()),
  paused: z.optional(flag()),
  pause_after_trial: z.optional(flag()),
  sync_frequency: z.optional(oneOf(1, 5, 15, 30, 60, 120, 180, 360, 480, 720, 1440)),
  daily_sync_time: z.optional(fullHour()),
  schedule_type: z.optional(oneOf('auto', 'manual')),
  schedule: z.optional(z.strictObject(scheduleFields, mappingRule)),
  data_delay_sensitivity: z.optional(oneOf('LOW', 'NORMAL', 'HIGH', 'CUSTOM', 'SYNC_FREQUENCY')),
  data_delay_threshold: z.optional(wholeNumber(0)),
  networking_method: z.optional(oneOf('Directly', 'PrivateLink', 'SshTunnel', 'ProxyAgent')),
  private_link_id: z.optional(someText()),
  proxy_agent_id: z.optional(someText()),
  hybrid_deployment_agent_id: z.optional(someText()),
  external_secrets_manager_id: z.optional(someText()),
  external_secrets_keys_config: z.optional(anyMapping()),
  destination_schema_names: z.optional(oneOf('FIVETRAN_NAMING', 'SOURCE_NAMING')),
  destination_configuration: z.optional(
    z.looseObject({ virtual_warehouse: z.optional(someText()) }, mappingRule),
  ),
  connect_card_config: z.optional(
    z.looseObject(
      {
        redirect_uri: webAddress(),
        hide_setup_guide: z.optional(flag()),
        all_fields: z.optional(flag()),
      },
      mappingRule,
    ),
  ),
} as const;

/** The fields of one connection that are not part of its create request. */
export const connectionFields = {
  copy_from: z.optional(someText()),
  additional_fields: z.optional(anyMapping()),
  schema_change_handling: z.optional(oneOf('ALLOW_ALL', 'ALLOW_COLUMNS', 'BLOCK_ALL')),
  schemas: z.optional(z.record(z.string(), z.nullable(z.strictObject(schemaFields)))),
  if_exists: z._default(oneOf('fail', 'reuse', 'update'), 'fail'),
  on_failed_tests: z._default(oneOf('keep', 'pause', 'delete'), 'keep'),
  trusted_fingerprints: z._default(hostKeys(), []),
  trusted_certificates: z._default(certificates(), []),
} as const;

/** The fields of a manifest entry. */
export const entryFields = { ...requestFields, ...connectionFields } as const;

/** The inputs that apply to the whole step. */
export const stepFields = {
  state: z._default(oneOf('present', 'absent'), 'present'),
  connection_id: z.optional(someText()),
  update_secrets: z._default(flag(), true),
  wait_for_sync: z._default(flag(), false),
  sync_timeout_minutes: z._default(minutes(), 60),
  dry_run: z._default(flag(), false),
  summary: z._default(flag(), true),
  comment: z._default(flag(), false),
  github_token: z.optional(someText()),
  comment_key: z.optional(someText()),
  request_timeout_seconds: z._default(wholeNumber(1, 3600), 300),
  rate_limit_wait_minutes: z._default(waitMinutes(), 10),
  api_url: z._default(apiUrl(), 'https://api.fivetran.com'),
} as const;

/** The input that applies to an export. */
const exportFields = { export_to: z.optional(someText()) } as const;

/** The inputs that apply to a manifest. */
export const manifestFields = {
  manifest: z.optional(someText()),
  max_parallel: z._default(wholeNumber(1, 100), 8),
  shard: z.optional(shardOf()),
} as const;

/** All inputs except the credentials. */
export const inputFields = {
  ...entryFields,
  ...stepFields,
  ...manifestFields,
  ...exportFields,
} as const;

/** The fields that hold a mapping; as inputs, they are YAML or JSON text. */
export const mappingFields: readonly string[] = [
  'config',
  'auth',
  'external_secrets_keys_config',
  'destination_configuration',
  'connect_card_config',
  'schedule',
  'additional_fields',
  'schemas',
];

/** The fields that hold a list; as text, one item per line. */
export const listFields: readonly string[] = ['trusted_fingerprints', 'trusted_certificates'];

/** The values of fields; those without a value are missing. */
export type ValuesOf<F extends z.core.$ZodShape> = { [K in keyof F]?: z.output<F[K]> | undefined };

/** The fields of a create request, as sent. */
export type RequestFields = ValuesOf<typeof requestFields>;
