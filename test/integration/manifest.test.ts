import {
  entriesOf,
  manifestOf,
  manifestOfSize,
  resultsOf,
  scenariosBySchema,
} from '../harness/manifests.ts';
import { annotated, failureOf, groupsOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import type { StepRun } from '../harness/step.ts';
import { readable } from '../project/markup.ts';
import { certificateFingerprint, hostKeyFingerprint } from '../sandbox/fixtures.mjs';

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

/** The setup state of each connection, or `paused`. */
const states = ({ connections }: Pick<StepRun, 'connections'>) =>
  Object.fromEntries(
    connections.map(({ schema, paused, status }) => [
      schema,
      paused ? 'paused' : (status as { setup_state: string }).setup_state,
    ]),
  );

describe('a setting of an entry applies to it alone:', () => {
  test('if_exists', async () => {
    const ids = { a: 'id_a', b: 'id_b', c: 'id_c', d: 'id_d' };
    const connections = Object.entries(ids).map(([schema, id]) => ({ schema, id }));
    const manifest = manifestOf({
      a: { if_exists: 'fail' },
      b: { if_exists: 'update', sync_frequency: 60 },
      c: {},
      d: { if_exists: 'update', service: 'github' },
      e: {},
    });
    const run = await runStep({ manifest, inputs: { if_exists: 'reuse' } }, { connections });
    expect(resultsOf(run)).toEqual({
      a: 'failed',
      b: 'updated',
      c: 'reused',
      d: 'failed',
      e: 'created',
    });
    expect(run.connections.map(({ sync_frequency }) => sync_frequency)).toEqual([
      360, 60, 360, 360, 360,
    ]);
  });

  test('on_failed_tests', async () => {
    const manifest = manifestOf({
      a: {},
      b: { on_failed_tests: 'keep' },
      c: { on_failed_tests: 'delete' },
    });
    const inputs = { on_failed_tests: 'pause' };
    const run = await runStep({ manifest, inputs }, { scenario: 'failed-tests' });
    expect(states(run)).toEqual({ a: 'paused', b: 'incomplete' });
    expect(resultsOf(run)).toEqual({
      a: 'failed created',
      b: 'failed created',
      c: 'failed deleted',
    });
  });

  test('trusted_fingerprints and trusted_certificates', async () => {
    const manifest = manifestOf({
      key: { trusted_fingerprints: [hostKeyFingerprint] },
      key_not_pinned: {},
      key_pinned_as_certificate: { trusted_certificates: [certificateFingerprint] },
      certificate: { trusted_certificates: [certificateFingerprint] },
      certificate_pinned_as_key: { trusted_fingerprints: [hostKeyFingerprint] },
    });
    const run = await runStep(
      { manifest },
      {
        scenarioFor: ({ config }) =>
          (config as { schema: string }).schema.startsWith('key')
            ? 'host-key-unknown'
            : 'certificate-unknown',
      },
    );
    expect(states(run)).toEqual({
      key: 'connected',
      key_not_pinned: 'incomplete',
      key_pinned_as_certificate: 'incomplete',
      certificate: 'connected',
      certificate_pinned_as_key: 'incomplete',
    });
    expect(run.sent.filter((request) => request.startsWith('approve')).toSorted()).toEqual([
      'approve certificate',
      'approve key',
    ]);
  });
});

describe('state: absent', () => {
  const inputs = { state: 'absent' };

  test('deletes the connections of the manifest and no other', async () => {
    const other = { schema: 'source_9', id: 'other_one' };
    const elsewhere = { schema: 'source_1', group_id: 'quaint_harbor' };
    const sandbox = await openSandbox({ connections: [other, elsewhere] });
    await runStep({ manifest: manifestOfSize(4) }, { sandbox });
    expect(sandbox.connections).toHaveLength(6);
    const run = await runStep({ manifest: manifestOfSize(4), inputs }, { sandbox });
    expect(run.exitCode).toBe(0);
    expect(Object.values(resultsOf(run))).toEqual(Array(4).fill('deleted'));
    expect(run.connections).toMatchObject([other, elsewhere]);
    expect(run.summary).not.toContain('href');
  });

  test('succeeds when there is nothing to delete', async () => {
    const run = await runStep({ manifest: manifestOfSize(4), inputs });
    expect(run.exitCode).toBe(0);
    expect(Object.values(resultsOf(run))).toEqual(Array(4).fill('absent'));
    expect(run.sent).toEqual(Array(4).fill('look up'));
  });

  test('keeps a connection of another service, and deletes the others', async () => {
    const connections = [{ schema: 'source_1', service: 'github' }, { schema: 'source_2' }];
    const run = await runStep({ manifest: manifestOfSize(2), inputs }, { connections });
    expect(resultsOf(run)).toEqual({ source_1: 'failed', source_2: 'deleted' });
    expect(run.exitCode).toBe(1);
    expect(run.connections).toMatchObject([{ service: 'github' }]);
  });
});

describe('a dry run', () => {
  const inputs = { dry_run: true };
  const manifest = {
    defaults: {
      group_id: 'decent_dropsy',
      service: 'postgres',
      destination_schema_names: 'FIVETRAN_NAMING',
      config: { host: 'h', port: 1, user: 'u', password: 'p', database: 'd' },
    },
    connections: Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name, at) => [
        name,
        {
          config: { schema_prefix: name },
          ...(at % 2 && { group_id: 'quaint_harbor' }),
          ...(at > 3 && { service: 'mysql' }),
        },
      ]),
    ),
  };

  test('reads each service and each group once, and changes nothing', async () => {
    const run = await runStep({ manifest, inputs });
    expect(run.requests.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      ...Array(6).fill('GET /v1/connections'),
      'GET /v1/groups/decent_dropsy',
      'GET /v1/groups/quaint_harbor',
      'GET /v1/metadata/connector-types/mysql',
      'GET /v1/metadata/connector-types/postgres',
    ]);
    expect(run.connections).toEqual([]);
    expect(Object.values(resultsOf(run))).toEqual(Array(6).fill('planned'));
    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatch(/^<h2>✅ Dry run: would create 6 Fivetran connections</);
    expect(run.log).toContain('Create the postgres connection a in group decent_dropsy.');
  });

  test('fails when a real run would fail, and names the connections', async () => {
    const { a, ...others } = manifest.connections;
    const wrong = { ...a, config: { ...a?.config, hots: 'h' } };
    const connections = [{ service: 'postgres', schema: 'c', id: 'older_one' }];
    const run = await runStep(
      { manifest: { ...manifest, connections: { ...others, a: wrong } }, inputs },
      { connections },
    );
    expect(bodies(run, 'create')).toEqual([]);
    expect(run.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(run.exitCode).toBe(1);
    expect(resultsOf(run)).toMatchObject({
      a: 'failed planned',
      b: 'planned',
      c: 'failed planned',
    });
    expect(failureOf(run)).toMatch(/^2 of 6 connections failed: c, a\./);
    expect(readable(run.summary)).toMatch(/config\.hots: unknown field\. Did you mean host\?/);
    expect(run.summary).toContain('older_one');
  });
});

describe('wait_for_sync', () => {
  const scenarioFor = scenariosBySchema({
    endless_1: 'sync-never-ends',
    endless_2: 'sync-never-ends',
    failing: 'sync-fails',
    untested: 'failed-tests',
  });
  const world = { syncSeconds: 0, scenarioFor };

  test('all syncs run in parallel', async () => {
    const names = ['endless_1', 'endless_2', 'failing', 'untested', 'good_1', 'good_2'];
    const manifest = manifestOf(Object.fromEntries(names.map((name) => [name, {}])));
    const inputs = { wait_for_sync: true, sync_timeout_minutes: 1, max_parallel: 2 };
    const run = await runStep({ manifest, inputs }, world);

    const errors = Object.entries(entriesOf(run)).map(([name, { error }]) => [name, error]);
    expect(Object.fromEntries(errors)).toEqual({
      endless_1: expect.stringMatching(/The sync did not end within 1 minute/),
      endless_2: expect.stringMatching(/The sync did not end within 1 minute/),
      failing: expect.stringMatching(/The sync failed after/),
      untested: expect.stringMatching(/failed: Validating credentials/),
      good_1: null,
      good_2: null,
    });
    expect(failureOf(run)).toMatch(
      /^4 of 6 connections failed: endless_1, endless_2, failing, untested\./,
    );
    const good = groupsOf(run).filter(({ title }) => /good_1 .*sync succeeded/.test(title));
    expect(good).toHaveLength(1);
    expect(good[0]?.lines.filter((line) => /^The sync succeeded after/.test(line))).toHaveLength(1);

    const syncs = run.sent.flatMap((name, at) => (name === 'sync' ? [at] : []));
    expect(syncs).toHaveLength(5);
    expect(Math.min(...syncs)).toBeGreaterThan(run.sent.lastIndexOf('create'));
    // The two that never end are still polled when the last sync has been started.
    for (const name of ['endless_1', 'endless_2']) {
      const path = `/v1/connections/${entriesOf(run)[name]?.connection_id}`;
      const paths = run.requests.map((request) => request.path);
      expect(paths.lastIndexOf(path)).toBeGreaterThan(Math.max(...syncs));
    }
  });

  test('the more connections wait, the less often each is polled', async () => {
    for (const [good, pauseMs] of [
      [1, 5000],
      [79, 20_000],
    ] as const) {
      const names = [...Array.from({ length: good }, (_, at) => `good_${at}`), 'endless_1'];
      const manifest = manifestOf(Object.fromEntries(names.map((name) => [name, {}])));
      const inputs = { wait_for_sync: true, sync_timeout_minutes: 30 };
      const { sleeps } = (await runStep({ manifest, inputs }, world)).clock;
      expect(sleeps[0]).toBe(pauseMs);
    }
  });

  test('the progress is logged every 15 seconds', async () => {
    const manifest = manifestOf({ good: {}, endless_1: {} });
    const inputs = { wait_for_sync: true, sync_timeout_minutes: 2 };
    const run = await runStep({ manifest, inputs }, world);
    const progress = run.lines.filter(({ text }) => text.startsWith('Progress: '));
    expect(progress.map(({ at }) => at).slice(0, 3)).toEqual([15, 30, 45]);
    expect(progress.length).toBeGreaterThanOrEqual(8);
    expect(progress.at(-1)?.text).toBe('Progress: 1 of 2 connections done, 0 failed.');
  });

  test('polling respects max_parallel', async () => {
    const inputs = { wait_for_sync: true, max_parallel: 3 };
    const run = await runStep({ manifest: manifestOfSize(12), inputs }, { ...world, latencyMs: 2 });
    expect(failureOf(run)).toBe('');
    expect(run.requests).toHaveLength(48);
    expect(Math.max(...run.requests.map(({ inFlight }) => inFlight))).toBe(3);
  });
});

describe('a shard', () => {
  const twenty = manifestOfSize(20);
  const all = Object.keys(twenty.connections);

  test('the jobs of a matrix together create each connection once', async () => {
    const sandbox = await openSandbox();
    const jobs = ['0/3', '1/3', '2/3'].map((shard) =>
      runStep({ manifest: twenty, inputs: { shard } }, { sandbox }),
    );
    const runs = await Promise.all(jobs);
    expect(runs.map(failureOf)).toEqual(['', '', '']);
    expect(runs.flatMap((run) => Object.keys(resultsOf(run))).sort()).toEqual([...all].sort());
    expect(sandbox.connections).toHaveLength(20);
    expect(sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(20);
  });

  test('an empty shard succeeds and says so', async () => {
    const run = await runStep({ manifest: manifestOfSize(2), inputs: { shard: '2/3' } });
    expect(failureOf(run)).toBe('');
    expect(run.requests).toEqual([]);
    expect(run.printed).toMatch(/nothing to do/i);
    expect(run.outputs.connections).toBe('{}');
  });

  test('the log and the summary name the shard', async () => {
    const refused = await runStep(
      { manifest: twenty, inputs: { shard: '1/7' } },
      { scenario: 'forbidden' },
    );
    expect(failureOf(refused)).toMatch(/3 of 3 connections .*shard 1\/7/);
    const created = await runStep({ manifest: twenty, inputs: { shard: '0/7' } });
    expect(created.log).toMatch(/shard 0\/7/);
    expect(Object.values(resultsOf(created))).toEqual(['created', 'created', 'created']);
  });
});
