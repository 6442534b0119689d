import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { callerOf } from './caller.mjs';
import { manifestPreset } from './demo/manifest.mjs';
import { startSandbox } from './sandbox.mjs';

const file = new URL('./example-manifest.yml', import.meta.url);
const { sandbox: options, env } = manifestPreset('example-manifest.yml', 'connected');

/** The manifest as it stands with the preset's environment filled in. */
function manifest() {
  const text = readFileSync(file, 'utf8');
  const filled = text.replace(/\$\{(\w+)\}/g, (place, name: string) => env[name] ?? place);
  return parse(filled) as {
    defaults: Record<string, unknown>;
    connections: Record<string, Record<string, unknown>>;
  };
}

test('every ${NAME} of the example has a value', () => {
  expect(JSON.stringify(manifest())).not.toContain('${');
});

test('every entry of the example is a request that the API understands', async () => {
  const sandbox = await startSandbox({ ...options, latencyMs: 0 });
  const call = callerOf(sandbox);
  const { defaults, connections } = manifest();
  expect(Object.keys(connections)).toHaveLength(12);
  const answers: Record<string, unknown> = {};
  try {
    for (const [name, entry] of Object.entries(connections)) {
      const { status, data } = await call('POST', '/v1/connections', { ...defaults, ...entry });
      answers[name] = data?.status.setup_state ?? status;
    }
  } finally {
    await sandbox.close();
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
