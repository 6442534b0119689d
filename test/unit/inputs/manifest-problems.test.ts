import { formatPath } from '../../../src/inputs/problem.ts';
import { linesOf, readManifest } from './reading.ts';

/** The mistakes of one file: a part of its line, the field, and what the message says. */
const mistakes: [line: string, field: string, message: RegExp][] = [
  ['conections:', 'conections', /^unknown field\. Did you mean connections\?$/],
  ['pause_after_trial: perhaps', 'defaults.pause_after_trial', /true or false, got "perhaps"\.$/],
  ['servise: github', 'connections.crm.servise', /^unknown field\. Did you mean service\?$/],
  ['wait_for_sync: true', 'connections.crm.wait_for_sync', /^an input of the step/],
  ['twice: {sync_frequency: 60}', 'connections.twice', /^duplicate key at line 12\.$/],
  [
    'config: [schema]',
    'connections.ads.config',
    /^must be a mapping of names to values, got a list/,
  ],
  [
    'sync_frequency: 7',
    'connections.ads.sync_frequency',
    /^must be 1, 5, 15, 30, 60, .*, got 7\.$/,
  ],
  [
    'if_exists: maybe',
    'connections.ads.if_exists',
    /^must be fail, reuse, or update, got "maybe"\.$/,
  ],
  ['service: 15', 'connections.mail.service', /^must be a string, got 15\.$/],
  ['paused: "yes"', 'connections.mail.paused', /^must be true or false, got "yes"\.$/],
  [
    '- "SHA256:abc"',
    'connections.mail.trusted_fingerprints[0]',
    /^must be an SSH host key: .* got "SHA256:abc"\.$/,
  ],
  [
    'trusted_certificates: [beef]',
    'connections.mail.trusted_certificates[0]',
    /^must be the SHA-256 fingerprint .* got "beef"\.$/,
  ],
  ['password: ${UNSET}', 'connections.shop.config.password', /variable UNSET is not set/],
  [
    'host: ${{ secrets.HOST }}',
    'connections.shop.config.host',
    /GitHub does not evaluate \$\{\{ \}\}/,
  ],
  [
    '- 12345678901234567890',
    'connections.shop.config.accounts[1]',
    /Put it in quotes: "12345678901234567890"\.$/,
  ],
  ['version: 18.0', 'connections.shop.config.version', /^18\.0 would become 18\. /],
  [
    'twin_a: *twin',
    'connections.twin_a',
    /^results in the same group and connection name as connections\.twin\./,
  ],
  ['plain: 5', 'connections.plain', /^must be a mapping of fields, got a number\.$/],
  ['constructor: x', 'connections.odd.constructor', /^unknown field\./],
  ['__proto__: {paused: maybe}', 'connections.odd.__proto__', /^unknown field\./],
  [
    'paused: true}',
    'connections.odd.additional_fields.paused',
    /^the action supports paused itself/,
  ],
];

const file = `# The mistakes of this file stand in the test.
conections: {}
defaults:
  group_id: decent_dropsy
  service: anything
  pause_after_trial: perhaps
connections:
  crm:
    servise: github
    wait_for_sync: true
  twice: {sync_frequency: 30}
  twice: {sync_frequency: 60}
  ads:
    config: [schema]
    sync_frequency: 7
    if_exists: maybe
  mail:
    service: 15
    paused: "yes"
    trusted_fingerprints:
      - "SHA256:abc"
    trusted_certificates: [beef]
  shop:
    config:
      schema: shop
      password: \${UNSET}
      host: \${{ secrets.HOST }}
      accounts:
        - 1
        - 12345678901234567890
      version: 18.0
  twin: &twin
    config: {schema: twins}
  twin_a: *twin
  twin_elsewhere:
    group_id: quaint_harbor
    config: {schema: twins}
  plain: 5
  odd:
    constructor: x
    __proto__: {paused: maybe}
    additional_fields: {paused: true}
`;

const lineWith = (part: string) => file.split('\n').findIndex((line) => line.includes(part)) + 1;

test('all problems of a file are reported at once, with file, line and field', async () => {
  const { problems, error } = await readManifest(file);
  const found = problems.map(({ path, ...problem }) => ({ ...problem, field: formatPath(path) }));
  for (const [part, field, message] of mistakes) {
    expect(found).toContainEqual({
      file: 'manifest.yml',
      line: lineWith(part),
      field,
      message: expect.stringMatching(message),
    });
  }
  expect(problems).toHaveLength(mistakes.length);
  expect(error).toMatch(
    /^21 problems with the inputs\. Nothing was sent to Fivetran\.\n- manifest/,
  );
});

test('a JSON manifest has the same problems, at its own lines', async () => {
  const json = `{
  "defaults": {"group_id": "g", "service": "s"},
  "connections": {
    "a": {
      "config": {"schema": "x", "version": 3.10},
      "pausd": true
    },
    "b": {"paused": "maybe"},
    "b": {},
    "c": {"config": {"a": {
      "": 1}}, "schema_change_handling": "ALLOW"}
  }
}`;
  expect(linesOf(await readManifest(json))).toEqual([
    expect.stringMatching(/^manifest\.yml:5: connections\.a\.config\.version: .*Put it in quotes/),
    expect.stringMatching(/^manifest\.yml:6: connections\.a\.pausd: unknown field/),
    expect.stringMatching(/^manifest\.yml:9: connections\.b: duplicate key/),
    expect.stringMatching(/^manifest\.yml:11: connections\.c\.config\.a: empty key/),
    expect.stringMatching(/^manifest\.yml:11: connections\.c\.schema_change_handling: must be/),
  ]);
});

test('problems of inputs and of the manifest are reported together', async () => {
  const inputs = { sync_frequency: '7', paused: 'maybe' };
  expect(linesOf(await readManifest('conections: {}', inputs))).toEqual([
    expect.stringMatching(/^paused: must be true or false, got "maybe"/),
    expect.stringMatching(/^sync_frequency: must be .*, got 7/),
    expect.stringMatching(/^manifest\.yml:1: conections: unknown field/),
    expect.stringMatching(/^manifest\.yml:1: connections: must be a mapping .*, got nothing/),
  ]);
});

test('a required field that no layer supplies is reported for its entry', async () => {
  const text = `connections:
  crm: {group_id: decent_dropsy}
  ads: {service: anything}
  mail:
`;
  expect(linesOf(await readManifest(text))).toEqual([
    expect.stringMatching(/^manifest\.yml:2: connections\.crm\.service: required/),
    expect.stringMatching(/^manifest\.yml:3: connections\.ads\.group_id: required/),
    expect.stringMatching(/^manifest\.yml:4: connections\.mail\.group_id: required/),
    expect.stringMatching(/^manifest\.yml:4: connections\.mail\.service: required/),
  ]);
});

test('rules between fields apply to the merged entry', async () => {
  const text = `defaults: {group_id: decent_dropsy, service: anything, daily_sync_time: "03:00", data_delay_threshold: 5}
connections:
  right:
    sync_frequency: 1440
  hourly:
    sync_frequency: 60
  nameless:
    sync_frequency: 1440
    if_exists: reuse
  trusting:
    sync_frequency: 1440
    trust_certificates: true
    trusted_certificates: [${'ab'.repeat(32)}]
  unset:
    sync_frequency: \${UNSET}
`;
  const inputs = { config: 'host: db.example.com', data_delay_sensitivity: 'custom' };
  expect(linesOf(await readManifest(text, inputs))).toEqual([
    expect.stringMatching(/^data_delay_sensitivity: must be LOW/),
    expect.stringMatching(
      /:5: connections\.hourly\.daily_sync_time: requires sync_frequency: 1440/,
    ),
    expect.stringMatching(/:9: connections\.nameless\.if_exists: reuse and update need a name/),
    expect.stringMatching(/:12: connections\.trusting\.trust_certificates: must not be true/),
    expect.stringMatching(/:15: connections\.unset\.sync_frequency: .* UNSET is not set/),
  ]);
});

test('two entries with the same name in the same group are refused', async () => {
  const text = `defaults: {service: anything, config: {table: daily}}
connections:
  one: {config: {schema: "crm_\${NUMBER}"}}
  two: {config: {schema: crm_secret42}}
  three: {config: {schema: crm.secret42}}
  prefix: {config: {schema_prefix: crm_secret42.daily}}
  normalized: {config: {schema: CRM-Secret42}}
  other_table: {config: {schema: crm_secret42, table: hourly}}
  other_group: {config: {schema: crm_secret42}, group_id: quaint_harbor}
  nameless: {config: {table: null}}
  nameless_too: {config: {table: null}}
  unset: {config: {schema: "crm_\${UNSET}"}}
  unset_too: {config: {schema: "crm_\${UNSET}"}}
`;
  const reading = await readManifest(text, { group_id: 'decent_dropsy' }, { NUMBER: 'secret42' });
  const message =
    'results in the same group and connection name as connections.one. Names must be unique within a group.';
  expect(linesOf(reading)).toEqual([
    `manifest.yml:4: connections.two: ${message}`,
    `manifest.yml:5: connections.three: ${message}`,
    `manifest.yml:7: connections.normalized: ${message}`,
    expect.stringMatching(/:12: connections\.unset\.config\.schema: .* UNSET is not set/),
    expect.stringMatching(/:13: connections\.unset_too\.config\.schema: .* UNSET is not set/),
  ]);
});

test('a value from ${NAME} is never quoted, in any field of a manifest', async () => {
  const fields = ['paused', 'sync_frequency', 'if_exists', 'service', 'trusted_fingerprints'];
  const others = [
    'group_id: {x: "${PW}"}',
    'config: "${PW}"',
    'schemas: {"${PW}": 5}',
    '"${PW}": 5',
  ];
  const text = `connections:
  crm:
${fields.map((field) => `    ${field}: "x\${PW}"\n`).join('')}${others.map((line) => `    ${line}\n`).join('')}`;
  const { error, problems } = await readManifest(text, {}, { PW: 'hunter2\nhunter3' });
  expect(problems.length).toBeGreaterThanOrEqual(fields.length - 1 + others.length);
  expect(error).toContain('connections.crm.paused: must be true or false, got the value of ${PW}.');
  expect(error).toContain('connections.crm.trusted_fingerprints[1]: must be an SSH host key');
  expect(error).not.toMatch(/hunter[23]/);
});

test('a value of a field that may hold secrets is not quoted', async () => {
  const fields = [
    'config: hunter2',
    'auth: hunter2',
    'additional_fields: hunter2',
    'external_secrets_keys_config: hunter2',
  ];
  const { error } = await readManifest(
    `connections:\n  crm:\n${fields.map((line) => `    ${line}\n`).join('')}`,
  );
  for (const [field = ''] of fields.map((line) => line.split(':'))) {
    expect(error).toMatch(new RegExp(`connections\\.crm\\.${field}\\S*: must be .*, got a `));
  }
  expect(error).not.toContain('hunter2');
});

test.each([
  ...['wait_for_sync', 'state', 'dry_run', 'api_url', 'max_parallel', 'shard', 'api_key'],
  ...['api_secret', 'comment', 'github_token', 'manifest', 'connection_id'],
])('%s is an input of the step, not a field of a connection', async (name) => {
  const entry = { group_id: 'decent_dropsy', service: 'anything', [name]: 'true' };
  expect(linesOf(await readManifest({ connections: { crm: entry } }))).toEqual([
    `manifest.yml:6: connections.crm.${name}: an input of the step, not a field of a connection. Set it in the workflow.`,
  ]);
});

test('connection_id cannot be combined with a manifest', async () => {
  const entry = { group_id: 'decent_dropsy', service: 'anything', config: { schema: 'crm' } };
  const inputs = { state: 'absent', connection_id: 'some_one' };
  const { problems } = await readManifest({ connections: { crm: entry } }, inputs);
  expect(problems).toEqual([
    { path: ['connection_id'], message: 'must not be set together with manifest.' },
  ]);
});

test('names of built-in object properties are ordinary names', async () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
  const entries = names.map(
    (name) => `  ${name}: {group_id: g, service: s, config: {schema: ${name}}}`,
  );
  const { settings, error } = await readManifest(`connections:\n${entries.join('\n')}`);
  expect(error).toBe('');
  expect(settings?.target).toMatchObject({
    entries: names.map((name) => ({ name, spec: { request: { config: { schema: name } } } })),
  });
});

test.each([
  ['host: db', 'unknown field. A setting of the connector belongs in config: write config.host.'],
  ['schema: crm', 'belongs in config, as it names the connection: write config.schema.'],
  [
    'schema_prefix: crm',
    'belongs in config, as it names the connection: write config.schema_prefix.',
  ],
  ['tables: {users: }', 'belongs in schemas, under the name of a schema, table, or column.'],
  ['hashed: true', 'belongs in schemas, under the name of a schema, table, or column.'],
  ['sync_mode: LIVE', 'belongs in schemas, under the name of a schema, table, or column.'],
  ['schedule_type: x', 'must be auto or manual, got "x".'],
  ['cron: x', 'belongs in schedule: write schedule.cron.'],
  [
    'virtual_warehouse: X',
    'belongs in destination_configuration: write destination_configuration.virtual_warehouse.',
  ],
  ['servise: x', 'unknown field. Did you mean service?'],
  ['schema: {public: }', 'unknown field. Did you mean schemas?'],
])('%s beside service says where it belongs', async (line, message) => {
  const [field = ''] = line.split(':');
  const manifest = `connections:\n  crm:\n    group_id: g\n    service: s\n    ${line}`;
  expect(linesOf(await readManifest(manifest))).toEqual([
    `manifest.yml:5: connections.crm.${field}: ${message}`,
  ]);
});

test.each(['schedule: {schedule_type: CRON}', 'group_id: g', 'config: {a: 1}'])(
  '%s beside connections says where it belongs',
  async (line) => {
    const [field = ''] = line.split(':');
    const manifest = `connections: {crm: {group_id: g, service: s}}\n${line}`;
    expect(linesOf(await readManifest(manifest))).toEqual([
      `manifest.yml:2: ${field}: belongs in an entry of connections, or in defaults for all of them: write defaults.${field}.`,
    ]);
  },
);

test('fields right under connections lack a name', async () => {
  const manifest = 'connections:\n  service: postgres\n  group_id: g';
  expect(linesOf(await readManifest(manifest))).toEqual([
    'manifest.yml:2: connections.service: must be a mapping of fields, got a string. A connection needs a name: write connections.NAME.service.',
    'manifest.yml:3: connections.group_id: must be a mapping of fields, got a string. A connection needs a name: write connections.NAME.group_id.',
  ]);
});

test('an input of the step beside connections says so', async () => {
  const manifest = 'max_parallel: 4\nconnections: {crm: {group_id: g, service: s}}';
  expect(linesOf(await readManifest(manifest))).toEqual([
    'manifest.yml:1: max_parallel: an input of the step, not a field of a connection. Set it in the workflow.',
  ]);
});
