import { groupOf } from '../../harness/sandboxes.ts';
import { certificate, hostKey } from '../fixtures.mjs';
import { configPropertiesOf, services } from '../metadata.mjs';
import { facts, fieldsOf, problemsOf, resolved, type Shape, valuesOf } from './documented.ts';
import { closeAll, open, PATH } from './open.ts';

afterEach(closeAll);

/** What is documented elsewhere, and what clients see although the document differs. */
const KNOWN_DIFFERENCES = [
  // These belong to each service.
  /^data\.(config|external_secrets_keys_config): not documented$/,
  // A table has columns only when one was ever set.
  /\.tables\.\w+\.columns: missing$/,
];

const connections = groupOf({
  pg: { service: 'postgres', config: { schema_prefix: 'pg', password: 'hush' }, selection: {} },
  new: { service: 'postgres', scenario: 'host-key-unknown', setup_state: 'incomplete' },
  daily: { sync_frequency: 1440, daily_sync_time: '03:00', succeeded_at: '2026-01-01T00:00:00Z' },
});

const SAMPLES: Record<string, unknown> = {
  group_id: 'decent_dropsy',
  service: '15five',
  config: { api_key: 'key' },
  auth: { client_access: { client_id: 'id' } },
  external_secrets_keys_config: { password: 'key' },
  redirect_uri: 'https://example.com',
  daily_sync_time: '03:00',
  exclude_mode: 'PRESERVE',
  hash: hostKey.hash,
  public_key: hostKey.public_key,
  encoded_cert: certificate.encoded_cert,
  'schemas.*': 'public',
  'tables.*': 'users',
  'columns.*': 'email',
};

/** The places and bodies of requests that succeed, by endpoint. */
const TARGETS: Record<string, { path?: string; body?: object; samples?: Record<string, unknown> }> =
  {
    'POST /v1/connections': { path: PATH },
    'GET /v1/connections': { path: `${PATH}?group_id=decent_dropsy&limit=2` },
    'GET /v1/connections/{connectionId}': { path: `${PATH}/daily` },
    'PATCH /v1/connections/{connectionId}': {
      path: `${PATH}/pg`,
      body: { paused: true, run_setup_tests: true },
    },
    'DELETE /v1/connections/{connectionId}': { path: `${PATH}/daily` },
    'POST /v1/connections/{connectionId}/test': { path: `${PATH}/new/test` },
    'POST /v1/connections/{connectionId}/sync': { path: `${PATH}/pg/sync` },
    'POST /v1/connections/{connectionId}/connect-card': { path: `${PATH}/pg/connect-card` },
    'POST /v1/connections/{connectionId}/fingerprints': { path: `${PATH}/new/fingerprints` },
    'POST /v1/connections/{connectionId}/certificates': {
      path: `${PATH}/new/certificates`,
      samples: { ...SAMPLES, hash: certificate.hash },
    },
    'GET /v1/connections/{connectionId}/schemas': { path: `${PATH}/pg/schemas` },
    'POST /v1/connections/{connectionId}/schemas': { path: `${PATH}/new/schemas` },
    'PATCH /v1/connections/{connectionId}/schemas': {
      path: `${PATH}/pg/schemas`,
      body: { schema_change_handling: 'ALLOW_ALL' },
    },
    'POST /v1/connections/{connectionId}/schemas/reload': { path: `${PATH}/pg/schemas/reload` },
    'GET /v1/connections/{connectionId}/schemas/{schema}/tables/{table}/columns': {
      path: `${PATH}/pg/schemas/public/tables/users/columns`,
    },
    'GET /v1/groups/{groupId}': { path: '/v1/groups/decent_dropsy' },
    'GET /v1/groups/{groupId}/public-key': { path: '/v1/groups/decent_dropsy/public-key' },
    'GET /v1/metadata/connector-types/{service}': { path: '/v1/metadata/connector-types/postgres' },
  };

const endpoints = Object.entries(facts.endpoints).map(([endpoint, { request, answers }]) => {
  const { path = '/v1/nowhere', body = {}, samples = SAMPLES } = TARGETS[endpoint] ?? {};
  const bodies = request
    ? valuesOf(request, '', samples).map((value) => ({ ...body, ...(value as object) }))
    : [undefined];
  return {
    endpoint,
    method: endpoint.split(' ')[0] ?? '',
    path,
    samples,
    request,
    answers,
    bodies,
  };
});

const openAll = () => open({ connections });

test.each(endpoints)('$endpoint answers every documented request as documented', async (one) => {
  for (const sent of one.bodies) {
    const { call } = await openAll();
    const { status, text } = await call(one.method, one.path, sent);
    const shape = one.answers[status];
    if (shape === undefined) throw new Error(`${JSON.stringify(sent)}: ${status} ${text}`);
    const problems = problemsOf(JSON.parse(text), shape, '')
      .map((problem) => problem.slice(1))
      .filter((problem) => !KNOWN_DIFFERENCES.some((known) => known.test(problem)));
    expect({ sent, problems }).toEqual({ sent, problems: [] });
    await closeAll();
  }
});

const withBody = endpoints.flatMap(({ request, ...one }) => (request ? [{ ...one, request }] : []));

test.each(withBody)('$endpoint refuses what the document excludes', async (one) => {
  const bodies = wrongValuesOf(one.request, one.bodies[0] ?? {}, one.samples);
  expect(bodies).not.toHaveLength(0);
  for (const wrong of bodies) {
    const { call } = await openAll();
    const reply = await call(one.method, one.path, wrong);
    expect({ wrong, status: reply.status }).toEqual({ wrong, status: 400 });
    await closeAll();
  }
});

/** Bodies that lack a required field, or have a field of another type or value than documented. */
function wrongValuesOf(shape: Shape, right: object, samples: Record<string, unknown>): object[] {
  const known = resolved(shape);
  if (typeof known === 'string' || Array.isArray(known)) return [];
  return fieldsOf(known).flatMap(({ name, isRequired, shape: field }) => {
    const type = resolved(field);
    const without = Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
    const inside = valuesOf(field, name, samples)
      .slice(0, 1)
      .flatMap((value) =>
        typeof value === 'object' && !(name in samples)
          ? wrongValuesOf(nameless(type, value), value ?? {}, samples)
          : [],
      );
    return [
      ...(isRequired ? [without] : []),
      ...(type === 'any' ? [] : [{ ...right, [name]: [] }]),
      ...(Array.isArray(type) ? [{ ...right, [name]: 'SOMETHING_ELSE' }] : []),
      ...inside.map((value) => ({ ...right, [name]: value })),
    ];
  });
}

/** A mapping of any names as one of the names that a value has. */
function nameless(shape: Shape, value: unknown): Shape {
  if (typeof shape === 'string' || Array.isArray(shape) || !shape['{}']) return shape;
  const items = shape['{}'];
  return Object.fromEntries(Object.keys(value ?? {}).map((name) => [name, items]));
}

describe("a connector's metadata", () => {
  const NAMING = ['schema', 'schema_prefix', 'table', 'table_group_name'];
  /** As at Fivetran, where metadata and document differ, and where previews come and go. */
  const UNDOCUMENTED = ['github.pats', 'uservoice.subdomain', 'postgres.has_heartbeat_table'];

  test.each(services)('of %s has documented fields, types, and values', (service) => {
    const { config = {}, readonly = {} } = facts.connectors[service] ?? {};
    const properties = configPropertiesOf(service) ?? {};
    const problems = Object.entries(properties).flatMap(([name, property]) => {
      const path = `${service}.${name}`;
      if (NAMING.includes(name) || UNDOCUMENTED.includes(path)) return [];
      const shape = property.readonly ? readonly[name] : config[name];
      if (shape === undefined) return [`${path}: not documented`];
      const values = property.enum ?? [PLAIN[property.type]];
      return values.flatMap((value) => problemsOf(value, shape, path));
    });
    expect(problems).toEqual([]);
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(readonly)));
  });

  const PLAIN = { string: 'text', integer: 5, boolean: true, object: {}, array: [] };
});
