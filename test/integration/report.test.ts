import { answeringCreate, on } from '../harness/faults.ts';
import { manifestOf } from '../harness/manifests.ts';
import { annotated } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import type { StepRun } from '../harness/step.ts';
import { foreignMarkup, readable, rowsOf } from '../project/markup.ts';

/** The visible lines of the log, without masks and debug lines. */
const linesOf = ({ log }: { log: string }) =>
  log.split('\n').filter((line) => line !== '' && !/^::(add-mask|debug)/.test(line));

test('lines are in chronological order', async () => {
  const run = await runStep(
    { inputs: { wait_for_sync: true } },
    { syncSeconds: 90, initialSync: 'manual' },
  );
  const [id] = run.ids;
  const [created, ...rest] = linesOf(run);
  expect(created).toBe(`Created connection ${id}.`);
  expect(rest.slice(0, 3)).toEqual([
    expect.stringMatching(/PASSED +Connecting to the source$/),
    expect.stringMatching(/PASSED +Validating credentials$/),
    expect.stringMatching(/PASSED +Checking permissions$/),
  ]);
  expect(rest[3]).toMatch(`Started a sync of connection ${id}; waiting up to 60 minutes`);
  const waiting = rest.slice(4, -2);
  expect(waiting.length).toBeGreaterThanOrEqual(4);
  for (const line of waiting) expect(line).toMatch(/^Waiting for the sync .*(\d s|\d min) so far/);
  expect(rest.slice(-2)).toEqual([
    expect.stringMatching(/^Connection \w+ was created and is connected\. .* succeeded after /),
    `Dashboard: https://fivetran.com/dashboard/connections/${id}/status`,
  ]);
});

test('setup tests are logged as soon as they are known, not after the sync', async () => {
  const run = await runStep({ inputs: { wait_for_sync: true } }, { syncSeconds: 1800 });
  const at = (part: RegExp) => run.lines.find(({ text }) => part.test(text))?.at;
  expect(at(/^Created connection/)).toBe(0);
  expect(at(/Checking permissions$/)).toBe(0);
  expect(at(/ was created and is connected/)).toBeGreaterThanOrEqual(1800);
});

test.each(['connected', 'warning', 'failed-tests', 'incomplete', 'broken', 'host-key-unknown'])(
  '%s: no line or link is printed twice, and a new connection is called created, not existing',
  async (scenario) => {
    const run = await runStep({}, { scenario });
    const lines = linesOf(run);
    expect(new Set(lines).size).toBe(lines.length);
    expect(run.log.split('https://fivetran.com/dashboard/').length - 1).toBe(1);
    expect(run.log).not.toMatch(/\bexists\b/);
  },
);

test('a reused connection is logged as existing before its tests', async () => {
  const connections = [{ id: 'crm_id', service: '15five', config: { schema: 'crm' } }];
  const run = await runStep({ inputs: { if_exists: 'reuse' } }, { connections });
  expect(linesOf(run)[0]).toMatch(/^Connection crm_id already exists; using it unchanged\.$/);
  expect(run.log).not.toContain('Created');
});

describe('debug lines', () => {
  const debugLines = ({ log }: { log: string }) =>
    log.split('\n').flatMap((line) => (line.startsWith('::debug::') ? [line.slice(9)] : []));

  test('are one per request, with method, path, status, time and try', async () => {
    const run = await runStep(
      { inputs: { if_exists: 'reuse', paused: true } },
      {
        faults: [
          on('look up', { kind: 'status', status: 503 }),
          on('create', { kind: 'rate-limit', headers: { 'Retry-After': '2' } }),
        ],
        scenario: 'incomplete-once',
      },
    );
    const [id] = run.ids;
    const lookUp = 'GET /v1/connections?group_id=decent_dropsy&schema=crm';
    const ms = '\\d+ ms';
    const expected = [
      `^${lookUp.replace('?', '\\?')}: 503, ${ms}, try 1$`,
      `^${lookUp.replace('?', '\\?')}: 200, ${ms}, try 2$`,
      `^POST /v1/connections: 429, ${ms}, try 1$`,
      `^POST /v1/connections: 201, ${ms}, try \\d$`,
      `^POST /v1/connections/${id}/test: 200, ${ms}, try 1$`,
    ];
    const lines = debugLines(run);
    expect(lines).toEqual(expected.map((pattern) => expect.stringMatching(new RegExp(pattern))));
    expect(lines).toHaveLength(run.requests.length);
  });

  test('say how a request without a status ended', async () => {
    const run = await runStep({}, { faults: [on('create', { kind: 'reset', when: 'after' })] });
    const lines = debugLines(run);
    expect(lines).toHaveLength(run.requests.length);
    expect(lines[0]).toMatch(/^POST \/v1\/connections: unknown, \d+ ms, try 1$/);
  });
});

test('a failed test is an annotation with its title, its message and the next step', async () => {
  const setup_tests = [
    { title: 'Reading: a, b%', status: 'FAILED', message: 'line one\nline two' },
    { title: 'Writing', status: 'FAILED' },
  ];
  const { annotations } = await runStep({}, answeringCreate({ setup_tests }));
  expect(annotations).toMatchObject([
    {
      level: 'error',
      title: 'Reading: a, b%',
      message: expect.stringMatching(/^line one line two\. Next: /),
    },
    { level: 'error', title: 'Writing', message: expect.stringMatching(/FAILED.* Next: /) },
    { level: 'error', title: '', message: expect.stringContaining('2 of 2 setup tests failed') },
  ]);
});

describe('input errors', () => {
  test('in a manifest are annotated at their file and line', async () => {
    const manifest = [
      'defaults: {group_id: decent_dropsy}',
      'connections:',
      '  crm:',
      '    service: salesforce',
      '    pausd: true',
      '  ads:',
      '    service: google_ads',
      '    sync_frequency: 7',
      '',
    ].join('\n');
    const run = await runStep({ manifest });
    expect(run.requests).toEqual([]);
    expect(run.annotations).toMatchObject([
      {
        level: 'error',
        properties: { file: 'manifest.yml', line: '5' },
        message: expect.stringMatching(/^connections\.crm\.pausd: .*paused/),
      },
      {
        level: 'error',
        properties: { file: 'manifest.yml', line: '8' },
        message: expect.stringMatching(/^connections\.ads\.sync_frequency: .*7/),
      },
      { level: 'error', properties: {}, message: expect.stringMatching(/^2 problems/) },
    ]);
  });
});

describe('very long texts are truncated:', () => {
  const long = 'x'.repeat(100_000);

  test('those of a setup test', async () => {
    const setup_tests = [{ title: `${long}\n::error::`, status: 'FAILED', message: long }];
    const { annotations, log, summary } = await runStep({}, answeringCreate({ setup_tests }));
    expect(annotations).toHaveLength(2);
    for (const { title, message } of annotations) {
      expect(title.length).toBeLessThan(4000);
      expect(message.length).toBeLessThan(4000);
      expect(message).toContain('… (truncated)');
    }
    for (const line of log.split('\n')) expect(line.length).toBeLessThan(20_000);
    expect(summary.length).toBeLessThan(20_000);
  });

  test('those of an input', async () => {
    const run = await runStep({ inputs: { paused: long, service: '' } });
    expect(annotated(run, 'error')).toEqual([
      expect.stringMatching(/^paused: must be true or false, got "x+…/),
      expect.stringMatching(/^service: required/),
      expect.stringMatching(/^2 problems/),
    ]);
    expect(run.log.length).toBeLessThan(20_000);
  });
});

test('an incomplete connection with a connect card warns and names the output', async () => {
  const inputs = { connect_card_config: 'redirect_uri: https://x.example' };
  const run = await runStep({ inputs }, { scenario: 'incomplete' });
  expect(run.exitCode).toBe(0);
  expect(annotated(run, 'warning')).toEqual([
    expect.stringMatching(/ is incomplete\. .*connect_card_uri/),
  ]);
});

test('a secret in plain text is a notice, and the step goes on', async () => {
  const config = { schema: 'crm', password: 'hunter2' };
  const run = await runStep({ inputs: { config } });
  expect(annotated(run, 'notice')).toEqual([
    expect.stringMatching(/^Secrets that do not come through \$\{NAME\}: config\.password\. /),
  ]);
  expect(run.sent).toEqual(['create']);
  expect(run.exitCode).toBe(0);
});

describe('the notice about destination_schema_names', () => {
  const unnamed = { destination_schema_names: '' };

  test('comes once a connection is created without it', async () => {
    const run = await runStep({ inputs: unnamed });
    expect(annotated(run, 'notice')).toEqual([
      expect.stringMatching(
        /not set for the new connection\. Fivetran plans to require it\..* it cannot be changed later\.$/,
      ),
    ]);
  });

  test.each([
    ['is set', {}, {}],
    ['exists already', { ...unnamed, if_exists: 'reuse' }, { connections: [existing()] }],
    [
      'is updated',
      { ...unnamed, if_exists: 'update', sync_frequency: 5 },
      { connections: [existing()] },
    ],
    ['is only planned', { ...unnamed, dry_run: true, config: { schema: 'crm', api_key: 'k' } }, {}],
    ['is deleted', { ...unnamed, state: 'absent' }, { connections: [existing()] }],
    ['is not created', unnamed, { scenario: 'forbidden' }],
  ])('does not come where it %s', async (_what, inputs, world) => {
    const run = await runStep({ inputs }, world);
    expect(run.sent).not.toEqual([]);
    expect(run.log).not.toContain('destination_schema_names is not set');
  });

  test('comes once for a manifest, with the number of new connections', async () => {
    const { defaults, connections } = manifestOf({
      crm: {},
      billing: {},
      named: { destination_schema_names: 'SOURCE_NAMING' },
      old: { if_exists: 'reuse' },
    });
    const run = await runStep(
      { manifest: { defaults: { ...defaults, destination_schema_names: undefined }, connections } },
      { connections: [existing({ id: 'old_id', config: { schema: 'old' } })] },
    );
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'notice')).toEqual([
      expect.stringMatching(/^destination_schema_names is not set for 2 new connections\./),
    ]);
  });
});

/** The blocks of a summary, as a reader sees them. */
const blocksOf = (summary: string) => summary.trim().split('\n\n').map(readable);

test('a connected connection has a heading, a line of facts with its link, and its tests', async () => {
  const { summary, ids } = await runStep();
  const [heading, facts] = blocksOf(summary);
  expect(heading).toBe('✅ crm (15five): created and connected');
  expect(facts).toBe(
    `Connection ${ids[0]} · group decent_dropsy · setup connected · sync scheduled`,
  );
  expect(summary).toContain(
    `<a href="https://fivetran.com/dashboard/connections/${ids[0]}/status">${ids[0]}</a>`,
  );
  expect(rowsOf(summary)).toEqual([
    ['Result', 'Setup test'],
    ['✅ PASSED', 'Connecting to the source'],
    ['✅ PASSED', 'Validating credentials'],
    ['✅ PASSED', 'Checking permissions'],
  ]);
  expect(summary).toContain('<details><summary>3 setup tests passed</summary><table>');
  expect(summary).not.toContain('Next:');
  expect(foreignMarkup(summary)).toEqual([]);
});

test('input errors are listed, and say that nothing was sent', async () => {
  const { summary } = await runStep({ inputs: { service: '', paused: 'maybe' } });
  expect(blocksOf(summary)[0]).toMatch(/^❌ .*2 problems with the inputs/);
  expect(readable(summary)).toContain('Nothing was sent to Fivetran');
  expect(summary.match(/<li>.*?<\/li>/g)?.map(readable)).toEqual([
    expect.stringMatching(/^paused: .*"maybe"/),
    expect.stringMatching(/^service: required/),
  ]);
  expect(foreignMarkup(summary)).toEqual([]);
});

test('a taken name is a short heading with the next step', async () => {
  const { summary } = await runStep({}, { scenario: 'conflict' });
  const blocks = blocksOf(summary);
  expect(blocks[0]).toMatch(/: not created \(the name is taken\)$/);
  expect(blocks.at(-1)).toMatch(/^Next: Set if_exists to reuse or update/);
});

test('summary: false writes no summary', async () => {
  const run = await runStep({ inputs: { summary: false } }, { scenario: 'failed-tests' });
  expect(run.summary).toBe('');
  expect(run.outputs.connection_id).toBe(run.ids[0]);
  expect((await runStep({ inputs: { summary: false, service: '' } })).summary).toBe('');
});

const parsed = (json: string | undefined) => JSON.parse(json ?? 'null');

const inputs = {
  config: 'schema: crm\napi_key: key-of-the-source',
  auth: 'refresh_token: token-of-the-source',
  connect_card_config: 'redirect_uri: https://x.example/done',
  sync_frequency: '60',
  destination_configuration: 'virtual_warehouse: LOAD',
};

describe('a created connection', () => {
  let run: StepRun;

  beforeAll(async () => {
    run = await runStep({ inputs });
  });

  test('sets every output', () => {
    const [connection] = run.connections;
    const id = String(connection?.id);
    expect(run.outputs).toMatchObject({
      connection_id: id,
      result: 'created',
      setup_state: 'connected',
      failed_tests: '[]',
      failed_test_messages: '',
      sync_state: 'scheduled',
      update_state: 'on_schedule',
      schema: 'crm',
      service: '15five',
      group_id: 'decent_dropsy',
      created_at: connection?.created_at,
      paused: 'false',
      connect_card_uri: expect.stringMatching(
        /^https:\/\/fivetran\.com\/connect-card\/setup\?auth=ey/,
      ),
      dashboard_url: `https://fivetran.com/dashboard/connections/${id}/status`,
    });
  });

  test('lists all its setup tests in order', () => {
    expect(parsed(run.outputs.setup_tests)).toEqual([
      { title: 'Connecting to the source', status: 'PASSED', message: '' },
      { title: 'Validating credentials', status: 'PASSED', message: '' },
      { title: 'Checking permissions', status: 'PASSED', message: '' },
    ]);
  });

  test('has the whole answer with its types in the output connection', () => {
    expect(parsed(run.outputs.connection)).toMatchObject({
      id: run.connections[0]?.id,
      paused: false,
      sync_frequency: 60,
      succeeded_at: null,
      destination_configuration: { virtual_warehouse: 'LOAD' },
      connect_card_config: { redirect_uri: 'https://x.example/done' },
      status: { setup_state: 'connected', is_historical_sync: true, tasks: [] },
      setup_tests: parsed(run.outputs.setup_tests),
    });
  });
});

test('the output connection keeps unexpected types and unknown fields', async () => {
  const odd = { sync_frequency: '360', quantum: { entangled: [null, 7] }, paused: null, schema: 7 };
  const tests = [{ title: 12, status: 'PASSED', message: { text: 'x' }, severity: 'mild' }, null];
  const whole = { ...odd, setup_tests: tests, status: null };
  const run = await runStep({}, answeringCreate(whole));
  expect(run.exitCode).toBe(0);
  expect(parsed(run.outputs.connection)).toEqual({ id: 'open_mosaic', ...whole });
  expect(run.outputs).toMatchObject({ schema: '7', setup_state: '', sync_state: '', paused: '' });
  expect(parsed(run.outputs.setup_tests)).toEqual([
    { title: 'Untitled test', status: 'PASSED', message: '{"text":"x"}' },
  ]);
});

test('an answer with only an id is enough', async () => {
  const run = await runStep({}, answeringCreate({}));
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({
    connection_id: 'open_mosaic',
    result: 'created',
    setup_tests: '[]',
    connection: '{"id":"open_mosaic"}',
  });
});

test('a step without a connection has no id and no result', async () => {
  const { outputs, exitCode } = await runStep({ inputs: { group_id: 'no_such_group' } });
  expect(exitCode).toBe(1);
  expect([outputs.connection_id ?? '', outputs.result ?? '']).toEqual(['', '']);
});
