import { annotated } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';

const postgres =
  'schema_prefix: shop\nport: ${PORT}\nalways_encrypted: ${TLS:-true}\nhost: ${HOST}';
const env = { PORT: '5432', HOST: '10' };

const metadata = '/v1/metadata/connector-types/{service}';
const isMetadata = ({ path }: { path: string }) => path.startsWith('/v1/metadata/');

test('numbers and booleans come through a variable as the metadata declares them', async () => {
  const run = await runStep({ inputs: { service: 'postgres', config: postgres }, env });

  expect(run.exitCode).toBe(0);
  expect(bodies(run, 'create')).toMatchObject([
    { config: { port: 5432, always_encrypted: true, host: '10' } },
  ]);
  expect(run.requests.filter(isMetadata)).toHaveLength(1);
});

test('the metadata is read once per service, and only for values that may need it', async () => {
  const manifest = {
    connections: {
      a: { service: 'postgres', config: { schema_prefix: 'a', port: '${PORT}' } },
      b: { service: 'postgres', config: { schema_prefix: 'b', port: '${PORT}' } },
      c: { service: 'postgres', config: { schema_prefix: 'c', host: 'h${PORT}' } },
      d: { service: 'mysql', config: { schema_prefix: 'd', password: '${PORT}' } },
    },
    defaults: { group_id: 'decent_dropsy' },
  };
  const run = await runStep({ manifest, env });

  expect(run.exitCode).toBe(0);
  expect(run.requests.filter(isMetadata).map(({ path }) => path)).toEqual([
    '/v1/metadata/connector-types/postgres',
  ]);
  expect(new Set(bodies(run, 'create'))).toEqual(
    new Set([
      {
        ...manifest.defaults,
        ...manifest.connections.a,
        config: { schema_prefix: 'a', port: 5432 },
      },
      {
        ...manifest.defaults,
        ...manifest.connections.b,
        config: { schema_prefix: 'b', port: 5432 },
      },
      {
        ...manifest.defaults,
        ...manifest.connections.c,
        config: { schema_prefix: 'c', host: 'h5432' },
      },
      {
        ...manifest.defaults,
        ...manifest.connections.d,
        config: { schema_prefix: 'd', password: '5432' },
      },
    ]),
  );
});

test.each([
  ['0042', '0042'],
  ['five', 'five'],
  ['5432.5', '5432.5'],
])('a variable that would change or does not fit stays text: %s', async (PORT, port) => {
  const run = await runStep(
    { inputs: { service: 'anything', config: 'schema: shop\nport: ${PORT}' }, env: { PORT } },
    { services: 'any' },
  );

  expect(bodies(run, 'create')).toMatchObject([{ config: { port } }]);
});

test('a key that may not read metadata sends text, with a warning that names the permission', async () => {
  const faults = [
    { method: 'GET', path: metadata, kind: 'status', status: 403, nth: 'all' },
  ] as const;
  const inputs = { service: 'anything', config: 'schema: shop\nport: ${PORT}' };
  const run = await runStep({ inputs, env }, { services: 'any', faults: [...faults] });

  expect(run.exitCode).toBe(0);
  expect(bodies(run, 'create')).toMatchObject([{ config: { port: '5432' } }]);
  expect(annotated(run, 'warning')).toEqual([
    expect.stringMatching(/sent as text\. .*ACCOUNT READ/),
  ]);
});

test('a dry run checks a variable in the type in which it is sent', async () => {
  const inputs = { service: 'postgres', config: postgres, dry_run: true };
  const fine = await runStep({ inputs, env });
  expect(fine.exitCode).toBe(0);

  const bad = await runStep({ inputs, env: { ...env, PORT: 'five' } });
  expect(annotated(bad, 'error')[0]).toContain(
    'config.port: must be an integer, got a string. It came through ${NAME}: check the value of that variable.',
  );
});

test('a variable is typed before it is compared, so that a second run changes nothing', async () => {
  const inputs = { service: 'postgres', config: postgres, if_exists: 'update' };
  const config = { schema_prefix: 'shop', port: 5432, always_encrypted: true, host: '10' };
  const run = await runStep(
    { inputs, env },
    { connections: [{ id: 'shop_id', service: 'postgres', config }] },
  );

  expect(run.outputs.result).toBe('reused');
  expect(bodies(run, 'patch')).toEqual([]);
});
