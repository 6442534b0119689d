import type { Layer } from '../../../src/inputs/layer.ts';
import { ruleProblems } from '../../../src/inputs/rules.ts';

const plain = { group_id: 'decent_dropsy', service: '15five', config: { schema: 'a' } };
const pin = 'ab'.repeat(32);

function problemsOf(
  fields: Layer['fields'],
  invalidFields: string[] = [],
  schemas?: Layer['schemas'],
) {
  const layer = {
    fields: { ...plain, ...fields },
    schemas,
    invalidFields: new Set(invalidFields),
    variables: [],
  };
  return ruleProblems(layer).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test.each<Layer['fields']>([
  {},
  { sync_frequency: 1440 },
  { sync_frequency: 1440, daily_sync_time: '14:00' },
  { daily_sync_time: '14:00', if_exists: 'update' },
  { data_delay_threshold: 0 },
  { data_delay_threshold: 0, data_delay_sensitivity: 'NORMAL' },
  { data_delay_threshold: 60, data_delay_sensitivity: 'CUSTOM' },
  { data_delay_sensitivity: 'CUSTOM' },
  { trust_certificates: true, trusted_fingerprints: ['x'] },
  { trust_certificates: false, trusted_certificates: [pin] },
  { trust_certificates: true, trusted_certificates: [] },
  { paused: true, wait_for_sync: false },
  { wait_for_sync: true, run_setup_tests: false, if_exists: 'reuse' },
  { wait_for_sync: true, run_setup_tests: false, if_exists: 'update' },
  { schedule: { schedule_type: 'MANUAL' }, schedule_type: 'auto' },
  { schedule: { schedule_type: 'CRON' }, sync_frequency: 60 },
  { config: { schema_prefix: 'a', schema: '' } },
  { config: { schema_prefix: 'a', table: null } },
  { config: { table: null }, if_exists: 'fail' },
  { run_setup_tests: false },
  { if_exists: 'fail', config: {} },
  { state: 'absent', daily_sync_time: '14:00' },
  { state: 'absent', connection_id: 'x', group_id: undefined, config: undefined },
])('%j is fine', (fields) => {
  expect(problemsOf(fields)).toEqual([]);
});

test.each<[Layer['fields'], string, string[]]>([
  [{ daily_sync_time: '14:00' }, 'daily_sync_time', ['sync_frequency: 1440', 'if_exists: update']],
  [{ daily_sync_time: '14:00', if_exists: 'reuse' }, 'daily_sync_time', ['sync_frequency: 1440']],
  [{ daily_sync_time: '14:00', sync_frequency: 60 }, 'daily_sync_time', ['sync_frequency: 1440']],
  [{ data_delay_threshold: 60 }, 'data_delay_threshold', ['data_delay_sensitivity: CUSTOM']],
  [
    { data_delay_threshold: 1, data_delay_sensitivity: 'HIGH' },
    'data_delay_threshold',
    ['data_delay_sensitivity: CUSTOM'],
  ],
  [
    { schedule: {}, schedule_type: 'manual' },
    'schedule',
    ['schedule_type: manual', 'Remove one', 'schedule_type: MANUAL itself'],
  ],
  [{ wait_for_sync: true, run_setup_tests: false }, 'run_setup_tests', ['wait_for_sync: true']],
  [{ group_id: undefined }, 'group_id', ['required', 'group']],
  [{ service: undefined }, 'service', ['required', 'connector type']],
  [{ connection_id: 'x' }, 'connection_id', ['state: absent']],
  [{ if_exists: 'reuse', config: { host: 'x' } }, 'if_exists', ['schema_prefix in config']],
  [{ if_exists: 'update', config: undefined }, 'if_exists', ['schema_prefix in config']],
  [
    { trust_certificates: true, trusted_certificates: [pin] },
    'trust_certificates',
    ['trusted_certificates'],
  ],
  [
    { trust_fingerprints: true, trusted_fingerprints: ['x'] },
    'trust_fingerprints',
    ['trusted_fingerprints'],
  ],
  [{ paused: true, wait_for_sync: true }, 'wait_for_sync', ['paused: true']],
  [{ state: 'absent', group_id: undefined }, 'group_id', ['state: absent', 'connection_id']],
  [{ state: 'absent', config: {} }, 'config', ['must name the connection', 'connection_id']],
])('%j is refused', (fields, field, words) => {
  const problems = problemsOf(fields);
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${field}: `))]);
  for (const word of words) expect(problems[0]).toContain(word);
});

test('every violated rule is reported', () => {
  const fields = {
    config: { schema: null, table: '' },
    group_id: undefined,
    service: undefined,
    daily_sync_time: '14:00',
    data_delay_threshold: 5,
  };
  expect(problemsOf(fields).map((problem) => problem.split(':')[0])).toEqual([
    'config.schema',
    'config.table',
    'group_id',
    'service',
    'daily_sync_time',
    'data_delay_threshold',
  ]);
});

test('no rule applies to an invalid field, which is already reported', () => {
  const daily = { daily_sync_time: '14:00' } as const;
  expect(problemsOf(daily, ['sync_frequency'])).toEqual([]);
  const untested = { wait_for_sync: true, run_setup_tests: false } as const;
  const selected = { schema_change_handling: 'ALLOW_ALL' } as const;
  const fields = { ...daily, ...untested, ...selected };
  expect(problemsOf(fields, ['if_exists'], new Map())).toEqual([]);
  expect(problemsOf({ connection_id: 'x' }, ['state'])).toEqual([]);
  expect(problemsOf({ group_id: undefined, service: undefined }, ['group_id', 'service'])).toEqual(
    [],
  );
  expect(problemsOf({ if_exists: 'reuse', config: undefined }, ['config'])).toEqual([]);
  const unnamed = { state: 'absent', group_id: undefined, config: undefined } as const;
  expect(problemsOf(unnamed, ['connection_id'])).toEqual([]);
  expect(problemsOf(daily, ['paused'])).toHaveLength(1);
});

test('schemas require setup tests', () => {
  const selection = (if_exists: 'fail' | 'reuse' | 'update') =>
    problemsOf(
      { run_setup_tests: false, schema_change_handling: 'ALLOW_ALL', if_exists },
      [],
      new Map(),
    );
  expect(selection('fail')).toEqual([expect.stringMatching(/^run_setup_tests: must not be false/)]);
  expect(selection('reuse')).toEqual([]);
  expect(selection('update')).toEqual([]);
});
