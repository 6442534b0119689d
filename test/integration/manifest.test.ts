import {
  entriesOf,
  manifestOf,
  manifestOfSize,
  resultsOf,
  scenariosBySchema,
} from '../harness/manifests.ts';
import { annotated, failureOf, groupsOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';

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

test('the ID of a connection is logged once', async () => {
  const run = await runStep({ manifest: manifestOfSize(1) }, { scenario: 'incomplete-once' });
  expect(run.sent).toEqual(['create', 'test']);
  expect(run.log.match(/^source_1: connection /gm)).toHaveLength(1);
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

describe('the log', () => {
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
  test('is not written with summary: false', async () => {
    expect((await runMixed({ summary: false })).summary).toBe('');
  });
});
