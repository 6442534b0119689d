import * as z from 'zod/mini';
import { certificateFingerprint, sshFingerprint } from '../fivetran/fingerprint.ts';
import { listed } from '../text/format.ts';

/*
 * The message of each check is what is allowed; who reports a problem puts the field and the value
 * that was given before it.
 */

const text = () => z.string('a text').check(z.minLength(1, 'a text that is not empty'));
const flag = () => z.boolean('true or false');
const oneOf = <const T extends string | number>(...values: T[]) =>
  z.literal(values, { error: listed(values) });
const mapping = () => z.record(z.string(), z.unknown(), 'a mapping of names to values');

const minutes = 'a number of minutes, above 0 and up to 10080 (a week)';

const shardAllowed = 'index/total, the index from 0 to total - 1, such as 0/4';

const fullHour = z
  .string('a full hour, from "00:00" to "23:00"')
  .check(z.regex(/^([01]\d|2[0-3]):00$/, 'a full hour, from "00:00" to "23:00"'));

const pins = (read: (pin: string) => unknown, allowed: string) =>
  z.array(z.string(allowed).check(z.refine((pin) => read(pin) !== undefined, allowed)), allowed);

const webAddress = z.string('an http or https URL').check(
  z.refine((value) => {
    const protocol = urlOf(value)?.protocol ?? '';
    return protocol === 'https:' || protocol === 'http:';
  }, 'an http or https URL'),
);

/**
 * The fields of Fivetran's create request, named and typed as they travel. All are optional here:
 * what is required is known once everything that may give a field has been read.
 */
export const requestFields = {
  group_id: z.optional(text()),
  service: z.optional(text()),
  config: z.optional(mapping()),
  auth: z.optional(mapping()),
  run_setup_tests: z.optional(flag()),
  trust_certificates: z.optional(flag()),
  trust_fingerprints: z.optional(flag()),
  paused: z.optional(flag()),
  pause_after_trial: z.optional(flag()),
  sync_frequency: z.optional(oneOf(1, 5, 15, 30, 60, 120, 180, 360, 480, 720, 1440)),
  daily_sync_time: z.optional(fullHour),
  schedule_type: z.optional(oneOf('auto', 'manual')),
  data_delay_sensitivity: z.optional(oneOf('LOW', 'NORMAL', 'HIGH', 'CUSTOM', 'SYNC_FREQUENCY')),
  data_delay_threshold: z.optional(wholeNumber(0)),
  networking_method: z.optional(oneOf('Directly', 'PrivateLink', 'SshTunnel', 'ProxyAgent')),
  private_link_id: z.optional(text()),
  proxy_agent_id: z.optional(text()),
  hybrid_deployment_agent_id: z.optional(text()),
  external_secrets_manager_id: z.optional(text()),
  destination_schema_names: z.optional(oneOf('FIVETRAN_NAMING', 'SOURCE_NAMING')),
  destination_configuration: z.optional(
    z.looseObject({ virtual_warehouse: z.optional(text()) }, 'a mapping of names to values'),
  ),
  connect_card_config: z.optional(
    z.looseObject(
      {
        redirect_uri: webAddress,
        hide_setup_guide: z.optional(flag()),
        all_fields: z.optional(flag()),
      },
      'a mapping of names to values',
    ),
  ),
} as const;

/** What one connection may be told beside its create request. */
export const convergenceFields = {
  if_exists: z._default(oneOf('fail', 'reuse', 'update'), 'fail'),
  on_failed_tests: z._default(oneOf('keep', 'pause', 'delete'), 'keep'),
  trusted_fingerprints: z._default(
    pins(
      sshFingerprint,
      'an SSH host key: SHA256:… as ssh-keygen -lf prints it, or a whole public key line',
    ),
    [],
  ),
  trusted_certificates: z._default(
    pins(
      certificateFingerprint,
      'the SHA-256 fingerprint of a certificate: 64 hex digits, with or without colons',
    ),
    [],
  ),
} as const;

/** What the step as a whole may be told. */
export const stepFields = {
  state: z._default(oneOf('present', 'absent'), 'present'),
  connection_id: z.optional(text()),
  wait_for_sync: z._default(flag(), false),
  sync_timeout_minutes: z._default(
    z.number(minutes).check(z.refine((n) => n > 0 && n <= 10_080, minutes)),
    60,
  ),
  dry_run: z._default(flag(), false),
  summary: z._default(flag(), true),
  request_timeout_seconds: z._default(wholeNumber(1, 3600), 300),
  api_url: z._default(
    z
      .string('a URL')
      .check(
        z.refine(
          isApiUrl,
          'an https URL, or http on a loopback address, without user, query or fragment',
        ),
      ),
    'https://api.fivetran.com',
  ),
} as const;

/** What a step with many connections may be told. */
export const manifestFields = {
  manifest: z.optional(text()),
  max_parallel: z._default(wholeNumber(1, 100), 8),
  shard: z.optional(
    z.string(shardAllowed).check(
      z.refine((shard) => {
        const [, index, total] = /^(\d+)\/(\d+)$/.exec(shard) ?? [];
        return index !== undefined && Number(index) < Number(total);
      }, shardAllowed),
    ),
  ),
} as const;

/** The fields that hold a mapping: YAML or JSON when they are inputs. */
export const mappingFields: readonly string[] = [
  'config',
  'auth',
  'destination_configuration',
  'connect_card_config',
];

/** The fields that hold a list: one item a line when they are inputs. */
export const listFields: readonly string[] = ['trusted_fingerprints', 'trusted_certificates'];

/** A whole number between two bounds, both allowed. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const allowed =
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${least} up`
      : `a whole number from ${least} to ${most}`;
  return z
    .number(allowed)
    .check(z.refine((n) => Number.isSafeInteger(n) && n >= least && n <= most, allowed));
}

const urlOf = (value: string): URL | undefined =>
  URL.canParse(value) ? new URL(value) : undefined;

function isApiUrl(value: string): boolean {
  const url = urlOf(value);
  if (!url || url.username || url.password || url.search || url.hash) return false;
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}

const request = z.object(requestFields);
/** A create request as it travels. */
export type RequestFields = z.infer<typeof request>;

export const spec = z.object({ ...requestFields, ...convergenceFields, ...stepFields });
/** What one connection is to be, and how it is to get there. */
export type ConnectionSpec = z.infer<typeof spec>;
