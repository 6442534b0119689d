import { readFileSync } from 'node:fs';

/** @typedef {{ name: string, default: string }} DeclaredInput */

/**
 * The inputs that an action.yml declares, with their defaults ('' when there is none). This reads the
 * plain layout of this repository's file, with names indented by two and keys by four spaces: the
 * demo has to work without a YAML parser.
 * @param {string | URL} file
 * @returns {DeclaredInput[]}
 */
export function declaredInputs(file) {
  /** @type {DeclaredInput[]} */
  const inputs = [];
  let isInside = false;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (/^\S/.test(line)) isInside = /^inputs:\s*$/.test(line);
    if (!isInside) continue;
    const name = /^ {2}([\w-]+):\s*$/.exec(line)?.[1];
    if (name !== undefined) inputs.push({ name, default: '' });
    const value = /^ {4}default:(.*)$/.exec(line)?.[1];
    const last = inputs.at(-1);
    if (value !== undefined && last) last.default = scalar(value.trim());
  }
  return inputs;
}

/** @param {string} text */
function scalar(text) {
  if (text.startsWith("'")) return text.slice(1, text.lastIndexOf("'")).replaceAll("''", "'");
  if (text.startsWith('"')) return String(JSON.parse(text.slice(0, text.lastIndexOf('"') + 1)));
  return text.replace(/\s+#.*$/, '');
}
