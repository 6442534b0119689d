import { existsSync, writeFileSync } from 'node:fs';
import { flagsFrom, UsageError } from './demo/flags.mjs';
import { helpText } from './demo/help.mjs';
import { planOf } from './demo/plan.mjs';
import { heading, outputLines, requestLines, stepHeader } from './demo/printing.mjs';
import { logView, withMasks } from './runner/log-view.mjs';
import { declaredInputNames, runAction } from './runner.mjs';
import { startSandbox } from './sandbox.mjs';

/** @typedef {import('./demo/flags.mjs').Flags} Flags */
/** @typedef {import('./demo/presets.mjs').Preset} Preset */
/** @typedef {import('./sandbox.mjs').Sandbox} Sandbox */

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
 * Runs the action once and shows all that there is to see of it.
 * @param {Flags} flags
 * @returns {Promise<number>} the action's exit code
 */
async function demonstrate(flags) {
  const plan = planOf(flags, declaredInputNames(), process.env);
  if (!existsSync(new URL('../../dist/index.js', import.meta.url))) {
    throw new UsageError('dist/index.js is missing: npm ci && npm run build makes it');
  }
  const sandbox = flags.live ? undefined : await startSandbox(plan.sandbox);
  try {
    const inputs = { ...(sandbox ? sandboxInputs(sandbox) : {}), ...plan.inputs };
    return await show({ flags, plan: { ...plan, inputs }, sandbox });
  } finally {
    await sandbox?.close();
  }
}

/** @param {{ flags: Flags, plan: Preset, sandbox: Sandbox | undefined }} demonstration */
async function show({ flags, plan: { inputs, env }, sandbox }) {
  const secrets = [inputs.api_key ?? '', inputs.api_secret ?? '', ...Object.values(env)];
  print(heading('Log'));
  print(
    stepHeader(
      inputs,
      env,
      secrets.filter((value) => value.length >= 8),
    ),
  );

  const view = logView({ debug: flags.debug, write: print });
  // Ctrl-C reaches the step by itself and cancels it; what it then says is still to be shown.
  process.on('SIGINT', () => {});
  const result = await runAction({ inputs, env, onOutput: view.add });
  view.end();

  /** @param {string[]} lines */
  const printMasked = (lines) => print(withMasks(lines.join('\n'), view.masks));
  print(heading('Outputs'));
  printMasked(outputLines(result.outputs));
  print(heading('Summary'));
  printMasked([result.summary.trimEnd() || '(none)']);
  if (flags.summary) writeFileSync(flags.summary, result.summary);
  if (sandbox) {
    print(heading('Requests that Fivetran received'));
    printMasked(requestLines(sandbox.requests));
  }
  const exitCode = result.exitCode ?? 1;
  print(heading(`Exit code ${result.exitCode ?? `none, ended by ${result.signal}`}`));
  return exitCode;
}

/** @param {Sandbox} sandbox */
function sandboxInputs({ url, apiKey, apiSecret }) {
  return { api_key: apiKey, api_secret: apiSecret, api_url: url };
}
