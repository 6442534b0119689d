import { withMasks } from '../runner/log-view.mjs';

const WIDTH = 78;

/** @param {string} title */
export const heading = (title) => `\n── ${title} ${'─'.repeat(Math.max(0, WIDTH - title.length))}`;

/**
 * What the runner prints first of a step: its inputs and environment.
 * @param {Record<string, string>} inputs
 * @param {Record<string, string>} env
 * @param {string[]} secrets values that a workflow would take from `secrets`
 */
export function stepHeader(inputs, env, secrets) {
  return withMasks(
    ['▼ Run the Fivetran Connection action', ...block('with', inputs), ...block('env', env)].join(
      '\n',
    ),
    secrets,
  );
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

/** @param {Record<string, string>} outputs */
export function outputLines(outputs) {
  const names = Object.keys(outputs);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(width)}  ${indented(outputs[name] ?? '', width + 2)}`);
}

/** @param {import('../requests.mjs').SandboxRequest[]} requests */
export function requestLines(requests) {
  return requests.map(({ method, path, query, status }) => {
    const search = new URLSearchParams(query).toString();
    const answer = status === undefined ? 'no answer' : status;
    return `${method.padEnd(6)} ${path}${search === '' ? '' : `?${search}`}  ${answer}`;
  });
}
