import { certificateFingerprint, hostKeyFingerprint } from '../../sandbox/fixtures.mjs';
import { entriesIn, readManifest, requestsIn } from './reading.ts';

/** The create requests of a manifest, in its order. */
const requestsOf = async (
  manifest: string | object,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
) => requestsIn(await readManifest(manifest, inputs, env));

test('each entry becomes a request with its fields', async () => {
  const connections = {
    crm: {
      group_id: 'decent_dropsy',
      service: 'salesforce',
      config: { schema: 'crm', domain: null },
      auth: { client_access: { client_id: 'warehouse', client_secret: 'shh-client' } },
      sync_frequency: 1440,
      daily_sync_time: '03:00',
      paused: true,
    },
    billing: {
      group_id: 'decent_dropsy',
      service: 'postgres',
      config: { schema_prefix: 'billing', host: 'db.example.com', port: 5432 },
      networking_method: 'SshTunnel',
      destination_configuration: { virtual_warehouse: 'LOAD' },
      connect_card_config: { redirect_uri: 'https://example.com/done' },
      external_secrets_keys_config: { password: 'prod/db' },
    },
  };
  const reading = await readManifest({ connections });
  expect(requestsIn(reading)).toStrictEqual(Object.values(connections));
  expect(entriesIn(reading).map(({ name }) => name)).toEqual(['crm', 'billing']);
});

test('an entry overrides the defaults, and the defaults override the inputs', async () => {
  const inputs = {
    group_id: 'decent_dropsy',
    service: 'github',
    sync_frequency: '60',
    networking_method: 'Directly',
    paused: 'true',
  };
  const defaults = { service: 'gitlab', sync_frequency: 120, paused: false };
  const connections = {
    all: { config: { schema: 'all' } },
    own: { config: { schema: 'own' }, service: 'jira', sync_frequency: 360, paused: true },
  };
  const shared = { group_id: 'decent_dropsy', networking_method: 'Directly' };
  expect(await requestsOf({ defaults, connections }, inputs)).toStrictEqual([
    { ...shared, ...defaults, ...connections.all },
    { ...shared, ...connections.own },
  ]);
});

test('config and auth merge by top-level key; everything else is replaced', async () => {
  const inputs = {
    group_id: 'decent_dropsy',
    service: 'anything',
    config: 'host: input\nport: 1\ntls: {on: true, verify: true}',
    auth: 'region: input-region\nuser: input',
    destination_configuration: 'virtual_warehouse: INPUT',
    additional_fields: '{a: 1, b: 2}',
  };
  const defaults = {
    config: { port: 2, hosts: ['a', 'b'] },
    auth: { user: 'default' },
    connect_card_config: { redirect_uri: 'https://example.com/default', all_fields: true },
    external_secrets_keys_config: { password: 'default', token: 'default' },
  };
  const entry = {
    config: { schema: 'crm', hosts: ['c'], tls: { on: false } },
    auth: { region: null },
    connect_card_config: { redirect_uri: 'https://example.com/own' },
    external_secrets_keys_config: { password: 'own' },
    additional_fields: { b: 3 },
  };
  const [request] = await requestsOf({ defaults, connections: { crm: entry } }, inputs);
  expect(request).toStrictEqual({
    group_id: 'decent_dropsy',
    service: 'anything',
    config: { host: 'input', port: 2, tls: { on: false }, hosts: ['c'], schema: 'crm' },
    auth: { region: null, user: 'default' },
    destination_configuration: { virtual_warehouse: 'INPUT' },
    connect_card_config: entry.connect_card_config,
    external_secrets_keys_config: { password: 'own' },
    b: 3,
  });
});

test('a null field counts as missing, so its default applies', async () => {
  const defaults = {
    group_id: 'decent_dropsy',
    service: 'anything',
    config: { schema: 'crm' },
    sync_frequency: null,
    paused: true,
  };
  const requests = await requestsOf(
    { defaults, connections: { crm: { config: null, paused: null, sync_frequency: null } } },
    { sync_frequency: '60' },
  );
  expect(requests).toStrictEqual([
    {
      group_id: 'decent_dropsy',
      service: 'anything',
      config: { schema: 'crm' },
      sync_frequency: 60,
      paused: true,
    },
  ]);
});

test('an empty entry uses the defaults', async () => {
  const yaml = `
defaults: {group_id: decent_dropsy, service: anything, config: {schema: crm}}
connections:
  crm:
`;
  expect(await requestsOf(yaml)).toStrictEqual([
    { group_id: 'decent_dropsy', service: 'anything', config: { schema: 'crm' } },
  ]);
});

test('${NAME} is replaced anywhere in the file and converted to the type of the field', async () => {
  const yaml = `
defaults:
  group_id: \${GROUP}
  service: \${UNSET:-anything}
  run_setup_tests: \${RUN_TESTS}
connections:
  crm:
    sync_frequency: \${FREQUENCY}
    daily_sync_time: \${TIME}
    paused: "\${PAUSED:-false}"
    private_link_id: "\${LINK}"
    config:
      schema: crm_\${NUMBER}
      password: \${PASSWORD}
      port: \${NUMBER}
      nested: [{deep: "\${NUMBER}"}, "$\${NUMBER}"]
    trusted_fingerprints: \${KEYS}
    trusted_certificates: ["\${CERTIFICATE}"]
`;
  const env = {
    GROUP: 'decent_dropsy',
    RUN_TESTS: 'false',
    FREQUENCY: '1440',
    TIME: '03:00',
    PAUSED: 'true',
    LINK: '007',
    NUMBER: '42',
    PASSWORD: 'pa: {ss} "\n- ${NUMBER} #&*',
    KEYS: `${hostKeyFingerprint}\n${hostKeyFingerprint}\n`,
    CERTIFICATE: certificateFingerprint,
  };
  const reading = await readManifest(yaml, {}, env);
  expect(requestsIn(reading)).toStrictEqual([
    {
      group_id: 'decent_dropsy',
      service: 'anything',
      run_setup_tests: false,
      sync_frequency: 1440,
      daily_sync_time: '03:00',
      paused: true,
      private_link_id: '007',
      config: {
        schema: 'crm_42',
        password: env.PASSWORD,
        port: '42',
        nested: [{ deep: '42' }, '${NUMBER}'],
      },
    },
  ]);
  expect(entriesIn(reading)[0]?.spec).toMatchObject({
    name: 'crm_42',
    trusted_fingerprints: [hostKeyFingerprint, hostKeyFingerprint],
    trusted_certificates: [certificateFingerprint],
  });
});

test('YAML anchors, aliases and merge keys work across connections', async () => {
  const entries = Array.from(
    { length: 150 },
    (_, at) => `  shop_${at}:\n    <<: *shop\n    auth: *auth\n    config: {schema: shop_${at}}\n`,
  );
  const yaml = `
defaults: {group_id: decent_dropsy, auth: &auth {refresh_token: the-token}}
connections:
  first: &shop {service: shopify, config: {schema: first}}
${entries.join('')}`;
  const requests = await requestsOf(yaml);
  expect(requests).toHaveLength(151);
  for (const request of requests) {
    expect(request).toMatchObject({ service: 'shopify', auth: { refresh_token: 'the-token' } });
  }
});

test('inputs of the whole step apply to every entry', async () => {
  const manifest = {
    defaults: { group_id: 'g', service: 's', on_failed_tests: 'pause' },
    connections: {
      a: { config: { schema: 'a' }, if_exists: 'update' },
      b: { config: { schema: 'b' } },
    },
  };
  const inputs = { wait_for_sync: 'true', sync_timeout_minutes: '5', if_exists: 'reuse' };
  const specs = entriesIn(await readManifest(manifest, inputs)).map(({ spec }) => spec);
  const shared = { on_failed_tests: 'pause', wait_for_sync: { timeoutMinutes: 5 } };
  expect(specs).toMatchObject([
    { name: 'a', if_exists: 'update', ...shared },
    { name: 'b', if_exists: 'reuse', ...shared },
  ]);
});

test('state: absent applies to every entry', async () => {
  const manifest = {
    defaults: { group_id: 'g' },
    connections: { a: { config: { schema: 'a' } }, b: { config: { schema: 'b' }, service: 's' } },
  };
  const specs = entriesIn(await readManifest(manifest, { state: 'absent' })).map(
    ({ spec }) => spec,
  );
  expect(specs).toEqual([
    {
      state: 'absent',
      target: { kind: 'name', group_id: 'g', name: 'a', normalizedName: 'a', shortName: undefined },
      expect: {},
    },
    {
      state: 'absent',
      target: { kind: 'name', group_id: 'g', name: 'b', normalizedName: 'b', shortName: undefined },
      expect: { service: 's' },
    },
  ]);
});
