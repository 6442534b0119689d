import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { logView, withMasks } from '../runner/log-view.mjs';
import { declaredInputNames, runAction } from '../runner/runner.mjs';
import { startSandbox } from '../sandbox/sandbox.mjs';
import { flagsFrom, UsageError } from './flags.mjs';
import { helpText } from './help.mjs';
import { plainText } from './printing/plain-text.mjs';
import {
  heading,
  outputLines,
  requestLines,
  selectionLines,
  stepHeader,
} from './printing/printing.mjs';
import { essentialInputs, firstLines, shortOutputLines } from './printing/short.mjs';
import { resolvePreset } from './resolve.mjs';

/** @typedef {import('./flags.mjs').Flags} Flags */
/** @typedef {import('./presets.mjs').Preset} Preset */
/** @typedef {import('../sandbox/sandbox.mjs').Sandbox} Sandbox */

const print = console.log;

try {
  const flags = flagsFrom(process.argv.slice(2));
  if (flags.help) print(helpText(declaredInputNames()));
  else process.exitCode = await demonstrate(flags);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/**
 * Runs the action once and prints everything that can be seen of it.
 * @param {Flags} flags
 * @returns {Promise<number>} the action's exit code
 */
async function demonstrate(flags) {
  const preset = resolvePreset(flags, declaredInputNames(), process.env);
  if (!existsSync(new URL('../../dist/index.js', import.meta.url))) {
    throw new UsageError('dist/index.js is missing. Run npm ci && npm run build to create it.');
  }
  const sandbox = flags.live ? undefined : await startSandbox(preset.sandbox);
  try {
    const inputs = { ...(sandbox ? sandboxInputs(sandbox) : {}), ...preset.inputs };
    return await show({ flags, preset: { ...preset, inputs }, sandbox });
  } finally {
    await sandbox?.close();
  }
}

/** @param {{ flags: Flags, preset: Preset, sandbox: Sandbox | undefined }} demonstration */
async function show({ flags, preset: { description, inputs, env }, sandbox }) {
  const secrets = [inputs.api_key ?? '', inputs.api_secret ?? '', ...Object.values(env)];
  print(`Scenario: ${description}`);
  print(heading('Log'));
  // As in a workflow, PR_NUMBER and the like are no secrets.
  const shown = flags.verbose ? inputs : essentialInputs(inputs);
  print(
    stepHeader(
      shown,
      env,
      secrets.filter((value) => value.length >= 8),
    ),
  );
  const hidden = Object.keys(inputs).length - Object.keys(shown).length;
  if (hidden > 0) print(`  … and ${hidden} more inputs; --verbose shows them.`);

  const view = logView({ debug: flags.debug, write: print });
  // Ctrl-C also reaches the step, which then stops. Its last lines should still be printed.
  process.on('SIGINT', () => {});
  const workspace = flags.live ? flags.folder : mkdtempSync(join(tmpdir(), 'fivetran-demo-'));
  const result = await runAction({ inputs, env, workspace, onOutput: view.add });
  view.end();
  const file = inputs.export_to ? readIfThere(resolve(workspace, inputs.export_to)) : undefined;
  if (!flags.live) rmSync(workspace, { recursive: true });

  /** @param {string} title @param {string[]} lines */
  const section = (title, lines) => {
    print(heading(title));
    print(withMasks(lines.join('\n'), view.masks));
  };
  // A secret that is cut would no longer match its mask.
  const outputs = Object.fromEntries(
    Object.entries(result.outputs).map(([name, value]) => [name, withMasks(value, view.masks)]),
  );
  section('Outputs', (flags.verbose ? outputLines : shortOutputLines)(outputs));
  section('Job summary', [plainText(result.summary) || '(empty)']);
  if (file !== undefined) section(`${inputs.export_to}`, file.trimEnd().split('\n'));
  if (flags.summary) writeFileSync(flags.summary, result.summary);
  if (sandbox) {
    const requests = requestLines(sandbox.requests);
    section('Requests that the API received', flags.verbose ? requests : firstLines(requests));
    const selected = sandbox.requests.filter(({ path }) => path.endsWith('/schemas'));
    for (const { id, schema } of sandbox.state.connections.values()) {
      if (!selected.some(({ path }) => path.includes(`/${id}/`))) continue;
      section(`What ${schema} syncs`, selectionLines(sandbox.selection(id)));
    }
  }
  const { exitCode, signal } = result;
  if (!flags.verbose) print('\n--verbose shows every input, output and request in full.');
  print(heading(exitCode === null ? `Ended by ${signal}` : `Exit code ${exitCode}`));
  return exitCode ?? 1;
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** @param {Sandbox} sandbox */
function sandboxInputs({ url, apiKey, apiSecret }) {
  return { api_key: apiKey, api_secret: apiSecret, api_url: url };
}
