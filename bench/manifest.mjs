import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dist, environmentOf, runMeasured } from './process.mjs';
import { median } from './table.mjs';

const rounds = 3;
const latencyMs = 50;
const maxParallel = 8;
const counts = [1, 10, 100, 1000];
const memoryTarget = 1.8;

/**
 * Measures manifests of several sizes. The baseline of the time is what the latency alone takes; that
 * of the peak memory is the manifest of 10 connections.
 *
 * @param {string} folder
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function manifestRows(folder) {
  const sandbox = await startSandboxProcess();
  /** @type {Map<number, { ms: number, mebibytes: number }[]>} */
  const runs = new Map(counts.map((count) => [count, []]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [count, all] of runs) {
        const manifest = writeManifest(folder, count, round);
        const inputs = { manifest, max_parallel: maxParallel };
        const env = environmentOf(folder, sandbox.api, inputs);
        all.push(await runMeasured(folder, [dist], env));
      }
    }
  } finally {
    sandbox.stop();
  }
  /** @param {number} count @param {'ms' | 'mebibytes'} figure */
  const medianOf = (count, figure) => median((runs.get(count) ?? []).map((run) => run[figure]));
  return [
    ...counts.map((count) => {
      const ideal = Math.ceil(count / maxParallel) * latencyMs;
      // The target is 1.1 times the ideal and a second more, for start and report.
      const target = 1.1 + 1000 / ideal;
      const value = medianOf(count, 'ms');
      return { measure: `manifest of ${count}`, unit: 'ms', value, baseline: ideal, target };
    }),
    {
      measure: 'peak memory, manifest of 1000',
      unit: 'MiB',
      value: medianOf(1000, 'mebibytes'),
      baseline: medianOf(10, 'mebibytes'),
      target: memoryTarget,
    },
  ];
}

/** Starts a sandbox in a process of its own, so that it takes no time from the measured one. */
async function startSandboxProcess() {
  const file = fileURLToPath(new URL('sandbox-process.mjs', import.meta.url));
  const child = fork(file, [String(latencyMs)]);
  const api = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', resolve);
  });
  return { api: /** @type {import('./process.mjs').Api} */ (api), stop: () => child.disconnect() };
}

/**
 * Writes a manifest whose connections no other round has.
 *
 * @param {string} folder
 * @param {number} count
 * @param {number} round
 */
function writeManifest(folder, count, round) {
  const entries = Array.from({ length: count }, (_, at) => {
    const name = `source_${round}_${count}_${at}`;
    return `  ${name}:
    service: postgres
    config:
      schema_prefix: ${name}
      host: ${name}.example.com
      port: 5432
      user: fivetran
      password: \${PASSWORD:-a-password-of-some-length}
      database: shop
`;
  });
  const defaults =
    'defaults:\n  group_id: decent_dropsy\n  destination_schema_names: FIVETRAN_NAMING\n';
  const file = `${count}.yml`;
  writeFileSync(join(folder, file), `${defaults}connections:\n${entries.join('')}`);
  return file;
}
