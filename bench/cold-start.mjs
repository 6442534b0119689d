import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stepEnvironment } from '../test/sandbox/runner/step-environment.mjs';
import { startSandbox } from '../test/sandbox/sandbox.mjs';
import { median, table, told } from './table.mjs';

const rounds = 15;
const bar = 1.6;

const action = fileURLToPath(new URL('../dist/index.js', import.meta.url));

/**
 * Measures the time from the start of the process to the arrival of its first request, against that
 * from the start to the end of a bare `node`, in turns.
 *
 * @param {string} folder for the runner's files
 * @param {string} manifest of one connection
 */
export async function coldStartReport(folder, manifest) {
  const one = { group_id: 'decent_dropsy', service: '15five' };
  /** @type {[string, Record<string, string>][]} */
  const steps = [
    ['one connection, config in JSON', { ...one, config: '{"schema":"crm"}' }],
    ['one connection, config in YAML', { ...one, config: 'schema: crm' }],
    ['a manifest in YAML', { manifest }],
  ];
  /** @type {number[]} */
  const bare = [];
  const times = steps.map(() => /** @type {number[]} */ ([]));
  // The first round warms the disk's cache up, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    bare.push(await bareNode());
    for (const [at, [, inputs]] of steps.entries()) {
      times[at]?.push(await firstRequest(folder, inputs));
    }
  }
  const node = median(bare.slice(1));
  const rows = steps.map(([name], at) => {
    const ms = median((times[at] ?? []).slice(1));
    const verdict = at === 0 ? told(ms <= bar * node) : '';
    return [name, `${ms.toFixed(0)} ms`, (ms / node).toFixed(2), verdict];
  });
  return [
    `Cold start, to the first request, median of ${rounds} alternating runs`,
    `Bar: at most ${bar} × node -e 0, which takes ${node.toFixed(0)} ms`,
    ...table(['step', 'time', 'ratio', 'bar'], rows),
  ].join('\n');
}

/** @returns {Promise<number>} */
function bareNode() {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })
      .once('error', reject)
      .once('exit', () => resolve(performance.now() - begin));
  });
}

/** @param {string} folder @param {Record<string, string>} inputs @returns {Promise<number>} */
async function firstRequest(folder, inputs) {
  const { url, apiKey, apiSecret, requests, close } = await startSandbox({ services: 'any' });
  const all = { ...inputs, api_url: url, api_key: apiKey, api_secret: apiSecret };
  const variables = Object.entries(all).map(([name, text]) => [
    `INPUT_${name.toUpperCase()}`,
    text,
  ]);
  const env = {
    PATH: process.env.PATH ?? '',
    ...stepEnvironment({ folder, workspace: folder, event: {} }),
    ...Object.fromEntries(variables),
  };
  const begin = performance.now();
  const exitCode = await new Promise((resolve, reject) => {
    spawn(process.execPath, [action], { env, stdio: 'ignore' })
      .once('error', reject)
      .once('exit', resolve);
  });
  await close();
  const [first] = requests;
  if (exitCode !== 0 || !first) throw new Error(`a step ended with exit code ${exitCode}`);
  return first.at - begin;
}
