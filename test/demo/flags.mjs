import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * The parsed command line.
 * @typedef {object} Flags
 * @property {boolean} help
 * @property {boolean} live
 * @property {boolean} debug
 * @property {boolean} verbose
 * @property {string} scenario
 * @property {Record<string, string>} inputs
 * @property {Record<string, string>} env
 * @property {string | undefined} summary file that receives the job summary
 * @property {string | undefined} manifest
 * @property {string} folder the caller's, in which a live step reads and writes files
 */

/** An invalid command line. The message is for the user. */
export class UsageError extends Error {}

const EXAMPLE = fileURLToPath(new URL('./example-manifest.yml', import.meta.url));

/**
 * Parses the command line.
 * @param {string[]} args
 * @returns {Flags}
 * @throws {UsageError}
 */
export function flagsFrom(args) {
  const { values } = parsed(args.flatMap(withFile));
  return {
    help: values.help ?? false,
    live: values.live ?? false,
    debug: values.debug ?? false,
    verbose: values.verbose ?? false,
    scenario: values.scenario ?? 'connected',
    inputs: pairsIn('--input', values.input ?? []),
    env: pairsIn('--env', values.env ?? []),
    summary: values.summary && fromCaller(values.summary),
    manifest: values.manifest && fromCaller(values.manifest),
    folder: fromCaller('.'),
  };
}

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h' },
        live: { type: 'boolean' },
        debug: { type: 'boolean' },
        verbose: { type: 'boolean', short: 'v' },
        scenario: { type: 'string', short: 's' },
        input: { type: 'string', short: 'i', multiple: true },
        env: { type: 'string', short: 'e', multiple: true },
        summary: { type: 'string' },
        manifest: { type: 'string' },
      },
    });
  } catch (error) {
    const [sentence = ''] = String(/** @type {Error} */ (error).message).split('. ');
    throw new UsageError(`${sentence}. See --help.`);
  }
}

/**
 * Completes `--manifest` without a file with the example: parseArgs has no optional values.
 * @param {string} arg @param {number} at @param {string[]} args
 */
function withFile(arg, at, args) {
  const next = args[at + 1];
  const isBare = arg === '--manifest' && (next === undefined || next.startsWith('-'));
  return isBare ? [arg, EXAMPLE] : [arg];
}

/**
 * Resolves a path against the caller's folder: npm runs scripts in the package's folder.
 * @param {string} path
 */
const fromCaller = (path) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** @param {string} flag @param {string[]} pairs */
function pairsIn(flag, pairs) {
  const entries = pairs.map((pair) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) throw new UsageError(`${flag} requires name=value, got '${pair}'.`);
    return [name, value ?? ''];
  });
  return Object.fromEntries(entries);
}
