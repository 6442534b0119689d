import { certificateFingerprint, hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import { readManifest } from './manifest-read.ts';
import { cleanUp, created, failureOf, runManifest } from './manifest-step.ts';

afterEach(cleanUp);

/** The bodies of the create requests, in the manifest's order. */
async function bodiesOf(
  manifest: string | object,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
) {
  const ran = await runManifest(manifest, { inputs: { max_parallel: 1, ...inputs }, env });
  expect(failureOf(ran)).toBe('');
  return created(ran);
}

test('each connection is created once, with the fields of its entry', async () => {
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
    },
  };
  expect(await bodiesOf({ connections })).toStrictEqual(Object.values(connections));
});

test('an entry goes over the defaults, and the defaults over the inputs', async () => {
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
  expect(await bodiesOf({ defaults, connections }, inputs)).toStrictEqual([
    { ...shared, ...defaults, ...connections.all },
    { ...shared, ...connections.own },
  ]);
});

test('config and auth merge by their keys, not deeper, and everything else is replaced', async () => {
  const inputs = {
    group_id: 'decent_dropsy',
    service: 'anything',
    config: 'host: input\nport: 1\ntls: {on: true, verify: true}',
    auth: 'token: input-token\nuser: input',
    destination_configuration: 'virtual_warehouse: INPUT',
  };
  const defaults = {
    config: { port: 2, hosts: ['a', 'b'] },
    auth: { user: 'default' },
    connect_card_config: { redirect_uri: 'https://example.com/default', all_fields: true },
  };
  const entry = {
    config: { schema: 'crm', hosts: ['c'], tls: { on: false } },
    auth: { token: null },
    connect_card_config: { redirect_uri: 'https://example.com/own' },
  };
  const [body] = await bodiesOf({ defaults, connections: { crm: entry } }, inputs);
  expect(body).toStrictEqual({
    group_id: 'decent_dropsy',
    service: 'anything',
    config: { host: 'input', port: 2, tls: { on: false }, hosts: ['c'], schema: 'crm' },
    auth: { token: null, user: 'default' },
    destination_configuration: { virtual_warehouse: 'INPUT' },
    connect_card_config: entry.connect_card_config,
  });
});

test('a field that is null is not given: what is below it holds', async () => {
  const defaults = {
    group_id: 'decent_dropsy',
    service: 'anything',
    config: { schema: 'crm' },
    sync_frequency: null,
    paused: true,
  };
  const bodies = await bodiesOf(
    { defaults, connections: { crm: { config: null, paused: null, sync_frequency: null } } },
    { sync_frequency: '60' },
  );
  expect(bodies).toStrictEqual([
    {
      group_id: 'decent_dropsy',
      service: 'anything',
      config: { schema: 'crm' },
      sync_frequency: 60,
      paused: true,
    },
  ]);
});

test('an entry with nothing in it takes everything from the defaults', async () => {
  const yaml = `
defaults: {group_id: decent_dropsy, service: anything, config: {schema: crm}}
connections:
  crm:
`;
  expect(await bodiesOf(yaml)).toStrictEqual([
    { group_id: 'decent_dropsy', service: 'anything', config: { schema: 'crm' } },
  ]);
});

test('${NAME} is replaced anywhere in the file, by a value of the type that the field takes', async () => {
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
  expect(await bodiesOf(yaml, {}, env)).toStrictEqual([
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
});

test('anchors, aliases and merge keys of YAML work, however many connections share them', async () => {
  const entries = Array.from(
    { length: 150 },
    (_, at) => `  shop_${at}:\n    <<: *shop\n    auth: *auth\n    config: {schema: shop_${at}}\n`,
  );
  const yaml = `
defaults: {group_id: decent_dropsy, auth: &auth {refresh_token: the-token}}
connections:
  first: &shop {service: shopify, config: {schema: first}}
${entries.join('')}`;
  const { settings, failure } = await readManifest(yaml);
  expect(failure).toBe('');
  expect(settings?.entries).toHaveLength(151);
  for (const { spec } of settings?.entries ?? []) {
    expect(spec).toMatchObject({ service: 'shopify', auth: { refresh_token: 'the-token' } });
  }
});
