import * as z from 'zod/mini';
import { requestFields, stepFields } from '../../src/inputs/fields.ts';

const fields = z.object({ ...requestFields, ...stepFields });

/** The messages for one field's value: what is allowed; none when it is. */
const refusals = (field: string, value: unknown) => {
  const given = {
    summary: true,
    request_timeout_seconds: 300,
    api_url: 'https://api.fivetran.com',
  };
  return (fields.safeParse({ ...given, [field]: value }).error?.issues ?? []).map(
    ({ message }) => message,
  );
};

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
  ['data_delay_sensitivity', 'SYNC_FREQUENCY', ['custom']],
  ['data_delay_threshold', 0, [-1, 1.5, '5', Number.NaN]],
  ['networking_method', 'ProxyAgent', ['Proxy']],
  ['private_link_id', 'x', ['', 5]],
  ['proxy_agent_id', 'x', ['']],
  ['hybrid_deployment_agent_id', 'x', ['']],
  ['external_secrets_manager_id', 'x', ['']],
  ['destination_schema_names', 'SOURCE_NAMING', ['source_naming']],
  ['destination_configuration', { virtual_warehouse: 'W' }, ['W']],
  ['connect_card_config', { redirect_uri: 'http://localhost:3000/x' }, [{}, 'https://x.example']],
  ['summary', false, ['no']],
  ['request_timeout_seconds', 1, [0, 3601, 1.5]],
  ['api_url', 'https://fivetran.example/base', ['', 'nonsense', 5]],
])('%s takes %j', (field, good, bad) => {
  expect(refusals(field, good)).toEqual([]);
  for (const value of bad)
    expect([value, refusals(field, value)]).toEqual([value, [expect.any(String)]]);
});

test.each([
  ['sync_frequency', '1, 5, 15, 30, 60, 120, 180, 360, 480, 720 or 1440'],
  ['schedule_type', 'auto or manual'],
  ['data_delay_sensitivity', 'LOW, NORMAL, HIGH, CUSTOM or SYNC_FREQUENCY'],
  ['networking_method', 'Directly, PrivateLink, SshTunnel or ProxyAgent'],
  ['destination_schema_names', 'FIVETRAN_NAMING or SOURCE_NAMING'],
  ['paused', 'true or false'],
  ['daily_sync_time', 'a full hour, from "00:00" to "23:00"'],
  ['data_delay_threshold', 'a whole number from 0 up'],
  ['request_timeout_seconds', 'a whole number from 1 to 3600'],
])('%s says what is allowed', (field, allowed) => {
  expect(refusals(field, 'other')).toEqual([allowed]);
});

test.each([1, 5, 15, 30, 60, 120, 180, 360, 480, 720, 1440])(
  'sync_frequency takes %d',
  (minutes) => {
    expect(refusals('sync_frequency', minutes)).toEqual([]);
  },
);

test.each([
  [{ redirect_uri: 'ftp://x.example' }, 'an http or https URL'],
  [{ redirect_uri: '/path' }, 'an http or https URL'],
  [{ redirect_uri: 5 }, 'an http or https URL'],
  [{ redirect_uri: 'https://x.example', hide_setup_guide: 'true' }, 'true or false'],
  [{ redirect_uri: 'https://x.example', all_fields: 1 }, 'true or false'],
])('connect_card_config refuses %j', (value, allowed) => {
  expect(refusals('connect_card_config', value)).toEqual([allowed]);
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
  expect(refusals('api_url', url)).toEqual([]);
});

test.each([
  'http://api.fivetran.com',
  'http://localhost.evil.example',
  'http://127.0.0.1.evil.example',
  'http://evil.example/localhost',
  'http://0.0.0.0',
  'https://ann:secret@api.fivetran.com',
  'https://ann@api.fivetran.com',
  'https://api.fivetran.com?x=1',
  'https://api.fivetran.com#x',
  'file:///etc/passwd',
  'api.fivetran.com',
  '//api.fivetran.com',
])('api_url may not be %s', (url) => {
  expect(refusals('api_url', url)).toEqual([
    'an https URL, or http on a loopback address, without user, query or fragment',
  ]);
});
