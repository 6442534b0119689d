import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { closeAll, open, PATH } from '../sandbox/tests/open.ts';
import { manifestPreset } from './manifest.mjs';

afterEach(closeAll);

const file = new URL('./example-manifest.yml', import.meta.url);
const { sandbox: options, env } = manifestPreset('example-manifest.yml', 'connected');

/** The manifest with the preset's environment filled in. */
function manifest() {
  const text = readFileSync(file, 'utf8');
  const filled = text.replace(/\$\{(\w+)\}/g, (place, name: string) => env[name] ?? place);
  return parse(filled) as {
    defaults: Record<string, unknown>;
    connections: Record<string, Record<string, unknown>>;
  };
}

test('every ${NAME} in the example has a value', () => {
  expect(JSON.stringify(manifest())).not.toContain('${');
});

test('the API accepts every entry of the example, apart from the scenarios that refuse it', async () => {
  const { call } = await open({ ...options, latencyMs: 0 });
  const { defaults, connections } = manifest();
  expect(Object.keys(connections)).toHaveLength(12);
  const answers: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(connections)) {
    const { schemas, schema_change_handling, ...request } = { ...defaults, ...entry };
    const { status, data } = await call('POST', PATH, request);
    answers[name] = data?.status.setup_state ?? status;
  }
  expect(answers).toEqual({
    people: 'connected',
    reviews: 'connected',
    crm: 'connected',
    ads: 'incomplete',
    budget: 'connected',
    forecast: 'connected',
    billing: 'incomplete',
    ledger: 'incomplete',
    code: 'incomplete',
    builds: 'incomplete',
    events: 429,
    invoices: 403,
  });
});

test('the selection in the example names tables of the source', async () => {
  const { sandbox, call } = await open();
  const crm = manifest().connections.crm as {
    service: string;
    schemas: Record<string, { tables: object }>;
  };
  const { id } = sandbox.seed({ service: crm.service });
  const { data } = await call('POST', `${PATH}/${id}/schemas/reload`, {});
  expect(Object.keys(crm.schemas)).toEqual(['salesforce']);
  expect(Object.keys(data.schemas.salesforce.tables)).toEqual(
    expect.arrayContaining(Object.keys(crm.schemas.salesforce?.tables ?? {})),
  );
});
