import { annotated, runStep } from './step.ts';

type Inputs = Record<string, string>;
/** Inputs, and what the error says: of which field, what was given, what is allowed. */
type EntryReport = [inputs: Inputs, field: string, given: string, allowed: string];

/** Fails the test unless these inputs end the step before any request; gives the one error. */
async function refusalOf(inputs: Inputs): Promise<string> {
  const ran = await runStep({ inputs });
  expect(ran.requests).toHaveLength(0);
  expect(ran.exitCode).toBe(1);
  expect(ran.outputs).toEqual({});
  const errors = annotated(ran, 'error');
  expect(errors).toHaveLength(1);
  return errors.join();
}

const frequencies = '1, 5, 15, 30, 60, 120, 180, 360, 480, 720 or 1440';
const hour = 'a full hour, from "00:00" to "23:00"';
const mapping = 'a YAML or JSON mapping of names to values';
const count = 'a whole number from 0 up';
const url = 'an https URL, or http on a loopback address';

/** Each round is one step, which has all of its rows' problems. */
const rounds: EntryReport[][] = [
  [
    [{ sync_frequency: '7' }, 'sync_frequency', '"7"', frequencies],
    [{ daily_sync_time: '14:30' }, 'daily_sync_time', '"14:30"', hour],
    [
      { data_delay_sensitivity: 'normal' },
      'data_delay_sensitivity',
      '"normal"',
      'LOW, NORMAL, HIGH, CUSTOM or SYNC_FREQUENCY',
    ],
    [{ data_delay_threshold: '-1' }, 'data_delay_threshold', '-1', count],
    [{ schedule_type: 'AUTO' }, 'schedule_type', '"AUTO"', 'auto or manual'],
    [
      { networking_method: 'Direct' },
      'networking_method',
      '"Direct"',
      'Directly, PrivateLink, SshTunnel or ProxyAgent',
    ],
    [
      { destination_schema_names: 'MINE' },
      'destination_schema_names',
      '"MINE"',
      'FIVETRAN_NAMING or SOURCE_NAMING',
    ],
    [{ paused: 'yes' }, 'paused', '"yes"', 'true or false'],
    [{ run_setup_tests: '1' }, 'run_setup_tests', '"1"', 'true or false'],
    [{ trust_certificates: 'on' }, 'trust_certificates', '"on"', 'true or false'],
    [{ summary: 'tRUE' }, 'summary', '"tRUE"', 'true or false'],
    [
      { request_timeout_seconds: '0' },
      'request_timeout_seconds',
      '0',
      'a whole number from 1 to 3600',
    ],
    [{ api_url: 'http://api.fivetran.com' }, 'api_url', '"http://api.fivetran.com"', url],
    [{ config: '- a\n- b' }, 'config', 'a list', mapping],
    [{ auth: 'just words' }, 'auth', 'a string', mapping],
    [
      { connect_card_config: 'redirect_uri: ftp://x' },
      'connect_card_config.redirect_uri',
      '"ftp://x"',
      'http or https',
    ],
    [{ group_id: '' }, 'group_id', 'missing', 'destination group'],
    [{ service: ' ' }, 'service', 'missing', 'connector type'],
    [{ api_key: '' }, 'api_key', 'missing', 'FIVETRAN_APIKEY'],
    [{ api_secret: '' }, 'api_secret', 'missing', 'FIVETRAN_APISECRET'],
  ],
  [
    [{ sync_frequency: 'hourly' }, 'sync_frequency', '"hourly"', frequencies],
    [{ daily_sync_time: '24:00' }, 'daily_sync_time', '"24:00"', hour],
    [{ data_delay_threshold: 'many' }, 'data_delay_threshold', '"many"', count],
    [{ api_url: 'api.fivetran.com' }, 'api_url', '"api.fivetran.com"', url],
    [{ config: 'a: 1\nb: [2' }, 'config', 'malformed YAML', 'line 2, column 6'],
    [{ auth: '{"a": 1,, "b": 2}' }, 'auth', 'malformed YAML', 'line 1, column 9'],
    [
      { connect_card_config: 'all_fields: 1' },
      'connect_card_config.redirect_uri',
      'nothing',
      'http or https',
    ],
    [{}, 'connect_card_config.all_fields', '1', 'true or false'],
    [{ destination_configuration: '[LOAD]' }, 'destination_configuration', 'a list', mapping],
  ],
  [
    [
      { sync_frequency: '60', daily_sync_time: '14:00' },
      'daily_sync_time',
      '"14:00"',
      'only beside sync_frequency 1440, and it came with 60',
    ],
    [
      { data_delay_threshold: '60', data_delay_sensitivity: 'NORMAL' },
      'data_delay_threshold',
      '60',
      'CUSTOM',
    ],
    [
      { config: 'a: {b: ["${ONE} ${TWO}"]}\nid: 12345678901234567890' },
      'config.a.b[0]',
      '${ONE}',
      '${ONE:-default}',
    ],
    [{}, 'config.a.b[0]', '${TWO}', '${TWO:-default}'],
    [{}, 'config.id', 'number', 'put it in quotes'],
    [{ auth: 'a: ${}' }, 'auth.a', '${', '${NAME:-default}'],
  ],
];

describe.each(rounds.map((rows, at) => ({ name: `Round ${at + 1}`, rows })))(
  '$name',
  ({ rows }) => {
    let error: string;

    beforeAll(async () => {
      error = await refusalOf(Object.assign({}, ...rows.map(([inputs]) => inputs)));
    });

    test.each(rows)('%j is refused', (_inputs, field, given, allowed) => {
      const told = error.split('\n').filter((line) => line.startsWith(`- ${field}: `));
      expect(told).toContainEqual(expect.stringContaining(given));
      expect(told.find((line) => line.includes(given))).toContain(allowed);
    });

    test('says how many problems there are, each once, and that nothing was sent', () => {
      const told = error.split('\n').filter((line) => line.startsWith('- '));
      expect(new Set(told).size).toBe(told.length);
      expect(told.length).toBeGreaterThanOrEqual(rows.length);
      expect(error).toContain(
        `${told.length} problems with the inputs; nothing was sent to Fivetran`,
      );
    });
  },
);

test('a single problem is one sentence', async () => {
  expect(await refusalOf({ daily_sync_time: '14:00' })).toBe(
    'daily_sync_time: got "14:00"; allowed: only beside sync_frequency 1440, and it came with none. ' +
      'Nothing was sent to Fivetran.',
  );
});

test('missing keys are told with the usual causes', async () => {
  const error = await refusalOf({ api_key: '', api_secret: '' });
  for (const word of ['fork', 'Dependabot', 'misspelt']) expect(error).toContain(word);
});
