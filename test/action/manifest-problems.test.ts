import { problemsIn, readManifest } from './manifest-read.ts';
import { cleanUp, failureOf, runManifest } from './manifest-step.ts';

afterEach(cleanUp);

/** The mistakes of one file: a part of its line, the field, and what is said of it. */
const mistakes: [line: string, field: string, said: RegExp][] = [
  ['conections:', 'conections', /is unknown; nearest is connections\.$/],
  ['pause_after_trial: perhaps', 'defaults.pause_after_trial', /got "perhaps".*true or false/],
  ['servise: github', 'connections.crm.servise', /is unknown; nearest is service\.$/],
  ['wait_for_sync: true', 'connections.crm.wait_for_sync', /is an input of the step/],
  ['twice: {sync_frequency: 60}', '', /the key twice comes twice\.$/],
  ['config: [schema]', 'connections.ads.config', /got a list; allowed: a mapping/],
  ['sync_frequency: 7', 'connections.ads.sync_frequency', /got 7; allowed: 1, 5, 15, 30, 60/],
  ['if_exists: maybe', 'connections.ads.if_exists', /got "maybe"; allowed: fail, reuse or update/],
  ['service: 15', 'connections.mail.service', /got 15; allowed: a text/],
  ['paused: "true"', 'connections.mail.paused', /got "true"; allowed: true or false/],
  [
    '- "SHA256:abc"',
    'connections.mail.trusted_fingerprints.0',
    /got "SHA256:abc"; allowed: an SSH host key/,
  ],
  [
    'trusted_certificates: [beef]',
    'connections.mail.trusted_certificates.0',
    /got "beef"; allowed: the SHA-256 fingerprint/,
  ],
  ['password: ${UNSET}', 'connections.shop.config.password', /names \$\{UNSET\}.*not set/],
  [
    'host: ${{ secrets.HOST }}',
    'connections.shop.config.host',
    /has a \$\{ that no reference follows/,
  ],
  ['- 12345678901234567890', 'connections.shop.config.accounts[1]', /the number can not be sent/],
  [
    'twin_a: *twin',
    'connections.twin_a',
    /the name twins in group decent_dropsy.*connections\.twin/,
  ],
  ['plain: 5', 'connections.plain', /got a number; allowed: a mapping/],
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
    paused: "true"
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
  twin: &twin
    config: {schema: twins}
  twin_a: *twin
  twin_elsewhere:
    group_id: quaint_harbor
    config: {schema: twins}
  plain: 5
`;

const lineWith = (part: string) => file.split('\n').findIndex((line) => line.includes(part)) + 1;

test('all the mistakes of a file are told in one run, each once, with line and field', async () => {
  const ran = await runManifest(file);
  const problems = problemsIn(failureOf(ran));
  const told = mistakes.filter(([part, field, said]) => {
    const begin = `manifest.yml, line ${lineWith(part)}, `;
    const match = (one: string) => one.startsWith(begin) && one.includes(field) && said.test(one);
    return problems.some(match);
  });
  expect(told.map(([part]) => part)).toEqual(mistakes.map(([part]) => part));
  expect(problems).toHaveLength(mistakes.length);
  expect(failureOf(ran)).toMatch(/^17 problems with the inputs; nothing was sent to Fivetran\.\n/);
  expect(ran.exitCode).toBe(1);
  expect(ran.requests).toEqual([]);
  expect(ran.annotations).toHaveLength(1);
});

test('the problems of the inputs are told beside those of the file', async () => {
  const inputs = { sync_frequency: '7', paused: 'maybe' };
  const { failure } = await readManifest('conections: {}', inputs);
  expect(problemsIn(failure)).toEqual([
    expect.stringMatching(/^paused: got "maybe"/),
    expect.stringMatching(/^sync_frequency: got "7"/),
    expect.stringMatching(/^manifest\.yml, line 1, conections: is unknown/),
    expect.stringMatching(/^manifest\.yml, line 1, connections: got nothing; allowed: a mapping/),
  ]);
});

test('what an entry needs and nothing gives is missing from that entry', async () => {
  const text = `connections:
  crm: {group_id: decent_dropsy}
  ads: {service: anything}
  mail:
`;
  const { failure } = await readManifest(text);
  expect(problemsIn(failure)).toEqual([
    expect.stringMatching(/^manifest\.yml, line 2, connections\.crm\.service: missing/),
    expect.stringMatching(/^manifest\.yml, line 3, connections\.ads\.group_id: missing/),
    expect.stringMatching(/^manifest\.yml, line 4, connections\.mail\.group_id: missing/),
    expect.stringMatching(/^manifest\.yml, line 4, connections\.mail\.service: missing/),
  ]);
});

test('the rules between fields hold for what defaults, inputs and entry give together', async () => {
  const text = `defaults: {group_id: decent_dropsy, service: anything, daily_sync_time: "03:00"}
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
`;
  const { failure } = await readManifest(text, { config: 'host: db.example.com' });
  expect(problemsIn(failure)).toEqual([
    expect.stringMatching(/line 5, connections\.hourly\.daily_sync_time: .*sync_frequency 1440/),
    expect.stringMatching(/line 9, connections\.nameless\.if_exists: got "reuse"/),
    expect.stringMatching(/line 12, connections\.trusting\.trust_certificates: got true/),
  ]);
});

test('the same name in the same group is a mistake, however it comes about', async () => {
  const text = `defaults: {service: anything, config: {table: daily}}
connections:
  one: {config: {schema: "crm_\${NUMBER}"}}
  two: {config: {schema: crm_42}}
  three: {config: {schema_prefix: crm_42.daily}}
  other_table: {config: {schema: crm_42, table: hourly}}
  other_group: {config: {schema: crm_42}, group_id: quaint_harbor}
  nameless: {config: {table: null}}
  nameless_too: {config: {table: null}}
`;
  const { failure } = await readManifest(text, { group_id: 'decent_dropsy' }, { NUMBER: '42' });
  const said =
    /makes the name crm_42\.daily in group decent_dropsy, which connections\.(one|two) has/;
  expect(problemsIn(failure)).toEqual([
    expect.stringMatching(/^manifest\.yml, line 4, connections\.two: /),
    expect.stringMatching(/^manifest\.yml, line 5, connections\.three: /),
  ]);
  for (const problem of problemsIn(failure)) expect(problem).toMatch(said);
});

test('one mistake is told in one sentence', async () => {
  const entry = { group_id: 'decent_dropsy', service: 'anything', pausd: true };
  const { failure } = await readManifest(JSON.stringify({ connections: { crm: entry } }));
  expect(failure).toBe(
    'manifest.yml, line 1, connections.crm.pausd: is unknown; nearest is paused. ' +
      'Nothing was sent to Fivetran.',
  );
});

test.each(['wait_for_sync', 'state', 'dry_run', 'api_url', 'max_parallel', 'shard', 'api_key'])(
  '%s is an input of the step, and no field of a connection',
  async (name) => {
    const entry = { group_id: 'decent_dropsy', service: 'anything', [name]: 'true' };
    const { failure } = await readManifest({ connections: { crm: entry } });
    expect(failure).toContain(`connections.crm.${name}: is an input of the step`);
  },
);

test('connection_id does not go with a manifest', async () => {
  const entry = { group_id: 'decent_dropsy', service: 'anything', config: { schema: 'crm' } };
  const inputs = { state: 'absent', connection_id: 'some_one' };
  const { failure } = await readManifest({ connections: { crm: entry } }, inputs);
  expect(failure).toMatch(/^connection_id: got "some_one"; allowed: only without a manifest/);
});
