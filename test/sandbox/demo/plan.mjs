import { UsageError } from './flags.mjs';
import { manifestPreset } from './manifest.mjs';
import { presetNamed, presetNames, undeclaredInput } from './presets.mjs';

/** @typedef {import('./flags.mjs').Flags} Flags */
/** @typedef {import('./presets.mjs').Preset} Preset */

/**
 * What is to be run, as far as the command line and action.yml decide it.
 * @param {Flags} flags
 * @param {string[]} declared the inputs that action.yml declares
 * @param {Record<string, string | undefined>} env the caller's
 * @returns {Preset}
 * @throws {UsageError}
 */
export function planOf(flags, declared, env) {
  const preset = flags.live ? livePreset(flags, env) : sandboxPreset(flags);
  const inputs = { ...preset.inputs, ...flags.inputs };
  const unknown = undeclaredInput({ ...preset, inputs }, declared);
  if (unknown !== undefined) {
    const asked = Object.hasOwn(flags.inputs, unknown) ? 'there is no such input' : whatFor(flags);
    throw new UsageError(`action.yml declares no input '${unknown}': ${asked}`);
  }
  const debug = flags.debug ? { RUNNER_DEBUG: '1' } : {};
  return { ...preset, inputs, env: { ...preset.env, ...debug, ...flags.env } };
}

/** @param {Flags} flags */
const whatFor = ({ manifest, scenario }) =>
  `this version of the action can't show ${manifest ? '--manifest' : `the scenario '${scenario}'`}`;

/** @param {Flags} flags */
function sandboxPreset({ manifest, scenario }) {
  if (!presetNames.includes(scenario)) {
    throw new UsageError(`There is no scenario '${scenario}' (see --help)`);
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
    throw new UsageError('--live needs FIVETRAN_APIKEY and FIVETRAN_APISECRET in the environment');
  }
  const missing = ['group_id', 'service'].filter((name) => !inputs[name]);
  if (missing.length > 0 && !manifest && !inputs.connection_id) {
    throw new UsageError(
      `--live needs ${missing.map((name) => `--input ${name}=…`).join(' and ')}`,
    );
  }
  return {
    description: 'the real API',
    sandbox: {},
    inputs: {
      api_key: FIVETRAN_APIKEY,
      api_secret: FIVETRAN_APISECRET,
      ...(manifest ? { manifest } : {}),
    },
    env: {},
  };
}
