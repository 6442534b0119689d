import {
  placeFields,
  scheduleFields,
  settingsOf,
  withoutDefaults,
} from '../../../../src/connection/as-spec/settings.ts';

const of = (answered: Record<string, unknown>) =>
  settingsOf(answered, [...placeFields, ...scheduleFields]);

const all = {
  networking_method: 'PrivateLink',
  private_link_id: 'link',
  proxy_agent_id: 'proxy',
  hybrid_deployment_agent_id: 'agent',
  external_secrets_manager_id: 'manager',
  external_secrets_keys_config: { password: 'key' },
  destination_schema_names: 'SOURCE_NAMING',
  destination_configuration: { virtual_warehouse: 'LARGE' },
  paused: true,
  pause_after_trial: true,
  sync_frequency: 1440,
  daily_sync_time: '14:00',
  schedule_type: 'manual',
  data_delay_sensitivity: 'CUSTOM',
  data_delay_threshold: 15,
} as const;

test('every setting that a request takes is exported, unless a new connection has it', () => {
  expect(of(all)).toEqual({ fields: all, leftOut: [] });
  expect(withoutDefaults(all)).toEqual(all);
  const fresh = {
    networking_method: 'Directly',
    paused: false,
    pause_after_trial: false,
    sync_frequency: 360,
    schedule_type: 'auto',
    data_delay_sensitivity: 'NORMAL',
    data_delay_threshold: 0,
  } as const;
  expect(of(fresh)).toEqual({ fields: fresh, leftOut: [] });
  expect(withoutDefaults(fresh)).toEqual({});
});

const cron = { schedule_type: 'CRON', cron: ['0 5 * * 1'] };

test.each<[Record<string, unknown>, object, string[]]>([
  [{ sync_frequency: '60' }, { sync_frequency: 60 }, []],
  [{ private_link_id: '', destination_configuration: { virtual_warehouse: null } }, {}, []],
  [
    { external_secrets_keys_config: { a: 'b', c: '' } },
    { external_secrets_keys_config: { a: 'b' } },
    [],
  ],
  [{ networking_method: 'Pigeon' }, {}, ['networking_method: Pigeon']],
  [
    { sync_frequency: 60, daily_sync_time: '14:00' },
    { sync_frequency: 60 },
    ['daily_sync_time: 14:00'],
  ],
  [{ schedule: cron }, { schedule: cron }, []],
  [
    { schedule_type: 'manual', schedule: cron },
    { schedule_type: 'manual' },
    ['schedule: a mapping'],
  ],
  [{ data_delay_threshold: 15 }, {}, ['data_delay_threshold: 15']],
])('of %j, a request has %j', (answered, fields, leftOut) => {
  expect(of(answered)).toEqual({ fields, leftOut });
});
