import { withMasks } from '../../runner/log-view.mjs';
import { parsedJson, prettyJson } from './json.mjs';
import { textTable } from './text-table.mjs';

const WIDTH = 96;

/** @param {string} title */
export const heading = (title) =>
  `\n── ${title} ${'─'.repeat(Math.max(0, WIDTH - 4 - title.length))}`;

/**
 * What the runner prints at the start of a step: its inputs and environment.
 * @param {Record<string, string>} inputs
 * @param {Record<string, string>} env
 * @param {string[]} secrets values that a workflow would take from `secrets`
 */
export function stepHeader(inputs, env, secrets) {
  const lines = [
    '▼ Run fivetran-connection-action',
    ...block('with', inputs),
    ...block('env', env),
  ];
  return withMasks(lines.join('\n'), secrets);
}

/** @param {string} name @param {Record<string, string>} values */
function block(name, values) {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  return [
    `  ${name}:`,
    ...entries.map(([key, value]) => {
      const isLong = value.trimEnd().includes('\n');
      return `    ${key}: ${isLong ? '|\n      ' : ''}${indented(value, 6)}`;
    }),
  ];
}

/** @param {string} text @param {number} depth */
const indented = (text, depth) => text.trimEnd().replaceAll('\n', `\n${' '.repeat(depth)}`);

/**
 * Formats outputs: first those that fit into a list of names and values, then long JSON.
 * @param {Record<string, string>} outputs
 */
export function outputLines(outputs) {
  const width = Math.max(0, ...Object.keys(outputs).map((name) => name.length)) + 2;
  /** @type {string[]} */
  const short = [];
  /** @type {string[]} */
  const long = [];
  for (const [name, text] of Object.entries(outputs)) {
    const value = parsedJson(text);
    const shown = value === undefined ? indented(text, width) : prettyJson(value);
    const isLong = value !== undefined && shown.includes('\n');
    if (isLong) long.push('', `${name}:`, shown);
    else short.push(`${name.padEnd(width)}${shown}`.trimEnd());
  }
  return [...short, ...long];
}

/**
 * Formats requests in the order of arrival.
 * @param {import('../../sandbox/requests.mjs').SandboxRequest[]} requests
 */
export function requestLines(requests) {
  return requests.map(({ method, path, query, status }) => {
    const search = new URLSearchParams(query).toString();
    return `${method.padEnd(6)} ${path}${search === '' ? '' : `?${search}`} → ${status ?? 'no answer'}`;
  });
}

/**
 * Formats what a sync of a connection copies.
 * @param {import('../../sandbox/api/schemas/selection.mjs').Selection} selection
 */
export function selectionLines(selection) {
  const rows = Object.entries(selection).map(([table, { columns, hashed }]) => [
    table,
    columns.map((name) => (hashed.includes(name) ? `${name} (hashed)` : name)).join(', '),
  ]);
  return rows.length > 0 ? [textTable(rows)] : ['(nothing)'];
}
