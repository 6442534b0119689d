import { startSandbox } from '../test/sandbox/sandbox.mjs';
import { dist, environmentOf, run } from './process.mjs';
import { median } from './table.mjs';

const rounds = 11;
const latencyMs = 200;

/**
 * Measures a whole step that creates a connection. The baseline is the same request sent by curl.
 *
 * @param {string} folder
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function createRows(folder) {
  const action = [];
  const curl = [];
  for (let round = 0; round < rounds; round += 1) {
    action.push(await inSandbox((sandbox) => createWithAction(folder, sandbox)));
    curl.push(await inSandbox(createWithCurl));
  }
  const unit = 'ms';
  return [
    {
      measure: `create, ${latencyMs} ms latency, against curl`,
      unit,
      value: median(action),
      baseline: median(curl),
    },
  ];
}

/** @typedef {import('../test/sandbox/sandbox.mjs').Sandbox} Sandbox */

/** @param {(sandbox: Sandbox) => Promise<number>} create */
async function inSandbox(create) {
  const sandbox = await startSandbox({ services: 'any', latencyMs });
  try {
    const ms = await create(sandbox);
    if (sandbox.connections.length !== 1) throw new Error('No connection was created.');
    return ms;
  } finally {
    await sandbox.close();
  }
}

const request = { group_id: 'decent_dropsy', service: '15five', config: { schema: 'crm' } };

/** @param {string} folder @param {Sandbox} sandbox */
async function createWithAction(folder, sandbox) {
  const inputs = { ...request, config: JSON.stringify(request.config) };
  return (await run(process.execPath, [dist], environmentOf(folder, sandbox, inputs))).ms;
}

/** @param {Sandbox} sandbox */
async function createWithCurl({ url, apiKey, apiSecret }) {
  const args = [
    ...['--silent', '--fail', '--user', `${apiKey}:${apiSecret}`],
    ...['--header', 'Content-Type: application/json'],
    ...['--header', 'Accept: application/json;version=2'],
    ...['--data', JSON.stringify({ ...request, run_setup_tests: true })],
    `${url}/v1/connections`,
  ];
  return (await run('curl', args)).ms;
}
