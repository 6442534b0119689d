import { connectionName } from '../fivetran/connection-name.ts';
import type { Layer } from './layer.ts';
import type { Problem } from './problem.ts';
import { selectionProblems } from './selection.ts';

/** Checks the required fields of one connection, and the rules between its fields. */
export function ruleProblems(layer: Layer): Problem[] {
  const { fields, invalidFields } = layer;
  const problems: Problem[] = [];
  /** `about`: the fields that the rule compares; the first is the one to change. */
  const rule = (isViolated: boolean, about: string[], message: string): void => {
    if (isViolated && !about.some((field) => invalidFields.has(field))) {
      problems.push({ path: about.slice(0, 1), message });
    }
  };
  const name = connectionName(fields.config);
  if (fields.state === 'absent') {
    if (fields.connection_id !== undefined || invalidFields.has('connection_id')) return problems;
    rule(
      fields.group_id === undefined,
      ['group_id'],
      'required with state: absent, together with the name in config, unless connection_id is set.',
    );
    rule(!name, ['config'], `must name the connection: ${naming}, unless connection_id is set.`);
    return problems;
  }

  rule(fields.group_id === undefined, ['group_id'], 'required. Set it to the ID of the group.');
  rule(
    fields.service === undefined,
    ['service'],
    'required. Set it to the connector type, such as postgres or google_ads.',
  );
  rule(
    fields.connection_id !== undefined,
    ['connection_id', 'state'],
    'can only be set with state: absent.',
  );
  rule(
    !name && (fields.if_exists === 'reuse' || fields.if_exists === 'update'),
    ['if_exists', 'config'],
    `reuse and update need a name to look up: ${naming}.`,
  );
  rule(
    fields.daily_sync_time !== undefined &&
      fields.sync_frequency !== 1440 &&
      fields.if_exists !== 'update',
    ['daily_sync_time', 'sync_frequency', 'if_exists'],
    'requires sync_frequency: 1440, except with if_exists: update.',
  );
  rule(
    Number(fields.data_delay_threshold) > 0 && fields.data_delay_sensitivity !== 'CUSTOM',
    ['data_delay_threshold', 'data_delay_sensitivity'],
    'more than 0 requires data_delay_sensitivity: CUSTOM.',
  );
  for (const [trust, pins] of [
    ['trust_fingerprints', 'trusted_fingerprints'],
    ['trust_certificates', 'trusted_certificates'],
  ] as const) {
    rule(
      fields[trust] === true && (fields[pins]?.length ?? 0) > 0,
      [trust, pins],
      `must not be true together with ${pins}, because it would accept all others too.`,
    );
  }
  rule(
    fields.paused === true && fields.wait_for_sync === true,
    ['wait_for_sync', 'paused'],
    'must not be true together with paused: true, because a paused connection does not sync.',
  );
  rule(
    layer.schemas !== undefined &&
      fields.run_setup_tests === false &&
      (fields.if_exists ?? 'fail') === 'fail',
    ['run_setup_tests', 'schemas', 'if_exists'],
    'must not be false together with schemas, because tables can be selected only on a tested connection.',
  );
  if (!invalidFields.has('schemas') && !invalidFields.has('schema_change_handling')) {
    problems.push(...selectionProblems(fields.schema_change_handling, layer.schemas));
  }
  return problems;
}

const naming = 'schema (with table or table_group_name) or schema_prefix in config';
