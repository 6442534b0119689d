import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../test/sandbox/sandbox.mjs';
import { selfSigned } from '../test/sandbox/self-signed.mjs';
import { dist, environmentOf, run, runMeasured } from './process.mjs';
import { median } from './table.mjs';

const rounds = 21;
const memoryTarget = 1.4;

/**
 * Measures the time from the start of the process to the arrival of its first request and to its end,
 * and its peak memory. The baseline is a bare `node -e 0`. All of them run in turns.
 *
 * @param {string} folder
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function startRows(folder) {
  writeFileSync(join(folder, 'one.yml'), 'connections:\n  crm:\n    config:\n      schema: crm\n');
  const tls = selfSigned();
  writeFileSync(join(folder, 'authority.pem'), tls.cert);

  const step = { group_id: 'decent_dropsy', service: '15five' };
  const json = { ...step, config: '{"schema":"crm"}' };
  const subjects = [
    { name: 'JSON config', inputs: json, target: 2.4 },
    { name: 'YAML config', inputs: { ...step, config: 'schema: crm' }, target: 2.7 },
    { name: 'YAML manifest', inputs: { ...step, manifest: 'one.yml' } },
    { name: 'JSON config, https', inputs: json, tls },
  ].map((subject) => ({ ...subject, runs: /** @type {Run[]} */ ([]) }));
  /** @type {Run[]} */
  const bare = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await runBare(folder));
    for (const { inputs, tls, runs } of subjects) runs.push(await runStep(folder, inputs, tls));
  }

  return [
    ...subjects.map(({ name, target, runs }) => ({
      measure: `first request, ${name}`,
      unit: 'ms',
      value: median(runs.map(({ ms }) => ms)),
      baseline: median(bare.map(({ ms }) => ms)),
      target,
    })),
    ...subjects.map(({ name, runs }) => ({
      measure: `end of the step, ${name}`,
      unit: 'ms',
      value: median(runs.map(({ endMs }) => endMs)),
      baseline: median(bare.map(({ ms }) => ms)),
    })),
    ...subjects.map(({ name, runs }) => ({
      measure: `peak memory, ${name}`,
      unit: 'MiB',
      value: median(runs.map(({ mebibytes }) => mebibytes)),
      baseline: median(bare.map(({ mebibytes }) => mebibytes)),
      target: name.endsWith('config') ? memoryTarget : undefined,
    })),
  ];
}

/** @typedef {{ ms: number, endMs: number, mebibytes: number }} Run */

/** @param {string} folder @returns {Promise<Run>} */
async function runBare(folder) {
  const { ms } = await run(process.execPath, ['-e', '0']);
  const { mebibytes } = await runMeasured(folder, ['-e', '0']);
  return { ms, endMs: ms, mebibytes };
}

/**
 * @param {string} folder
 * @param {Record<string, string>} inputs
 * @param {{ key: string, cert: string } | undefined} tls
 * @returns {Promise<Run>}
 */
async function runStep(folder, inputs, tls) {
  const env = tls ? { NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem') } : {};
  const { ms, endMs } = await inSandbox(tls, async (sandbox) => {
    const stepEnv = { ...environmentOf(folder, sandbox, inputs), ...env };
    const end = await run(process.execPath, [dist], stepEnv);
    return { ms: (sandbox.requests[0]?.at ?? Number.NaN) - end.startedAt, endMs: end.ms };
  });
  // A run of its own, because the hook that measures memory takes time.
  const mebibytes = await inSandbox(tls, async (sandbox) => {
    const stepEnv = { ...environmentOf(folder, sandbox, inputs), ...env };
    return (await runMeasured(folder, [dist], stepEnv)).mebibytes;
  });
  return { ms, endMs, mebibytes };
}

/**
 * @template T
 * @param {{ key: string, cert: string } | undefined} tls
 * @param {(sandbox: import('../test/sandbox/sandbox.mjs').Sandbox) => Promise<T>} measure
 */
async function inSandbox(tls, measure) {
  const sandbox = await startSandbox({ services: 'any', ...(tls && { tls }) });
  try {
    return await measure(sandbox);
  } finally {
    await sandbox.close();
  }
}
