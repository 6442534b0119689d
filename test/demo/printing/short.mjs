import { documentedRequest } from '../steps/documented-request.mjs';
import { parsedJson } from './json.mjs';

const WIDTH = 96;
const MOST_LINES = 24;

/** What makes the documented request a step; its other inputs are settings that a step seldom needs. */
const ESSENTIAL = ['group_id', 'service', 'config', 'destination_schema_names'];

/**
 * The inputs that tell one step from another: without the sandbox's access, and without the settings
 * of the documented request.
 * @param {Record<string, string>} inputs
 * @returns {Record<string, string>}
 */
export function essentialInputs(inputs) {
  /** @type {Record<string, string>} */
  const documented = documentedRequest;
  return Object.fromEntries(
    Object.entries(inputs).filter(
      ([name, value]) =>
        !/^api_(key|secret|url)$/.test(name) &&
        (ESSENTIAL.includes(name) || documented[name] !== value),
    ),
  );
}

/**
 * The outputs on a line each: those that are set, with long JSON cut, then the names of the others.
 * @param {Record<string, string>} outputs
 */
export function shortOutputLines(outputs) {
  const entries = Object.entries(outputs);
  const isSet = (/** @type {string} */ value) => !['', '[]', '{}'].includes(value);
  const set = entries.filter(([, value]) => isSet(value));
  const width = Math.max(0, ...set.map(([name]) => name.length)) + 2;
  const lines = set.map(([name, value]) => `${name.padEnd(width)}${oneLine(value, width)}`);
  const empty = entries.filter(([, value]) => !isSet(value)).map(([name]) => name);
  return empty.length > 0 ? [...lines, '', `Empty: ${empty.join(', ')}`] : lines;
}

/** @param {string} value @param {number} used columns to the left of the value */
function oneLine(value, used) {
  const [first = '', ...more] = value.trimEnd().split('\n');
  if (more.length > 0 && parsedJson(value) === undefined) {
    return `${first}${more.map((line) => `\n${' '.repeat(used)}${line}`).join('')}`;
  }
  const characters = [...value];
  return characters.length <= WIDTH - used
    ? value
    : `${characters.slice(0, WIDTH - used - 1).join('')}…`;
}

/**
 * The first of many lines, and how many there are more.
 * @param {string[]} lines
 */
export const firstLines = (lines) =>
  lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `… ${lines.length - MOST_LINES + 1} more`];
