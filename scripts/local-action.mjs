// Runs src/ in @github/local-action, GitHub's stand-in for the runner, against the sandbox.
//
//   npm run local-action              a success and a failure, and checks how they end
//   npm run local-action -- SCENARIO  any scenario of npm start, and prints the whole output
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { presetNamed, presetNames } from '../test/demo/presets.mjs';
import { startSandbox } from '../test/sandbox/sandbox.mjs';

/** @typedef {{ log: string, summary: string }} Run */

const VERSION = '7.0.1';

/** Whether the step of a scenario fails. */
const FAILS = { connected: false, 'failed-tests': true };

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [scenario] = process.argv.slice(2);
if (scenario === undefined) {
  for (const [name, fails] of Object.entries(FAILS)) check(name, fails, await run(name));
} else if (presetNames.includes(scenario)) {
  const { log, summary } = await run(scenario);
  console.log(`${log}\n${summary}`);
} else {
  console.error(`Unknown scenario '${scenario}'. See npm start -- --help for the list.`);
  process.exitCode = 2;
}

/**
 * Checks how a step ended, by what it wrote: local-action exits with 0 either way.
 * @param {string} name @param {boolean} fails @param {Run} run
 */
function check(name, fails, { log, summary }) {
  const isExpected =
    /^::error/m.test(log) === fails &&
    /^::set-output name=result::created$/m.test(log) &&
    summary.startsWith(`<h2>${fails ? '❌' : '✅'}`);
  if (!isExpected) process.exitCode = 1;
  const end = fails ? 'a failure' : 'a success';
  console.log(`${name}: ${isExpected ? end : `expected ${end}, got:\n${log}\n${summary}`}`);
}

/**
 * Runs the step of a scenario.
 * @param {string} name
 * @returns {Promise<Run>}
 */
async function run(name) {
  const { sandbox: options, inputs, env } = presetNamed(name);
  const { url, apiKey, apiSecret, close } = await startSandbox(options);
  const folder = mkdtempSync(join(tmpdir(), 'local-action-'));
  const envFile = join(folder, '.env');
  const summaryFile = join(folder, 'summary.md');
  const access = { api_key: apiKey, api_secret: apiSecret, api_url: url };
  const inputVariables = Object.entries({ ...access, ...inputs }).map(([input, value]) => [
    `INPUT_${input.toUpperCase()}`,
    value,
  ]);
  const variables = { ...Object.fromEntries(inputVariables), ...env };
  try {
    writeFileSync(envFile, dotenv({ ...variables, GITHUB_STEP_SUMMARY: summaryFile }));
    // Without --yes, npx asks before it installs local-action, which asks before it installs tsx.
    const { stdout } = await promisify(execFile)('npx', [
      ...['--yes', `@github/local-action@${VERSION}`],
      ...['.', 'src/main.ts', envFile],
    ]);
    return { log: stdout, summary: readFileSync(summaryFile, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
    await close();
  }
}

/**
 * The text of a .env file.
 * @param {Record<string, string>} variables
 */
function dotenv(variables) {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=\`${value}\`\n`);
  return lines.join('');
}
