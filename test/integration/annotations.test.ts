import { answeringCreate } from '../harness/faults.ts';
import { manifestOf } from '../harness/manifests.ts';
import { annotated } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';

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
