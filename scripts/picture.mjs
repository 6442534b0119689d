// Takes pictures of job summaries as GitHub shows them: runs the built action against the sandbox and
// renders the summary that it writes.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { flagsFrom, UsageError } from '../test/demo/flags.mjs';
import { resolvePreset } from '../test/demo/resolve.mjs';
import { declaredInputNames, runAction } from '../test/runner/runner.mjs';
import { startSandbox } from '../test/sandbox/sandbox.mjs';
import { takePicture } from './picture/chromium.mjs';
import { pageOf } from './picture/page.mjs';

/** @typedef {import('./picture/page.mjs').Theme} Theme */

const USAGE = `Takes pictures of job summaries as GitHub shows them.

npm run picture                        updates the README's: docs/summary.png, docs/summary-dark.png
npm run picture -- --out FILE.png ...  takes one of any step

  --scenario NAME, --manifest FILE, --input name=value, --env name=value
                the step, as in npm start (see npm start -- --help)
  --width N     in CSS pixels; 900 by default
  --dark        GitHub's dark theme`;

/** The step in the README's picture: a manifest with two failures. */
const SHOWN = [`--manifest=${fileURLToPath(new URL('./picture/fivetran.yml', import.meta.url))}`];

const docs = fileURLToPath(new URL('../docs', import.meta.url));

const INSTALL = `Pictures need Chromium, pngquant and fonts. On Debian and Ubuntu:
  sudo apt-get install chromium pngquant fonts-noto-core fonts-noto-color-emoji fonts-liberation
CHROMIUM can hold the path of another Chromium or Chrome.`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof UsageError ? error.message : missingProgram(error);
  if (message === undefined) throw error;
  console.error(message);
  process.exitCode = 2;
}

/** @param {string[]} args */
async function main(args) {
  const { help, out, dark, width, ...step } = parsed(args);
  if (help) return console.log(USAGE);
  if (out === undefined) {
    const summary = await summaryOf(SHOWN);
    await save(summary, { file: resolve(docs, 'summary.png'), theme: 'light', width });
    await save(summary, { file: resolve(docs, 'summary-dark.png'), theme: 'dark', width });
    return;
  }
  const stepArgs = Object.entries(step).flatMap(([name, values]) =>
    [values].flat().map((value) => `--${name}=${value}`),
  );
  const file = resolve(process.env.INIT_CWD ?? '', out);
  await save(await summaryOf(stepArgs), { file, theme: dark ? 'dark' : 'light', width });
}

/** @param {string[]} args */
function parsed(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h' },
        out: { type: 'string' },
        dark: { type: 'boolean' },
        width: { type: 'string', default: '900' },
        scenario: { type: 'string', short: 's' },
        manifest: { type: 'string' },
        input: { type: 'string', short: 'i', multiple: true },
        env: { type: 'string', short: 'e', multiple: true },
      },
    });
    const width = Number(values.width);
    if (!(width >= 100)) throw new RangeError('--width must be a number of at least 100');
    return { ...values, width };
  } catch (error) {
    throw new UsageError(`${/** @type {Error} */ (error).message}. See --help.`);
  }
}

/**
 * What to install when an error says that a program is missing.
 * @param {unknown} error
 */
function missingProgram(error) {
  const { code, syscall, path } = /** @type {NodeJS.ErrnoException} */ (error);
  const isMissing = code === 'ENOENT' && syscall?.startsWith('spawn');
  return isMissing ? `${path} is missing. ${INSTALL}` : undefined;
}

/**
 * Runs a step and returns its summary.
 * @param {string[]} args as for npm start
 */
async function summaryOf(args) {
  const { sandbox, inputs, env } = resolvePreset(flagsFrom(args), declaredInputNames(), {});
  const { url, apiKey, apiSecret, close } = await startSandbox(sandbox);
  try {
    const access = { api_key: apiKey, api_secret: apiSecret, api_url: url };
    const { summary } = await runAction({ ...inWorkspace({ ...access, ...inputs }), env });
    return summary;
  } finally {
    await close();
  }
}

/**
 * Names a manifest as a workflow does: by its path in the workspace.
 * @param {Record<string, string>} inputs
 */
function inWorkspace(inputs) {
  const { manifest } = inputs;
  if (manifest === undefined) return { inputs };
  return { inputs: { ...inputs, manifest: basename(manifest) }, workspace: dirname(manifest) };
}

/** @param {string} summary @param {{ file: string, theme: Theme, width: number }} picture */
async function save(summary, { file, theme, width }) {
  const png = await takePicture(pageOf(summary, { theme, width }), width);
  // A palette instead of 24 bits per pixel more than halves the file.
  writeFileSync(file, execFileSync('pngquant', ['--strip', '-'], { input: png }));
  console.log(file);
}
