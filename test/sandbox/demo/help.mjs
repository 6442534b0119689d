import { presetNamed, presetNames, undeclaredInput } from './presets.mjs';

/**
 * The text of `--help`. What needs inputs that the action does not declare is left out.
 * @param {string[]} declared the inputs that action.yml declares
 */
export function helpText(declared) {
  const scenarios = presetNames
    .map((name) => /** @type {const} */ ([name, presetNamed(name)]))
    .filter(([, preset]) => undeclaredInput(preset, declared) === undefined)
    .map(([name, { description }]) => `  ${name.padEnd(20)} ${description}`);
  const manifest = declared.includes('manifest')
    ? ['  --manifest [FILE]         make all connections of a manifest, the example if no FILE']
    : [];
  return [
    'Runs the action as the GitHub runner does, against a Fivetran API on this machine.',
    'With no options: the create request of the Fivetran documentation, and all goes well.',
    '',
    'npm start -- [options]',
    '',
    '  -s, --scenario NAME       what happens, see below',
    '  -i, --input name=value    an input of the step, as often as needed; name= leaves it empty',
    '  -e, --env NAME=value      an environment variable of the step, for ${NAME} in config',
    ...manifest,
    '  --summary FILE            write the job summary to a file as well',
    "  --debug                   show debug lines, as after 're-run with debug logging'",
    '  --live                    talk to the real API, with FIVETRAN_APIKEY and FIVETRAN_APISECRET',
    '                            and the inputs that you give, at least group_id and service',
    '  -h, --help                this text',
    '',
    'Scenarios:',
    ...scenarios,
    '',
    'Inputs:',
    ...wrapped(declared),
    '',
    'For example:',
    '  npm start -- --scenario failed-tests',
    '  npm start -- -i service=github -i \'config={schema: gh, pat: "${PAT}"}\' -e PAT=secret',
  ].join('\n');
}

/** @param {string[]} names */
function wrapped(names) {
  /** @type {string[]} */
  const lines = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length > 94) lines.push(`  ${name}`);
    else lines[lines.length - 1] = `${last} ${name}`;
  }
  return lines;
}
