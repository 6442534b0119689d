import { answeringCreate } from '../harness/faults.ts';
import { manifestOf, manifestOfSize, scenariosBySchema } from '../harness/manifests.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';

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

test('the annotation of an unknown host key contains its fingerprint and the input to set', async () => {
  const run = await runStep({}, { scenario: 'host-key-unknown' });
  const [error = ''] = annotated(run, 'error');
  for (const word of [hostKeyFingerprint, 'Next: ', 'trusted_fingerprints']) {
    expect(error).toContain(word);
  }
  expect(error).not.toContain('certificate');
});

test('the first nine failed tests are annotations, and all are in the log', async () => {
  const titles = Array.from({ length: 15 }, (_, at) => `Test number ${at}`);
  const setup_tests = titles.map((title) => ({ title, status: 'FAILED', message: `no ${title}` }));
  const run = await runStep({}, answeringCreate({ setup_tests }));
  // The runner shows ten of a level for a step; one of them is the failure line.
  const errors = annotated(run, 'error');
  expect(errors).toHaveLength(10);
  expect(errors.at(-1)).toContain('15 of 15 setup tests failed');
  const plain = run.log.split('\n').filter((line) => !line.startsWith('::'));
  for (const title of titles) {
    expect(plain.filter((line) => line.endsWith(` ${title}: no ${title}`))).toHaveLength(1);
  }
});

describe('in a manifest', () => {
  test('an annotation starts with the name of its connection', async () => {
    const run = await runStep(
      { manifest: manifestOf({ crm: {}, ads: {}, shop: {} }) },
      { scenarioFor: scenariosBySchema({ ads: 'failed-tests', shop: 'warning' }) },
    );
    expect(annotated(run, 'error')).toEqual([
      expect.stringMatching(/^ads: Validating credentials: .*revoked.* Next: .*the manifest/),
      failureOf(run),
    ]);
    expect(annotated(run, 'warning')).toEqual([
      expect.stringMatching(/^shop: Checking permissions: .*2 of 41 tables/),
    ]);
  });

  test('each connection gets one annotation before any gets a second', async () => {
    const test = (title: string) => ({ title, status: 'FAILED', message: 'no' });
    const setup_tests = Array.from({ length: 6 }, (_, at) => test(`Test ${at}`));
    const run = await runStep(
      { manifest: manifestOfSize(4), inputs: { max_parallel: 1 } },
      { ...answeringCreate({ setup_tests }), scenario: 'failed-tests' },
    );
    const names = annotated(run, 'error').map((text) => text.split(':')[0]);
    expect(names.slice(0, 4)).toEqual(['source_1', 'source_2', 'source_3', 'source_4']);
    expect(names.slice(4, -1)).toEqual(Array(5).fill('source_1'));
    expect(failureOf(run)).toMatch(/^4 of 4 connections failed/);
  });
});

describe('input errors', () => {
  test('are one annotation per problem and a line with their number', async () => {
    const inputs = { service: '', paused: 'maybe', sync_frequency: '7', if_exists: 'ignore' };
    const run = await runStep({ inputs });
    expect(run.requests).toEqual([]);
    const errors = annotated(run, 'error');
    expect(errors).toHaveLength(5);
    for (const field of Object.keys(inputs)) {
      expect(errors.filter((text) => text.startsWith(`${field}: `))).toHaveLength(1);
    }
    expect(failureOf(run)).toMatch(/^4 problems with the inputs\. .*Nothing was sent/);
    for (const { properties } of run.annotations) expect(properties).toEqual({});
  });

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

  test('beyond the ninth are in the log', async () => {
    const fields = Array.from({ length: 12 }, (_, at) => `field_${at}`);
    const entry = Object.fromEntries(fields.map((field) => [field, 1]));
    const run = await runStep({ manifest: manifestOf({ crm: entry }) });
    expect(annotated(run, 'error')).toHaveLength(10);
    expect(failureOf(run)).toMatch(/^12 problems/);
    for (const field of fields) expect(run.log).toContain(`connections.crm.${field}: `);
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
      expect.stringMatching(/^destination_schema_names is not set for the new connection\./),
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
