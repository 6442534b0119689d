import { linesOf, read } from './reading.ts';

type Inputs = Record<string, string>;
/** Inputs, and what the error says: of which field, and which words. */
type Row = [inputs: Inputs, field: string, ...words: string[]];

const frequencies = 'must be 1, 5, 15, 30, 60, 120, 180, 360, 480, 720, or 1440';
const hour = 'must be a full hour from "00:00" to "23:00"';
const mapping = 'must be a YAML or JSON mapping';
const count = 'must be a whole number, 0 or more';
const url = 'must be an https URL, or http on a loopback address';

/** Each round is one step, which has all of its rows' problems. */
const rounds: Row[][] = [
  [
    [{ sync_frequency: '7' }, 'sync_frequency', `${frequencies}, got 7.`],
    [{ daily_sync_time: '14:30' }, 'daily_sync_time', `${hour}, got "14:30".`],
    [
      { data_delay_sensitivity: 'normal' },
      'data_delay_sensitivity',
      'must be LOW, NORMAL, HIGH, CUSTOM, or SYNC_FREQUENCY, got "normal".',
    ],
    [{ data_delay_threshold: '-1' }, 'data_delay_threshold', `${count}, got -1.`],
    [{ schedule_type: 'AUTO' }, 'schedule_type', 'must be auto or manual, got "AUTO".'],
    [{ networking_method: 'Direct' }, 'networking_method', 'Directly, PrivateLink,', '"Direct"'],
    [
      { destination_schema_names: 'MINE' },
      'destination_schema_names',
      'must be FIVETRAN_NAMING or SOURCE_NAMING, got "MINE".',
    ],
    [{ paused: 'yes' }, 'paused', 'must be true or false, got "yes".'],
    [{ run_setup_tests: '1' }, 'run_setup_tests', 'must be true or false, got 1.'],
    [{ trust_certificates: 'on' }, 'trust_certificates', 'must be true or false, got "on".'],
    [{ summary: 'tRUE' }, 'summary', 'must be true or false, got "tRUE".'],
    [{ comment: 'no' }, 'comment', 'must be true or false, got "no".'],
    [{ request_timeout_seconds: '0' }, 'request_timeout_seconds', 'from 1 to 3600, got 0.'],
    [{ api_url: 'http://api.fivetran.com' }, 'api_url', url, 'got "http://api.fivetran.com".'],
    [{ config: '- a\n- b' }, 'config', `${mapping}, got a list.`],
    [{ auth: 'just words' }, 'auth', `${mapping}, got a string.`],
    [
      { connect_card_config: 'redirect_uri: ftp://x' },
      'connect_card_config.redirect_uri',
      'must be an http or https URL, got "ftp://x".',
    ],
    [{ group_id: '' }, 'group_id', 'required. Set it to the ID of the group.'],
    [{ service: ' ' }, 'service', 'required. Set it to the connector type'],
    [{ api_key: '', api_secret: '' }, 'api_key', 'missing. Set api_key and api_secret'],
  ],
  [
    [{ sync_frequency: 'hourly' }, 'sync_frequency', `${frequencies}, got "hourly".`],
    [{ daily_sync_time: '24:00' }, 'daily_sync_time', `${hour}, got "24:00".`],
    [{ data_delay_threshold: 'many' }, 'data_delay_threshold', `${count}, got "many".`],
    [{ api_url: 'api.fivetran.com' }, 'api_url', url],
    [{ config: 'a: 1\nb: [2' }, 'config', 'not valid YAML at line 2, column 4'],
    [{ auth: '{"a": 1,, "b": 2}' }, 'auth', 'not valid JSON or YAML at line 1, column 9'],
    [
      { connect_card_config: 'all_fields: 1' },
      'connect_card_config.redirect_uri',
      'must be an http or https URL, got nothing.',
    ],
    [{}, 'connect_card_config.all_fields', 'must be true or false, got 1.'],
    [
      { destination_configuration: '[LOAD]' },
      'destination_configuration',
      `${mapping}, got a list.`,
    ],
    [{ additional_fields: '[x]' }, 'additional_fields', `${mapping}, got a list.`],
    [{ schemas: 'public' }, 'schemas', `${mapping}, got a string.`],
    [{ schema_change_handling: 'ALLOW' }, 'schema_change_handling', 'must be ALLOW_ALL'],
    [{ comment: 'true' }, 'github_token', 'required with comment: true.'],
    [{ shard: '0/2' }, 'shard', 'can only be set with manifest.'],
  ],
  [
    [
      { sync_frequency: '60', daily_sync_time: '14:00' },
      'daily_sync_time',
      'requires sync_frequency: 1440',
    ],
    [
      { data_delay_threshold: '60', data_delay_sensitivity: 'NORMAL' },
      'data_delay_threshold',
      'requires data_delay_sensitivity: CUSTOM',
    ],
    [
      { config: 'a: {b: ["${ONE} ${TWO}"]}\nid: 12345678901234567890\nversion: 3.10' },
      'config.a.b[0]',
      'environment variable ONE is not set',
      '${ONE:-default}',
    ],
    [{}, 'config.a.b[0]', 'environment variable TWO is not set', '${TWO:-default}'],
    [{}, 'config.id', 'Put it in quotes: "12345678901234567890".'],
    [{}, 'config.version', '3.10 would become 3.1. Put it in quotes: "3.10".'],
    [{ auth: 'a: ${}' }, 'auth.a', 'invalid reference', '${NAME:-default}'],
    [
      { connect_card_config: 'redirect_uri: ${CARD}\nall_fields: ${ALL:-maybe}' },
      'connect_card_config.redirect_uri',
      'environment variable CARD is not set',
    ],
    [{}, 'connect_card_config.all_fields', 'must be true or false, got "maybe".'],
  ],
];

describe.each(rounds.map((rows, at) => ({ name: `Round ${at + 1}`, rows })))(
  '$name',
  ({ rows }) => {
    const inputs: Inputs = Object.assign({}, ...rows.map(([one]) => one));

    test.each(rows)('%j is refused', async (_inputs, field, ...words) => {
      const lines = linesOf(await read(inputs)).filter((line) => line.startsWith(`${field}: `));
      expect(lines.filter((line) => words.every((word) => line.includes(word)))).toHaveLength(1);
    });

    test('has no other problem, and no duplicates', async () => {
      const { problems, error } = await read(inputs);
      expect(problems).toHaveLength(rows.length);
      expect(error).toMatch(
        new RegExp(`^${rows.length} problems with the inputs. Nothing was sent to Fivetran.\n- `),
      );
    });
  },
);

const pem = `-----BEGIN CERTIFICATE-----\n${'MIIB\n'.repeat(20)}-----END CERTIFICATE-----\n`;
const print = 'mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE';

test.each<Row>([
  [
    { trusted_certificates: pem + pem },
    'trusted_certificates[0]',
    'openssl x509 -in certificate.pem -noout -fingerprint -sha256',
    'got a PEM file.',
  ],
  [
    { trusted_fingerprints: pem },
    'trusted_fingerprints[0]',
    'must be an SSH host key',
    'a PEM file',
  ],
  [{ trusted_fingerprints: print }, 'trusted_fingerprints[0]', 'must begin with SHA256:', print],
  [{ trusted_fingerprints: `${print}=` }, 'trusted_fingerprints[0]', 'must begin with SHA256:'],
  [{ trusted_fingerprints: print + print }, 'trusted_fingerprints[0]', 'must be an SSH host key'],
  [
    { trusted_fingerprints: `# ours\nSHA256:${print}\nSHA256:x` },
    'trusted_fingerprints[1]',
    'must be an SSH host key',
    'got "SHA256:x".',
  ],
  [
    { api_url: 'https://api.fivetran.com/v1' },
    'api_url',
    'must not have a path: write https://api.fivetran.com, got',
  ],
  [{ rate_limit_wait_minutes: '361' }, 'rate_limit_wait_minutes', 'from 0 to 360, got 361.'],
  [{ config: '- a', if_exists: 'reuse' }, 'config', mapping],
  [
    { destination_configuration: 'virtual_warehouse: ""' },
    'destination_configuration.virtual_warehouse',
    'must not be empty, got "".',
  ],
  [{ update_secrets: 'no' }, 'update_secrets', 'must be true or false, got "no".'],
  [
    { schedule: 'schedule_type: auto' },
    'schedule.schedule_type',
    'INTERVAL, TIME_OF_DAY',
    '"auto"',
  ],
  [{ manifest: '.\\x.yml' }, 'manifest', '".\\x.yml" does not exist', 'Use / between folders.'],
])('%j is one problem', async (inputs, field, ...words) => {
  const [line = '', ...more] = linesOf(await read(inputs));
  expect(more).toEqual([]);
  expect(line.startsWith(`${field}: `)).toBe(true);
  for (const word of words) expect(line).toContain(word);
});

test('a number in another notation is refused, not converted', async () => {
  for (const sync_frequency of ['060', '60.0', '6e1', '+60']) {
    expect(linesOf(await read({ sync_frequency }))).toEqual([
      expect.stringMatching(/^sync_frequency: must be 1, 5, .* got /),
    ]);
  }
});

test('errors about api_url hide everything before @ and after ? or #', async () => {
  for (const api_url of [
    'https://ann:hunter2@fivetran.example',
    'https://fivetran.example?key=hunter2',
    'https://fivetran.example#hunter2',
    'https://fivetran.example/#a@hunter2',
    'https://hunter2#@fivetran.example',
  ]) {
    const { error } = await read({ api_url });
    expect(error).toMatch(/^api_url: must be an https URL/);
    expect(error).not.toContain('hunter2');
  }
});

const secret = 'hunter2hunter2';

test('problems of other inputs do not quote the values of a mapping', async () => {
  const config = `{host: ${secret}, password: "x${secret}", "a": "\${UNSET}"}`;
  const { error } = await read({ config, sync_frequency: '7', auth: `[${secret}]` });
  expect(error).toMatch(/^3 problems/);
  expect(error).not.toContain('hunter2');
});

test('a value from ${NAME} is never quoted, in any input', async () => {
  const env = { TOKEN: secret, CARD: `ftp://x.example/${secret}` };
  const { error } = await read(
    {
      connect_card_config: 'redirect_uri: ${CARD}${CARD}\nall_fields: "${TOKEN}"',
      destination_configuration: 'virtual_warehouse: ["${TOKEN}"]',
      schema_change_handling: 'ALLOW_ALL',
      schemas: '"${TOKEN}": {tables: {x: {sync_mode: "${TOKEN}"}, "${TOKEN}": {y: 1}}}',
    },
    env,
  );
  expect(error).toMatch(/^5 problems/);
  expect(error).toContain('must be an http or https URL, got the value of ${CARD}.');
  expect(error).toContain(
    'sync_mode: must be SOFT_DELETE, HISTORY, or LIVE, got the value of ${TOKEN}.',
  );
  expect(error).toContain('schemas.${TOKEN}.tables.${TOKEN}.y: unknown field');
  expect(error).not.toContain('hunter2');
});

test('a private key in the wrong input is not quoted', async () => {
  const trusted_fingerprints = '-----BEGIN OPENSSH PRIVATE KEY-----';
  const { error } = await read({ trusted_fingerprints, private_link_id: 'x' });
  expect(error).toContain('trusted_fingerprints[0]: must be an SSH host key');
  expect(error).toContain('got a string.');
});
