import { readFileSync } from 'node:fs';
import { startLanguageServer } from '../../scripts/editor/language-server.mjs';
import { entryOfService } from './entry-of-service.ts';

const { month, services } = JSON.parse(
  readFileSync(new URL('../../schema/connectors.json', import.meta.url), 'utf8'),
);
let server: Awaited<ReturnType<typeof startLanguageServer>>;

beforeAll(async () => {
  const schema = new URL('../../schema/manifest.schema.json', import.meta.url);
  server = await startLanguageServer(schema.href);
});

afterAll(() => server.stop());

/** A manifest and the position of `|` in it. */
function withCursor(text: string) {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return [text.replace('|', ''), position] as const;
}

/** The lines of one entry. */
const entry = (...lines: string[]) =>
  ['connections:', '  crm:', ...lines.map((line) => `    ${line}`), ''].join('\n');

const complete = async (text: string) =>
  (await server.complete(...withCursor(text))).map(({ label }) => label);

describe('an editor suggests', () => {
  const POSTGRES = ['schema_prefix', 'host', 'password', 'port', 'update_method'];

  test.each<[string, string, string[]]>([
    ['services', entry('service: |'), ['postgres', 'google_ads', '15five']],
    ['services by their beginning', entry('service: post|'), ['postgres', 'posthog']],
    ['the fields of config', entry('service: postgres', 'config:', '  |'), POSTGRES],
    ['one more field', entry('service: postgres', 'config:', '  user: me', '  |'), POSTGRES],
    ['fields before the service', entry('config:', '  |', 'service: postgres'), POSTGRES],
    ['a field by its beginning', entry('config:', '  h|', 'service: postgres'), POSTGRES],
    [
      'the fields of the service of defaults',
      `defaults: { service: postgres }\n${entry('config:', '  |')}`,
      POSTGRES,
    ],
    ['fields in defaults', 'defaults:\n  service: postgres\n  config:\n    |\n', POSTGRES],
    [
      "the fields of the entry's own service",
      `defaults: { service: postgres }\n${entry('service: s3', 'config:', '  |')}`,
      ['schema', 'table_group_name', 'bucket', 'files'],
    ],
    [
      'nested fields of auth',
      entry('service: google_ads', 'auth:', '  client_access:', '    |'),
      ['client_id', 'client_secret'],
    ],
    [
      'fields of the items of a list',
      entry('service: google_ads', 'config:', '  reports:', '    - |'),
      ['fields', 'report_type', 'table'],
    ],
    [
      'values',
      entry('service: postgres', 'config:', '  update_method: |'),
      ['QUERY_BASED', 'WAL_PGOUTPUT'],
    ],
    [
      'secrets of an external manager',
      entry('service: postgres', 'external_secrets_keys_config:', '  |'),
      ['password', 'user'],
    ],
    ['booleans', entry('service: postgres', 'config:', '  always_encrypted: |'), ['true', 'false']],
    ['fields of an entry', entry('|'), ['service', 'config', 'daily_sync_time']],
  ])('%s', async (_what, text, wanted) => {
    const labels = await complete(text);
    expect(labels).toEqual(expect.arrayContaining(wanted));
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).not.toContain('null');
    expect(labels).not.toContain('property');
  });

  test('a text to insert that goes on after the key', async () => {
    for (const text of ['|', entry('|'), entry('service: google_ads', 'config:', '  |')]) {
      const items = await server.complete(...withCursor(text));
      expect(items.length).toBeGreaterThan(1);
      for (const { label, insertText } of items) expect(insertText).toMatch(`${label}:`);
    }
  });

  test('frequencies as numbers', async () => {
    const labels = await complete(entry('sync_frequency: |'));
    expect(labels.map(Number)).toEqual([1, 5, 15, 30, 60, 120, 180, 360, 480, 720, 1440]);
  });

  test('no field of a service whose name begins alike', async () => {
    const own = Object.keys(services.maria.config);
    const labels = await complete(entry('service: maria', 'config:', '  |'));
    expect(labels.sort()).toEqual([...services.maria.naming, ...own].sort());
  });
});

describe('on hover, an editor links to the reference page of the service:', () => {
  test.each([
    ['config', entry('con|fig: { host: db }', 'service: postgres')],
    ['auth', entry('service: google_ads', 'au|th: { refresh_token: x }')],
    ['inherited config', `defaults: { service: postgres }\n${entry('con|fig: { host: db }')}`],
  ])('%s', async (_what, text) => {
    const hover = await server.hover(...withCursor(text));
    expect(hover).toMatch(/\(https:\/\/fivetran\.com\/docs\/\S+\?service=(postgres|google_ads)\)/);
  });

  test.each(['', 'postgres', 'postgress', '15', '${SERVICE}'])(
    'no list of services for service: %s',
    async (value) => {
      const hover = await server.hover(...withCursor(entry(`ser|vice: ${value}`)));
      expect(hover).toMatch(value === 'postgres' ? /\?service=postgres\)/ : /Connector type/);
      expect(hover.length).toBeLessThan(400);
    },
  );

  test('without a service, it describes the field', async () => {
    const hover = await server.hover(...withCursor(entry('con|fig: { host: db }')));
    expect(hover).toContain('Connector configuration');
  });
});

/** What an editor reports, each with the line it stands in. */
async function report(text: string): Promise<string[]> {
  const lines = text.split('\n');
  const found = await server.diagnose(text);
  return found
    .sort((a, b) => a.range.start.line - b.range.start.line)
    .map(({ range, message }) => `${lines[range.start.line]?.trim()}: ${message}`);
}

test('an editor reports what is probably wrong, and claims no more than is known', async () => {
  const text = `
connections:
  a:
    service: postgres
    config:
      pasword: x
      password: hunter2
      port: many
      host: [db1]
      public_key: ssh-rsa
  b:
    service: postgress
  c:
    service: google_ads
    auth:
      refresh_token: plain
      client_access: { client_secret: "$\${LITERAL}" }
    config:
      reports:
        - tabel: x
  d:
    service: Postgres
    servise: postgres
    sync_frequency: 7
  e:
    service: 15
`;
  expect(await report(text)).toEqual([
    `pasword: x: Not a field of postgres in Fivetran's reference of ${month}.`,
    expect.stringMatching(/^password: hunter2: Plain text, but a secret .*\$\{NAME\}/),
    expect.stringMatching(/^port: many: .* has an integer here\.$/),
    expect.stringMatching(/^host: \[db1\]: .* has text here\.$/),
    expect.stringMatching(/^public_key: ssh-rsa: A read-only field of postgres/),
    `service: postgress: Not a service in Fivetran's reference of ${month}.`,
    expect.stringMatching(/^refresh_token: plain: Plain text in a field .* like a secret\./),
    expect.stringMatching(/^client_access: .*: Plain text/),
    `- tabel: x: Not a field of google_ads in Fivetran's reference of ${month}.`,
    `service: Postgres: Not a service in Fivetran's reference of ${month}.`,
    expect.stringMatching(/^servise: .* not allowed/),
    expect.stringMatching(/^sync_frequency: 7: Value is not accepted. Valid values: 1, 5,/),
    'service: 15: Incorrect type. Expected "string".',
  ]);
});

test('an editor reports nothing about what is right or not known to be wrong', async () => {
  const connections = Object.fromEntries(
    Object.keys(services).map((name) => [name, entryOfService(name, services[name], 'fitting')]),
  );
  expect(await report(JSON.stringify({ connections }, null, 2))).toEqual([]);
  const text = `
defaults:
connections:
  a:
    service: \${SERVICE}
    config: { password: from-a-file, anything: 1 }
  b:
    service: s3
    config:
      schema: crm
      table: orders
      table_group_name: orders
      schema_prefix: crm
      role_arn: arn:aws:iam::1:role/x
      bucket: \${BUCKET}
      auth_type: A_NEW_ONE
      skip_after: \${LINES}
      files: \${FILES}
      is_public: "true"
      access_key_secret: prefix-\${KEY}
      pgp_secret_key:
    auth: { anything: 1 }
    paused: \${PAUSED}
    sync_frequency: "60"
  c:
  d:
    config: { password: inherited-from-an-input }
`;
  expect(await report(text)).toEqual([]);
});
