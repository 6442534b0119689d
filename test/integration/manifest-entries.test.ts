import { manifestOf, manifestOfSize, resultsOf } from '../harness/manifests.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import type { StepRun } from '../harness/step.ts';
import { readable } from '../project/markup.ts';
import { certificateFingerprint, hostKeyFingerprint } from '../sandbox/fixtures.mjs';

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
