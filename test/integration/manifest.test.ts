import {
  entriesOf,
  manifestOf,
  manifestOfSize,
  resultsOf,
  scenariosBySchema,
} from '../harness/manifests.ts';
import { annotated, failureOf, groupsOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { foreignMarkup, readable, rowsOf } from '../project/markup.ts';

/** One succeeds, the tests of one fail, one is refused, and one after them warns. */
const mixed = manifestOf({ crm: {}, ads: {}, mail: {}, shop: {} });
const scenarioFor = scenariosBySchema({ ads: 'failed-tests', mail: 'forbidden', shop: 'warning' });

const runMixed = (inputs = {}) => runStep({ manifest: mixed, inputs }, { scenarioFor });

test('the output connections has the outcome of each connection', async () => {
  const run = await runMixed();
  const idOf = (name: string) => run.connections.find(({ schema }) => schema === name)?.id;
  const entries = entriesOf(run);
  expect(Object.keys(entries)).toEqual(['crm', 'ads', 'mail', 'shop']);
  expect(entries.crm).toEqual({
    connection_id: idOf('crm'),
    result: 'created',
    plan: null,
    setup_state: 'connected',
    failed_tests: [],
    error: null,
  });
  expect(entries.ads).toEqual({
    connection_id: idOf('ads'),
    result: 'created',
    plan: null,
    setup_state: 'incomplete',
    failed_tests: [
      {
        title: 'Validating credentials',
        status: 'FAILED',
        message: 'The source answered 401: the API key was revoked on 2026-01-05',
        details: { http_status: 401, endpoint: 'https://my.15five.com/api/public/user/' },
      },
    ],
    error: expect.stringMatching(/1 of 3 setup tests failed: Validating credentials/),
  });
  expect(entries.mail).toEqual({
    connection_id: '',
    result: '',
    plan: null,
    setup_state: '',
    failed_tests: [],
    error: expect.stringMatching(/answered 403 Forbidden/),
  });
});

test('the outputs of a single connection stay empty, and valid JSON', async () => {
  const { outputs } = await runStep({ manifest: manifestOfSize(1) });
  const { connections, failed_tests, setup_tests, connection, ...others } = outputs;
  expect(JSON.parse(connections ?? '')).toMatchObject({ source_1: { result: 'created' } });
  expect([failed_tests, setup_tests, connection]).toEqual(['[]', '[]', '{}']);
  expect(Object.values(others).join('')).toBe('');
});

test('a failure does not stop other connections, and the step fails with the names of the failed ones', async () => {
  const run = await runMixed({ max_parallel: 1 });
  expect(resultsOf(run)).toEqual({
    crm: 'created',
    ads: 'failed created',
    mail: 'failed',
    shop: 'created',
  });
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toBe('2 of 4 connections failed: ads, mail. The others: 2 created.');
  expect(run.outputs.error).toBe(failureOf(run));
  expect(annotated(run, 'error')).toEqual([
    expect.stringMatching(/^ads: Validating credentials: /),
    expect.stringMatching(/^mail: .*403/),
    failureOf(run),
  ]);
  expect(annotated(run, 'warning')).toEqual([expect.stringMatching(/^shop: /)]);
});

test('without a failure the step succeeds and counts the results', async () => {
  const run = await runStep({ manifest: manifestOfSize(3) });
  expect(run.exitCode).toBe(0);
  expect(run.annotations).toEqual([]);
  expect(run.log).toMatch(/^3 connections: 3 created\.$/m);
  expect(run.outputs.error).toBe('');
});

test('the failure line names the first twenty failed connections and counts the rest', async () => {
  const run = await runStep({ manifest: manifestOfSize(25) }, { scenario: 'forbidden' });
  const names = Array.from({ length: 20 }, (_, at) => `source_${at + 1}`).join(', ');
  expect(failureOf(run)).toBe(`25 of 25 connections failed: ${names}, and 5 more.`);
  // The runner shows ten annotations of a level for a step.
  expect(annotated(run, 'error')).toHaveLength(10);
});

describe('the log', () => {
  test('has one group per connection, titled with its verdict', async () => {
    const run = await runMixed({ max_parallel: 4 });
    const groups = groupsOf(run);
    const names = groups.map(({ title }) => /\b(crm|ads|mail|shop)\b/.exec(title)?.[1] ?? '');
    expect(names.toSorted()).toEqual(['ads', 'crm', 'mail', 'shop']);
    const entries = entriesOf(run);
    for (const [index, { lines }] of groups.entries()) {
      const { connection_id = '' } = entries[names[index] ?? ''] ?? {};
      const ids = lines.join('\n').match(/dashboard\/connections\/\w+/g) ?? [];
      expect(ids).toEqual(connection_id ? [`dashboard/connections/${connection_id}`] : []);
    }
    const titleOf = (name: string) => groups[names.indexOf(name)]?.title;
    expect(titleOf('crm')).toBe('✅ crm (15five): created and connected');
    expect(titleOf('ads')).toBe('❌ ads (15five): 1 of 3 setup tests failed');
    expect(titleOf('mail')).toMatch(/^❌ mail \(15five\): .*403 Forbidden/);
    expect(titleOf('shop')).toMatch(/^⚠️ shop \(15five\): created and connected, 1 warning$/);
    expect(groups[names.indexOf('ads')]?.lines).toContainEqual(
      expect.stringMatching(/FAILED +Validating credentials: The source answered 401/),
    );
    expect(groups[names.indexOf('ads')]?.lines).toContainEqual(
      expect.stringMatching(/^Next: .*the manifest/),
    );
  });

  test('has no empty group', async () => {
    const run = await runStep({ manifest: manifestOfSize(3), inputs: { state: 'absent' } });
    for (const { lines } of groupsOf(run)) expect(lines).not.toEqual([]);
    for (const name of ['source_1', 'source_2', 'source_3']) {
      expect(run.log).toMatch(new RegExp(`✅ ${name} .*nothing to delete$`, 'm'));
    }
  });

  test('has a line outside the groups when a connection starts and when its id is known', async () => {
    const run = await runMixed();
    const outside = run.log.replace(/^::group::[\s\S]*?^::endgroup::$/gm, '');
    for (const [name, { connection_id }] of Object.entries(entriesOf(run))) {
      const lines = outside.split('\n').filter((line) => line.startsWith(`${name}: `));
      expect(lines).toEqual([
        `${name}: started`,
        ...(connection_id ? [`${name}: connection ${connection_id}`] : []),
      ]);
    }
  });

  test('names a wait for the rate limit as it happens, outside of the groups', async () => {
    const faults = [{ kind: 'rate-limit', headers: { 'Retry-After': '1' } } as const];
    const run = await runStep({ manifest: manifestOfSize(1) }, { faults });
    expect(run.log).toMatch(
      /rate limit is reached \(429\): all requests wait 1 s, until 12:01 UTC/,
    );
    expect(groupsOf(run)[0]?.lines[0]).not.toMatch(/rate limit/);
  });
});

describe('the summary', () => {
  test('has the counts, a table with the failed connections first, and folded details', async () => {
    const run = await runMixed();
    const [heading = '', scope = '', table = '', ...details] = run.summary.trim().split('\n\n');
    expect(readable(heading)).toBe('❌ 2 of 4 Fivetran connections failed, 1 with warnings');
    expect(readable(scope)).toBe('Manifest manifest.yml · 3 created');
    expect(rowsOf(table)).toEqual([
      ['Connection', 'Outcome', 'Setup tests'],
      [
        '❌ ads\n15five',
        expect.stringMatching(/^1 of 3 setup tests failed\s.*revoked/),
        '1 failed, 1 passed, 1 skipped',
      ],
      ['❌ mail\n15five', expect.stringMatching(/^not created \(403 Forbidden\)/), ''],
      [
        '⚠️ shop\n15five',
        expect.stringMatching(/^created and connected, .*\s.*2 of 41 tables/),
        '1 warned, 2 passed',
      ],
      ['✅ crm\n15five', 'created and connected', '3 passed'],
    ]);
    const url = `https://fivetran.com/dashboard/connections/${entriesOf(run).crm?.connection_id}/status`;
    expect(table).toContain(`<a href="${url}">crm</a>`);
    expect(details.map((block) => /<summary>(.*?)<\/summary>/.exec(block)?.[1])).toEqual([
      '❌ ads (15five): 1 of 3 setup tests failed',
      expect.stringMatching(/^❌ mail /),
      expect.stringMatching(/^⚠️ shop /),
    ]);
    expect(details[0]).toContain('The source answered 401: the API key was revoked on 2026-01-05');
    expect(details[0]).toContain('"http_status": 401');
    expect(details[0]).toContain('Next:');
    expect(readable(details[1] ?? '')).toContain("API key's role");
    expect(foreignMarkup(run.summary)).toEqual([]);
  });

  test.each([
    ['✅ 2 Fivetran connections: 2 created', {}],
    ['⚠️ 2 Fivetran connections: 2 created, 1 with warnings', { source_1: 'warning' }],
  ])('is headed %j when no connection failed', async (heading, scenarios) => {
    const { summary } = await runStep(
      { manifest: manifestOfSize(2) },
      { scenarioFor: scenariosBySchema(scenarios) },
    );
    expect(readable(summary.split('\n\n')[0] ?? '')).toBe(heading);
  });

  test('is not written with summary: false', async () => {
    expect((await runMixed({ summary: false })).summary).toBe('');
  });
});

test('an empty manifest warns that there was nothing to do', async () => {
  const run = await runStep({ manifest: { connections: {} } });
  expect(run.exitCode).toBe(0);
  expect(run.requests).toEqual([]);
  expect(annotated(run, 'warning')).toEqual([expect.stringMatching(/nothing to do/)]);
  expect(run.annotations).toHaveLength(1);
  expect(run.outputs.connections).toBe('{}');
  expect(run.summary).toContain('No Fivetran connections');
});
