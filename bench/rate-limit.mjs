import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRuntime, main } from '../src/main.ts';
import { recordingToolkit } from '../test/harness/runner-toolkit.ts';
import { BEGIN, virtualClock } from '../test/harness/virtual-clock.ts';
import { accountLimits } from '../test/sandbox/limits.mjs';
import { startSandbox } from '../test/sandbox/sandbox.mjs';
import { environmentOf } from './process.mjs';

const count = 900;
const maxParallel = 8;
const minutesAllowed = 1;

/**
 * Measures a manifest of new connections under the limits that Fivetran publishes, on a virtual clock
 * that the step and the sandbox share. The baseline is the time that the limits themselves demand.
 *
 * @param {string} folder
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function rateLimitRows(folder) {
  const clock = virtualClock();
  const sandbox = await startSandbox({
    limits: 'published',
    services: 'any',
    now: () => BEGIN + clock.now(),
  });
  try {
    const manifest = 'rate-limit.yml';
    writeFileSync(join(folder, manifest), manifestText());
    const inputs = { manifest, max_parallel: maxParallel, rate_limit_wait_minutes: 60 };
    const env = environmentOf(folder, sandbox, inputs);
    const { toolkit, result } = recordingToolkit(inputsOf(env));
    const { signal } = new AbortController();
    await main(createRuntime({ toolkit, env, clock, signal }));
    const { exitCode, log } = result();
    if (exitCode !== 0) throw new Error(`The manifest under limits failed:\n${log.slice(-2000)}`);
    const floor = floorMinutes();
    const refused = sandbox.requests.filter(({ status }) => status === 429).length;
    const waits = log.split('all requests wait').length - 1;
    return [
      {
        measure: `manifest of ${count}, published limits`,
        unit: 'min',
        value: clock.now() / 60_000,
        baseline: floor,
        target: 1.05 + minutesAllowed / floor,
      },
      {
        measure: 'refused requests per wait',
        unit: '',
        value: refused / waits,
        target: maxParallel,
      },
    ];
  } finally {
    await sandbox.close();
  }
}

/** How long the limits of creates demand for all connections, in minutes. */
function floorMinutes() {
  const windows = accountLimits.published.filter(({ of }) => of === 'creates');
  /** @type {number[]} */
  const admitted = [];
  while (admitted.length < count) {
    const ends = windows.map(
      (window) => (admitted.at(-window.count) ?? -Infinity) + window.seconds,
    );
    admitted.push(Math.max(admitted.at(-1) ?? 0, ...ends));
  }
  return (admitted.at(-1) ?? 0) / 60;
}

/** @param {NodeJS.ProcessEnv} env */
const inputsOf = (env) =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith('INPUT_') ? [[name.slice('INPUT_'.length).toLowerCase(), value ?? '']] : [],
    ),
  );

function manifestText() {
  const entries = Array.from(
    { length: count },
    (_, at) => `  store_${at}: { config: { schema: store_${at} } }\n`,
  );
  return `defaults:
  group_id: decent_dropsy
  service: 15five
  destination_schema_names: FIVETRAN_NAMING
connections:
${entries.join('')}`;
}
