import type * as z from 'zod/mini';
import { listItems, typed } from '../../../../src/inputs/fields/check-field.ts';
import { inputFields } from '../../../../src/inputs/fields/fields.ts';

/** The rules that a value breaks, as messages. */
function brokenRules(field: string, value: unknown): string[] {
  const check: z.ZodMiniType = inputFields[field as keyof typeof inputFields];
  return (check.safeParse(value).error?.issues ?? []).map(({ message }) => message);
}

test.each([
  ['group_id', 'g', ['', 5, null]],
  ['service', 'brand_new', ['', 5]],
  ['config', {}, ['a', [], 5]],
  ['auth', { client_access: { client_id: 'x' } }, ['a', []]],
  ['run_setup_tests', true, ['true', 1]],
  ['trust_certificates', false, ['false']],
  ['trust_fingerprints', true, ['yes']],
  ['paused', false, [0]],
  ['pause_after_trial', true, ['']],
  ['sync_frequency', 1440, ['1440', 2, 0, 5.5, 1441]],
  ['daily_sync_time', '23:00', ['24:00', '9:00', '09:30', '09:00:00', 9]],
  ['daily_sync_time', '00:00', ['', 'noon']],
  ['schedule_type', 'manual', ['Manual', 'cron']],
  [
    'schedule',
    { schedule_type: 'MANUAL', interval: 1 },
    [
      'x',
      [],
      { schedule_type: 'auto' },
      { interval: 0 },
      { days_of_week: 'MONDAY' },
      { days_of_week: [1] },
    ],
  ],
  [
    'schedule',
    { schedule_type: 'CRON', cron: '0 6 * * *' },
    [{ cron: 5 }, { cron: ['x', 5] }, { cron: ' ' }],
  ],
  ['schedule', { cron: ['0 6 * * *'], time_of_day: '14:00' }, [{ time_of_day: 14 }]],
  ['schedule', { schedule_type: 'TIME_OF_DAY', days_of_week: ['MONDAY'] }, []],
  ['data_delay_sensitivity', 'SYNC_FREQUENCY', ['custom']],
  ['data_delay_threshold', 0, [-1, 1.5, '5', Number.NaN]],
  ['networking_method', 'ProxyAgent', ['Proxy']],
  ['private_link_id', 'x', ['', 5]],
  ['proxy_agent_id', 'x', ['']],
  ['hybrid_deployment_agent_id', 'x', ['']],
  ['external_secrets_manager_id', 'x', ['']],
  ['external_secrets_keys_config', { password: 'prod/db' }, ['x', []]],
  ['additional_fields', { new_field: { x: '0 * * * *' } }, ['x', []]],
  ['destination_schema_names', 'SOURCE_NAMING', ['source_naming']],
  ['destination_configuration', { virtual_warehouse: 'W', new: 1 }, ['W']],
  [
    'connect_card_config',
    { redirect_uri: 'http://localhost/x', new: 1 },
    [{}, 'https://x.example'],
  ],
  ['copy_from', 'x', ['', 5]],
  ['trusted_fingerprints', [], [5, [5]]],
  ['schema_change_handling', 'ALLOW_COLUMNS', ['ALLOW', 'allow_all', true]],
  ['summary', false, ['no']],
  ['comment', true, ['yes', 1]],
  ['github_token', 'ghs_x', ['', 5]],
  ['comment_key', '3', ['', 5]],
  ['request_timeout_seconds', 1, [0, 3601, 1.5]],
  ['sync_timeout_minutes', 10_080, []],
  ['sync_timeout_minutes', 0.5, [0, -1, 10_081, '60', Number.NaN]],
  ['max_parallel', 100, [0, 101, 1.5]],
  ['shard', '0/4', ['4/4', '1', 'a/b', 0.25]],
  ['rate_limit_wait_minutes', 0, [-1, 361, '10']],
  ['rate_limit_wait_minutes', 360, [Number.NaN]],
  ['update_secrets', false, ['no', 0]],
  ['api_url', 'https://fivetran.example', ['', 'nonsense', 5]],
])('%s accepts %j', (field, good, bad) => {
  expect(brokenRules(field, good)).toEqual([]);
  for (const value of bad) {
    expect([value, brokenRules(field, value)]).toEqual([value, [expect.stringMatching(/^must /)]]);
  }
});

test.each([
  ['sync_frequency', 'must be 1, 5, 15, 30, 60, 120, 180, 360, 480, 720, or 1440'],
  ['schedule_type', 'must be auto or manual'],
  ['data_delay_sensitivity', 'must be LOW, NORMAL, HIGH, CUSTOM, or SYNC_FREQUENCY'],
  ['networking_method', 'must be Directly, PrivateLink, SshTunnel, or ProxyAgent'],
  ['destination_schema_names', 'must be FIVETRAN_NAMING or SOURCE_NAMING'],
  ['schema_change_handling', 'must be ALLOW_ALL, ALLOW_COLUMNS, or BLOCK_ALL'],
  ['if_exists', 'must be fail, reuse, or update'],
  ['paused', 'must be true or false'],
  ['daily_sync_time', 'must be a full hour from "00:00" to "23:00"'],
  ['data_delay_threshold', 'must be a whole number, 0 or more'],
  ['request_timeout_seconds', 'must be a whole number from 1 to 3600'],
])('%s says what it accepts', (field, rule) => {
  expect(brokenRules(field, 'other')).toEqual([rule]);
});

test.each([1, 5, 15, 30, 60, 120, 180, 360, 480, 720, 1440])(
  'sync_frequency accepts %d',
  (minutes) => {
    expect(brokenRules('sync_frequency', minutes)).toEqual([]);
  },
);

test.each([
  [{ redirect_uri: 'git+https://x.example' }, 'must be an http or https URL'],
  [{ redirect_uri: '/path' }, 'must be an http or https URL'],
  [{ redirect_uri: 5 }, 'must be an http or https URL'],
  [{ redirect_uri: 'https://x.example', hide_setup_guide: 'true' }, 'must be true or false'],
  [{ redirect_uri: 'https://x.example', all_fields: 1 }, 'must be true or false'],
])('connect_card_config refuses %j', (value, rule) => {
  expect(brokenRules('connect_card_config', value)).toEqual([rule]);
});

test.each([
  'https://api.fivetran.com',
  'https://api.fivetran.com/',
  'http://localhost:8080',
  'http://127.0.0.1:1',
  'http://127.9.9.9',
  'http://[::1]:8080',
  'HTTPS://API.FIVETRAN.COM',
])('api_url may be %s', (url) => {
  expect(brokenRules('api_url', url)).toEqual([]);
});

test.each([
  'http://api.fivetran.com',
  'http://localhost.evil.example',
  'http://notlocalhost',
  'http://127.0.0.1.evil.example',
  'http://evil.example/localhost',
  'http://0.0.0.0',
  'https://:secret@api.fivetran.com',
  'https://ann@api.fivetran.com',
  'https://api.fivetran.com?x=1',
  'https://api.fivetran.com#x',
  'https://api.fivetran.com?',
  'https://api.fivetran.com#',
  'ftp://localhost',
  'api.fivetran.com',
  '//api.fivetran.com',
])('api_url may not be %s', (url) => {
  expect(brokenRules('api_url', url)).toEqual([
    'must be an https URL, or http on a loopback address, without user, path, query, or fragment',
  ]);
});

test.each([
  ['https://api.fivetran.com/v1', 'https://api.fivetran.com'],
  ['https://api.fivetran.com/v1/', 'https://api.fivetran.com'],
  ['http://localhost:8080//', 'http://localhost:8080'],
])('api_url may not be %s, which has a path', (url, origin) => {
  expect(brokenRules('api_url', url)).toEqual([`must not have a path: write ${origin}`]);
});

test.each([
  ['paused', 'true', true],
  ['paused', 'TRUE', true],
  ['paused', 'True', true],
  ['paused', 'False', false],
  ['paused', 'FALSE', false],
  ['paused', 'yes', 'yes'],
  ['paused', 'tRUE', 'tRUE'],
  ['sync_frequency', '60', 60],
  ['sync_frequency', '7', '7'],
  ['sync_frequency', '060', '060'],
  ['sync_frequency', '60.0', '60.0'],
  ['data_delay_threshold', '1e3', '1e3'],
  ['data_delay_threshold', '0x10', '0x10'],
  ['data_delay_threshold', '+5', '+5'],
  ['data_delay_threshold', '0', 0],
  ['sync_timeout_minutes', '0.5', 0.5],
  ['sync_timeout_minutes', 'Infinity', 'Infinity'],
  ['group_id', 'true', 'true'],
  ['private_link_id', '0042', '0042'],
  ['private_link_id', '42', '42'],
])('%s: %s is read as %j', (field, text, value) => {
  expect(typed(inputFields[field as keyof typeof inputFields], text)).toBe(value);
});

test('listItems skips comments, and keeps PEM text whole', () => {
  expect(listItems('# ours\nSHA256:a\n  # theirs\nb # kept\n#')).toEqual(['SHA256:a', 'b # kept']);
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
  expect(listItems(`a\n${pem}\n${pem}\n\nb`)).toEqual(['a', `${pem}\n${pem}`, 'b']);
  expect(listItems('-----BEGIN CERTIFICATE-----\nMIIB')).toEqual([
    '-----BEGIN CERTIFICATE-----\nMIIB',
  ]);
});

test('listItems returns the trimmed lines that are not empty', () => {
  expect(listItems(' a \r\n\n  b c\n \n')).toEqual(['a', 'b c']);
  expect(listItems('')).toEqual([]);
});
