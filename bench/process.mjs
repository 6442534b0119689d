import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declaredInputs } from '../test/runner/action-metadata.mjs';
import { stepEnvironment } from '../test/runner/step-environment.mjs';

const root = new URL('../', import.meta.url);
export const dist = fileURLToPath(new URL('dist/index.js', root));
const declared = declaredInputs(new URL('action.yml', root));

/** @typedef {{ url: string, apiKey: string, apiSecret: string }} Api */

/**
 * Returns the environment in which the runner starts the action. Made before the clock starts, unlike
 * the one of the sandbox's runner.
 *
 * @param {string} folder for the runner's own files
 * @param {Api} api
 * @param {Record<string, string | number>} inputs
 */
export function environmentOf(folder, { url, apiKey, apiSecret }, inputs) {
  /** @type {Record<string, string | number>} */
  const given = { api_url: url, api_key: apiKey, api_secret: apiSecret, ...inputs };
  const variables = declared.map(({ name, default: fallback }) => [
    `INPUT_${name.toUpperCase()}`,
    String(given[name] ?? (fallback.includes('${{') ? '' : fallback)),
  ]);
  return {
    PATH: process.env.PATH ?? '',
    ...stepEnvironment({ folder, workspace: folder, event: {} }),
    ...Object.fromEntries(variables),
  };
}

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<{ startedAt: number, ms: number }>} when it started, by performance.now(), and how
 *   long it ran
 * @throws when its exit code is not 0
 */
export function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => {
      const ms = performance.now() - startedAt;
      if (code === 0) resolve({ startedAt, ms });
      else reject(new Error(`${command} ended with exit code ${code}:\n${output.slice(-2000)}`));
    });
  });
}

const memoryHook = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/**
 * Runs Node.js to its end, with a hook that records its peak memory.
 *
 * @param {string} folder
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export async function runMeasured(folder, args, env = {}) {
  const file = join(folder, 'memory');
  const { ms } = await run(process.execPath, ['--require', memoryHook, ...args], {
    ...env,
    BENCH_MEMORY: file,
  });
  return { ms, mebibytes: Number(readFileSync(file, 'utf8')) };
}
