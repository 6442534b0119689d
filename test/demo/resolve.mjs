import { UsageError } from './flags.mjs';
import { manifestPreset } from './manifest.mjs';
import { presetNamed, presetNames, undeclaredInput } from './presets.mjs';

/** @typedef {import('./flags.mjs').Flags} Flags */
/** @typedef {import('./presets.mjs').Preset} Preset */

/**
 * What to run, from the command line and the inputs that action.yml declares.
 * @param {Flags} flags
 * @param {string[]} declared names of the declared inputs
 * @param {Record<string, string | undefined>} env environment of the caller
 * @returns {Preset}
 * @throws {UsageError}
 */
export function resolvePreset(flags, declared, env) {
  const preset = flags.live ? livePreset(flags, env) : sandboxPreset(flags);
  const inputs = { ...preset.inputs, ...flags.inputs };
  const unknown = undeclaredInput({ ...preset, inputs }, declared);
  if (unknown !== undefined) {
    const isTyped = Object.hasOwn(flags.inputs, unknown);
    const reason = isTyped
      ? 'See --help for the list of inputs.'
      : `This version of the action can't show ${flags.manifest ? '--manifest' : `the scenario '${flags.scenario}'`}.`;
    throw new UsageError(`action.yml declares no input '${unknown}'. ${reason}`);
  }
  const debug = flags.debug ? { RUNNER_DEBUG: '1' } : {};
  return { ...preset, inputs, env: { ...preset.env, ...debug, ...flags.env } };
}

/** @param {Flags} flags */
function sandboxPreset({ manifest, scenario }) {
  if (!presetNames.includes(scenario)) {
    throw new UsageError(`Unknown scenario '${scenario}'. See --help for the list.`);
  }
  return manifest ? manifestPreset(manifest, scenario) : presetNamed(scenario);
}

/**
 * @param {Flags} flags
 * @param {Record<string, string | undefined>} env
 * @returns {Preset}
 */
function livePreset({ inputs, manifest }, { FIVETRAN_APIKEY = '', FIVETRAN_APISECRET = '' }) {
  if (FIVETRAN_APIKEY === '' || FIVETRAN_APISECRET === '') {
    throw new UsageError(
      '--live requires FIVETRAN_APIKEY and FIVETRAN_APISECRET in the environment.',
    );
  }
  const missing = manifest ? [] : requiredInputs(inputs).filter((name) => !inputs[name]);
  if (missing.length > 0) {
    const options = missing.map((name) => `--input ${name}=…`).join(' and ');
    throw new UsageError(`--live requires ${options}.`);
  }
  return {
    description: 'the real Fivetran API',
    sandbox: {},
    inputs: {
      api_key: FIVETRAN_APIKEY,
      api_secret: FIVETRAN_APISECRET,
      ...(manifest ? { manifest } : {}),
    },
    env: {},
  };
}

/**
 * The inputs that a step with these inputs can't do without.
 * @param {Record<string, string>} inputs
 */
function requiredInputs({ manifest, connection_id, copy_from, export_to }) {
  if (manifest || connection_id || copy_from) return [];
  return export_to ? ['group_id'] : ['group_id', 'service'];
}
