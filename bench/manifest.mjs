// Measures the action against a sandbox with latency, and holds it to its bars: a manifest's time by
// the ideal, its memory by that of a small one, and the cold start by that of a bare `node`. All bars
// are ratios of figures of the same run, so they hold on any machine that has little else to do.
// Exit code 1 means that a run itself failed; a bar that is missed is only told.
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAction } from '../test/sandbox/runner.mjs';
import { startSandbox } from '../test/sandbox/sandbox.mjs';
import { coldStartReport } from './cold-start.mjs';
import { median, table, told } from './table.mjs';

/** @typedef {{ url: string, apiKey: string, apiSecret: string }} Api */
/** @typedef {{ ms: number, mebibytes: number }} Run */

const latencyMs = 50;
const atOnce = 8;
const counts = [1, 10, 100, 1000];
const rounds = 3;
const bars = { time: 1.1, timeMs: 1000, memory: 1.8 };

if (process.argv[2] === 'sandbox') await serveSandbox();
else await measure();

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'fivetran-bench-'));
  const sandbox = await sandboxProcess();
  try {
    /** @type {Map<number, Run[]>} */
    const runs = new Map(counts.map((count) => [count, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [count, all] of runs) all.push(await run(sandbox, folder, count, round));
    }
    console.log(`${manifestReport(runs)}\n`);
    console.log(await coldStartReport(folder, manifestOf(folder, 1, 0)));
  } finally {
    sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The other process: a sandbox, until its parent is done. */
async function serveSandbox() {
  const { url, apiKey, apiSecret } = await startSandbox({ services: 'any', latencyMs });
  process.send?.({ url, apiKey, apiSecret });
  process.on('disconnect', () => process.exit(0));
}

/** @returns {Promise<Api & { stop: () => void }>} */
function sandboxProcess() {
  const child = fork(fileURLToPath(import.meta.url), ['sandbox']);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) =>
      resolve({ .../** @type {Api} */ (message), stop: () => child.disconnect() }),
    );
  });
}

/**
 * Writes a manifest whose connections no other round has.
 * @param {string} folder @param {number} count @param {number} round
 */
function manifestOf(folder, count, round) {
  const names = Array.from({ length: count }, (_, at) => `source_${round}_${count}_${at}`);
  const entries = names.map(
    (name) => `  ${name}:
    service: postgres
    config:
      schema_prefix: ${name}
      host: ${name}.example.com
      port: 5432
      user: fivetran
      password: \${PASSWORD:-a-password-of-some-length}
      database: shop
`,
  );
  const head =
    'defaults:\n  group_id: decent_dropsy\n  destination_schema_names: FIVETRAN_NAMING\n';
  const file = join(folder, `${count}.yml`);
  writeFileSync(file, `${head}connections:\n${entries.join('')}`);
  return file;
}

/**
 * Makes so many connections with one step.
 * @param {Api} api @param {string} folder @param {number} count @param {number} round
 * @returns {Promise<Run>}
 */
async function run({ url, apiKey, apiSecret }, folder, count, round) {
  const memory = join(folder, 'memory');
  const hook = join(folder, 'hook.cjs');
  writeFileSync(hook, `(${leavePeakMemory})()`);
  const { exitCode, log, durationMs, outputs } = await runAction({
    inputs: {
      api_url: url,
      api_key: apiKey,
      api_secret: apiSecret,
      manifest: manifestOf(folder, count, round),
      max_parallel: atOnce,
    },
    env: { NODE_OPTIONS: `--require ${hook}`, BENCH_MEMORY: memory },
  });
  const made = Object.keys(JSON.parse(outputs.connections ?? '{}'));
  if (exitCode !== 0 || made.length !== count) {
    throw new Error(
      `a manifest of ${count} ended with exit code ${exitCode}:\n${log.slice(-2000)}`,
    );
  }
  return { ms: durationMs, mebibytes: Number(readFileSync(memory, 'utf8')) / 1024 };
}

/** Runs in the measured process, and leaves its peak memory, in KiB, behind. */
function leavePeakMemory() {
  const { existsSync, readFileSync, writeFileSync } = require('node:fs');
  const status = '/proc/self/status';
  process.on('exit', () => {
    // Linux counts into maxRSS what the parent had before exec; VmHWM is this program's alone.
    const peak = existsSync(status) && /VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1];
    writeFileSync(process.env.BENCH_MEMORY ?? '', String(peak || process.resourceUsage().maxRSS));
  });
}

/** @param {Map<number, Run[]>} runs */
function manifestReport(runs) {
  /** @param {number} count */
  const peakOf = (count) => median((runs.get(count) ?? []).map(({ mebibytes }) => mebibytes));
  const rows = [...runs].map(([count, all]) => {
    const ms = median(all.map((one) => one.ms));
    const ideal = Math.ceil(count / atOnce) * latencyMs;
    const memory = peakOf(count) / peakOf(10);
    return [
      `${count}`,
      `${ms.toFixed(0)} ms`,
      `${ideal} ms`,
      (ms / ideal).toFixed(2),
      told(ms <= bars.time * ideal + bars.timeMs),
      `${peakOf(count).toFixed(0)} MiB`,
      memory.toFixed(2),
      count === 1000 ? told(memory <= bars.memory) : '',
    ];
  });
  return [
    `Manifests, ${latencyMs} ms latency, max_parallel ${atOnce}, median of ${rounds} runs`,
    `Bars: time at most ${bars.time} × ideal + ${bars.timeMs} ms; memory at most ${bars.memory} × that of 10`,
    ...table(['connections', 'time', 'ideal', 'ratio', 'bar', 'memory', 'ratio', 'bar'], rows),
  ].join('\n');
}
