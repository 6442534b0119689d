import { connectionName } from '../fivetran/connection-name.ts';
import type { ConnectionSpec } from './fields.ts';
import { invalidValue, type Problem } from './input-error.ts';

/** What has been read of a wish: fields may still be missing, or of any type. */
export type Unchecked = { [Field in keyof ConnectionSpec]?: unknown };

/** The rules that hold between the fields of one connection. */
export function ruleProblems(given: Unchecked): Problem[] {
  const problems: Problem[] = [];
  const rule = (broken: boolean, field: keyof ConnectionSpec, allowed: string): void => {
    if (broken) problems.push(invalidValue(field, given[field], allowed));
  };
  const missing = (field: keyof ConnectionSpec, text: string): void => {
    if (given[field] === undefined) problems.push({ field, text: `missing; ${text}.` });
  };
  const name = connectionName(given.config as ConnectionSpec['config']);
  const named = 'config with schema, schema (and table or table_group_name) or schema_prefix';

  rule(
    given.daily_sync_time !== undefined && given.sync_frequency !== 1440,
    'daily_sync_time',
    `only beside sync_frequency 1440, and it came with ${given.sync_frequency ?? 'none'}`,
  );
  rule(
    Number(given.data_delay_threshold) > 0 && given.data_delay_sensitivity !== 'CUSTOM',
    'data_delay_threshold',
    '0, or more beside data_delay_sensitivity CUSTOM',
  );
  for (const [pins, all] of [
    ['trusted_fingerprints', 'trust_fingerprints'],
    ['trusted_certificates', 'trust_certificates'],
  ] as const) {
    const pinned = Array.isArray(given[pins]) && given[pins].length > 0;
    rule(
      pinned && given[all] === true,
      all,
      `false, or not given, beside ${pins}: it would trust every other one too`,
    );
  }
  if (given.state === 'absent') {
    if (given.connection_id !== undefined) return problems;
    missing(
      'group_id',
      'with state absent, give connection_id, or group_id and the name in config',
    );
    if (!name) {
      problems.push({
        field: 'config',
        text: `has no name; allowed: with state absent, connection_id, or ${named}.`,
      });
    }
    return problems;
  }
  missing('group_id', 'give the id of the destination group');
  missing('service', 'give the connector type, such as postgres or google_ads');
  rule(given.connection_id !== undefined, 'connection_id', 'only with state absent');
  rule(
    !name && (given.if_exists === 'reuse' || given.if_exists === 'update'),
    'if_exists',
    `fail, or ${named} to find the connection by`,
  );
  rule(
    given.paused === true && given.wait_for_sync === true,
    'wait_for_sync',
    'false beside paused true: a paused connection does not sync',
  );
  return problems;
}
