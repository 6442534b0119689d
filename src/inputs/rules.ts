import { connectionName, unusableNamingFields } from '../fivetran/connection-name.ts';
import type { Layer } from './layer.ts';
import { kindOf, type Problem } from './problem.ts';
import { selectionProblems } from './selection.ts';

/** A rule between fields. */
type FieldRule = {
  isViolated: boolean;
  /** The fields that the rule compares; the first is the one to change. */
  about: string[];
  message: string;
};

/** Checks the required fields of one connection, and the rules between its fields. */
export function ruleProblems(layer: Layer): Problem[] {
  const { fields, schemas } = layer;
  const nameless = unusableNamingFields(fields.config).map((field) => ({
    path: ['config', field],
    message: nameMessage(fields.config?.[field]),
  }));
  const invalidFields = new Set([
    ...layer.invalidFields,
    ...(nameless.length > 0 ? ['config'] : []),
  ]);
  const problemsOf = (rules: FieldRule[]): Problem[] => [
    ...nameless,
    ...rules
      .filter(({ isViolated, about }) => isViolated && !about.some((one) => invalidFields.has(one)))
      .map(({ about, message }) => ({ path: about.slice(0, 1), message })),
  ];
  if (fields.state === 'absent') {
    const isById = fields.connection_id !== undefined || invalidFields.has('connection_id');
    return problemsOf(isById ? [] : absentRules(layer));
  }
  // What a source adds to a selection is not known yet.
  const areReadable =
    fields.copy_from === undefined &&
    !['schemas', 'schema_change_handling', 'copy_from'].some((one) => invalidFields.has(one));
  return [
    ...problemsOf(presentRules(layer)),
    ...(areReadable ? selectionProblems(fields.schema_change_handling, schemas) : []),
  ];
}

const absentRules = ({ fields }: Layer): FieldRule[] => [
  {
    isViolated: fields.group_id === undefined,
    about: ['group_id'],
    message:
      'required with state: absent, together with the name in config, unless connection_id is set.',
  },
  {
    isViolated: !connectionName(fields.config),
    about: ['config'],
    message: `must name the connection: ${naming}, unless connection_id is set.`,
  },
];

function presentRules({ fields, schemas }: Layer): FieldRule[] {
  const { if_exists = 'fail' } = fields;
  return [
    {
      isViolated: fields.group_id === undefined && fields.copy_from === undefined,
      about: ['group_id'],
      message: 'required. Set it to the ID of the group.',
    },
    {
      isViolated: fields.service === undefined && fields.copy_from === undefined,
      about: ['service'],
      message: 'required. Set it to the connector type, such as postgres or google_ads.',
    },
    {
      isViolated: fields.connection_id !== undefined,
      about: ['connection_id', 'state'],
      message: 'can only be set with state: absent.',
    },
    {
      isViolated: if_exists !== 'fail' && !connectionName(fields.config),
      about: ['if_exists', 'config'],
      message: `reuse and update need a name to look up: ${naming}.`,
    },
    {
      isViolated:
        fields.daily_sync_time !== undefined &&
        fields.sync_frequency !== 1440 &&
        if_exists !== 'update',
      about: ['daily_sync_time', 'sync_frequency', 'if_exists'],
      message: 'requires sync_frequency: 1440, except with if_exists: update.',
    },
    {
      isViolated: fields.schedule !== undefined && fields.schedule_type === 'manual',
      about: ['schedule', 'schedule_type'],
      message:
        'must not be set together with schedule_type: manual. Remove one of them; a schedule can have schedule_type: MANUAL itself.',
    },
    {
      isViolated:
        Number(fields.data_delay_threshold) > 0 && fields.data_delay_sensitivity !== 'CUSTOM',
      about: ['data_delay_threshold', 'data_delay_sensitivity'],
      message: 'more than 0 requires data_delay_sensitivity: CUSTOM.',
    },
    ...(
      [
        ['trust_fingerprints', 'trusted_fingerprints'],
        ['trust_certificates', 'trusted_certificates'],
      ] as const
    ).map(([trust, pins]) => ({
      isViolated: fields[trust] === true && (fields[pins]?.length ?? 0) > 0,
      about: [trust, pins],
      message: `must not be true together with ${pins}, because it would accept all others too.`,
    })),
    {
      isViolated: fields.paused === true && fields.wait_for_sync === true,
      about: ['wait_for_sync', 'paused'],
      message:
        'must not be true together with paused: true, because a paused connection does not sync.',
    },
    {
      isViolated:
        fields.wait_for_sync === true && fields.run_setup_tests === false && if_exists === 'fail',
      about: ['run_setup_tests', 'wait_for_sync', 'if_exists'],
      message:
        'must not be false together with wait_for_sync: true, because a new connection syncs only once its setup tests have passed.',
    },
    {
      isViolated: schemas !== undefined && fields.run_setup_tests === false && if_exists === 'fail',
      about: ['run_setup_tests', 'schemas', 'if_exists'],
      message:
        'must not be false together with schemas, because tables can be selected only on a tested connection.',
    },
  ];
}

const naming = 'schema (with table or table_group_name) or schema_prefix in config';

const nameMessage = (value: unknown): string =>
  value === null || typeof value === 'string'
    ? 'must not be empty, because it names the connection. YAML reads text after # as a comment: put such a name in quotes.'
    : `must be text, because it names the connection, got ${kindOf(value)}. Put the name in quotes.`;
