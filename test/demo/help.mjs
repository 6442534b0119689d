import { presetNamed, presetNames, undeclaredInput } from './presets.mjs';
import { wrap } from './printing/text-table.mjs';

/** The headings of the scenario list, in order, with the scenarios below them. */
const GROUPS = /** @type {[string, string[]][]} */ ([
  [
    'The setup tests',
    [
      ...['connected', 'failed-tests', 'warning', 'job-failed', 'job-failed-always'],
      ...['incomplete-once', 'incomplete', 'broken', 'slow'],
    ],
  ],
  [
    'Host keys and certificates',
    ['host-key-unknown', 'pinned-trust', 'certificate-unknown', 'pinned-certificate'],
  ],
  ['Existing connections', ['reuse', 'update', 'removal', 'conflict']],
  ['Start from what exists', ['copy', 'export']],
  ['Table selection', ['table-selection', 'table-unknown']],
  [
    'Syncs',
    [
      ...['sync', 'sync-fails', 'sync-never-ends', 'sync-already-running', 'sync-rescheduled'],
      ...['sync-cancelled', 'sync-breaks', 'broken-until-sync', 'stale-pause'],
    ],
  ],
  ['Dry run', ['dry-run']],
  [
    'Errors and faults',
    [
      ...['unauthorized', 'forbidden', 'not-found', 'rate-limited', 'server-error', 'html-error'],
      ...['published-limits', 'storm', 'odd-answer', 'hostile', 'hostile-error'],
    ],
  ],
]);

/**
 * The text of `--help`. It leaves out what needs inputs that the action does not declare.
 * @param {string[]} declared names of the declared inputs
 */
export function helpText(declared) {
  const manifest = declared.includes('manifest')
    ? [
        '      --manifest [FILE]     create every connection of a manifest; without FILE, of the',
        '                            example (test/demo/example-manifest.yml)',
      ]
    : [];
  return [
    'Runs the action as the GitHub runner does, against a Fivetran API on this machine.',
    'It needs no Fivetran account, no network and no npm install.',
    '',
    'Usage: npm start -- [options]',
    '',
    "Without options, the step sends the create request from Fivetran's documentation, and it",
    'succeeds. The output shows the log as GitHub does, then the outputs, the job summary, the',
    'requests that the API received and the exit code.',
    '',
    'Options:',
    '  -s, --scenario NAME       what happens; the scenarios are listed below',
    '  -i, --input NAME=VALUE    set an input of the step; an empty value unsets it (repeatable)',
    '  -e, --env NAME=VALUE      set an environment variable of the step, for ${NAME} in config',
    '                            (repeatable)',
    ...manifest,
    '      --summary FILE        also write the job summary to FILE, as Markdown',
    '  -v, --verbose             show every input, output and request in full',
    '      --debug               show debug lines, like a re-run with debug logging',
    '      --live                use the real Fivetran API, with FIVETRAN_APIKEY and',
    '                            FIVETRAN_APISECRET from the environment and your own inputs;',
    '                            files are read and written in the current folder',
    '  -h, --help                show this text',
    '',
    'Examples:',
    '  npm start -- --scenario failed-tests',
    '  npm start -- -i service=github -i \'config={schema: gh, pats: ["${PAT}"]}\' -e PAT=secret',
    ...(declared.includes('manifest') ? ['  npm start -- --manifest'] : []),
    '',
    'Scenarios:',
    ...scenarioLines(declared),
    '',
    'Inputs, as declared in action.yml:',
    ...wrap(declared.join(' '), 92).map((line) => `  ${line}`),
  ].join('\n');
}

/** @param {string[]} declared */
function scenarioLines(declared) {
  const isShown = (/** @type {string} */ name) =>
    undeclaredInput(presetNamed(name), declared) === undefined;
  const listed = GROUPS.flatMap(([, names]) => names);
  const others = presetNames.filter((name) => !listed.includes(name));
  return [...GROUPS, /** @type {[string, string[]]} */ (['Others', others])].flatMap(
    ([title, names]) => {
      const lines = names
        .filter(isShown)
        .map((name) => `    ${name.padEnd(21)} ${presetNamed(name).description}`);
      return lines.length > 0 ? [`  ${title}`, ...lines] : [];
    },
  );
}
