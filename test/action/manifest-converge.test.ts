import { certificateFingerprint, hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import type { Sandbox } from '../sandbox/sandbox.mjs';
import {
  cleanUp,
  created,
  defaults,
  type faring,
  type ManifestRan,
  manifestOf,
  manyOf,
  openSandbox,
  resultsOf,
  runManifest,
} from './manifest-step.ts';
import { visible } from './step.ts';

afterEach(cleanUp);

const lines = ({ requests }: ManifestRan) =>
  requests.map(({ method, path }) => `${method} ${path}`).sort();

const states = ({ connections }: Pick<Sandbox, 'connections'>) =>
  Object.fromEntries(
    connections.map(({ schema, paused, status }) => [
      schema,
      paused ? 'paused' : (status as { setup_state: string }).setup_state,
    ]),
  );

describe('what each entry says holds for it alone:', () => {
  test('if_exists', async () => {
    const ids = { a: 'id_a', b: 'id_b', c: 'id_c', d: 'id_d' };
    const seeds = Object.entries(ids).map(([schema, id]) => ({ ...defaults, schema, id }));
    const manifest = manifestOf({
      a: { if_exists: 'fail' },
      b: { if_exists: 'update', sync_frequency: 60 },
      c: {},
      d: { if_exists: 'update', service: 'another' },
      e: {},
    });
    const inputs = { if_exists: 'reuse' };
    const ran = await runManifest(manifest, { inputs }, { connections: seeds });
    expect(resultsOf(ran)).toEqual({
      a: 'failed',
      b: 'updated',
      c: 'reused',
      d: 'failed',
      e: 'created',
    });
    expect(ran.connections.map(({ sync_frequency }) => sync_frequency)).toEqual([
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
    const ran = await runManifest(manifest, { inputs }, { scenario: 'failed-tests' });
    expect(states(ran)).toEqual({ a: 'paused', b: 'incomplete' });
    expect(resultsOf(ran)).toEqual({
      a: 'failed created',
      b: 'failed created',
      c: 'failed deleted',
    });
  });

  test('trusted_fingerprints and trusted_certificates', async () => {
    const manifest = manifestOf({
      key: { trusted_fingerprints: [hostKeyFingerprint] },
      key_of_none: {},
      key_no_more: { trusted_certificates: [certificateFingerprint] },
      certificate: { trusted_certificates: [certificateFingerprint] },
      certificate_of_none: { trusted_fingerprints: [hostKeyFingerprint] },
    });
    const scenarioFor: ReturnType<typeof faring> = ({ config }) =>
      (config as { schema: string }).schema.startsWith('key')
        ? 'host-key-unknown'
        : 'certificate-unknown';
    const ran = await runManifest(manifest, {}, { scenarioFor });
    expect(states(ran)).toEqual({
      key: 'connected',
      key_of_none: 'incomplete',
      key_no_more: 'incomplete',
      certificate: 'connected',
      certificate_of_none: 'incomplete',
    });
    const approvals = ran.requests.filter(({ path }) => /fingerprints|certificates/.test(path));
    expect(approvals).toHaveLength(2);
  });
});

describe('state absent', () => {
  const inputs = { state: 'absent' };

  test('removes all that the manifest names, and nothing else', async () => {
    const other = { ...defaults, schema: 'source_9', id: 'other_one' };
    const elsewhere = { ...defaults, schema: 'source_1', group_id: 'quaint_harbor' };
    const sandbox = await openSandbox({ connections: [other, elsewhere] });
    await runManifest(manyOf(4), {}, sandbox);
    expect(sandbox.connections).toHaveLength(6);
    const ran = await runManifest(manyOf(4), { inputs }, sandbox);
    expect(ran.exitCode).toBe(0);
    expect(Object.values(resultsOf(ran))).toEqual(Array(4).fill('deleted'));
    expect(ran.connections).toMatchObject([other, elsewhere]);
  });

  test('once more finds nothing to remove, and succeeds', async () => {
    const ran = await runManifest(manyOf(4), { inputs });
    expect(ran.exitCode).toBe(0);
    expect(Object.values(resultsOf(ran))).toEqual(Array(4).fill('absent'));
    expect(ran.requests.map(({ method }) => method)).toEqual(Array(4).fill('GET'));
  });

  test('leaves a connection of another service alone, and removes the others', async () => {
    const connections = [
      { ...defaults, schema: 'source_1', service: 'another' },
      { ...defaults, schema: 'source_2' },
    ];
    const ran = await runManifest(manyOf(2), { inputs }, { connections });
    expect(resultsOf(ran)).toEqual({ source_1: 'failed', source_2: 'deleted' });
    expect(ran.exitCode).toBe(1);
  });
});

describe('a dry run', () => {
  const manifest = {
    defaults: { ...defaults, service: 'postgres' },
    connections: Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name, at) => [
        name,
        {
          config: {
            schema_prefix: name,
            host: 'h',
            port: 1,
            user: 'u',
            password: 'p',
            database: 'd',
          },
          ...(at % 2 && { group_id: 'quaint_harbor' }),
          ...(at > 3 && { service: 'mysql' }),
        },
      ]),
    ),
  };

  test('asks for each service and each group once, and changes nothing', async () => {
    const ran = await runManifest(manifest, { inputs: { dry_run: true } }, { services: 'known' });
    expect(lines(ran)).toEqual([
      ...Array(6).fill('GET /v1/connections'),
      'GET /v1/groups/decent_dropsy',
      'GET /v1/groups/quaint_harbor',
      'GET /v1/metadata/connector-types/mysql',
      'GET /v1/metadata/connector-types/postgres',
    ]);
    expect(ran.connections).toEqual([]);
    expect(Object.values(resultsOf(ran))).toEqual(Array(6).fill('planned'));
    expect(ran.exitCode).toBe(0);
    expect(visible(ran)).toContain('Create a postgres connection named a in group decent_dropsy.');
  });

  test('fails when a real run would fail, and says which', async () => {
    const { a, ...others } = manifest.connections;
    const wrong = { ...a, config: { ...a?.config, hots: 'h' } };
    const connections = [{ ...defaults, service: 'postgres', schema: 'c', id: 'older_one' }];
    const ran = await runManifest(
      { ...manifest, connections: { ...others, a: wrong } },
      { inputs: { dry_run: true } },
      { services: 'known', connections },
    );
    expect(created(ran)).toEqual([]);
    expect(ran.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(ran.exitCode).toBe(1);
    expect(resultsOf(ran)).toMatchObject({
      a: 'failed planned',
      b: 'planned',
      c: 'failed planned',
    });
    expect(ran.summary).toMatch(/config\.hots is unknown; nearest is host/);
    expect(ran.summary).toContain('older_one');
  });
});
