/**
 * Parses a GITHUB_OUTPUT file: `name=value` lines, and multi-line values between delimiters.
 * @param {string} text
 * @returns {Record<string, string>}
 * @throws {Error} when the runner would refuse the file
 */
export function outputsIn(text) {
  const lines = text.split(/\r?\n/);
  /** @type {[string, string][]} */
  const outputs = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, name = '', operator, rest = ''] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`GITHUB_OUTPUT: line without a name: ${line}`);
    if (operator === '=') {
      outputs.push([name, rest]);
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end === -1) throw new Error(`GITHUB_OUTPUT: the value of ${name} is not terminated`);
    outputs.push([name, lines.slice(at + 1, end).join('\n')]);
    at = end;
  }
  return Object.fromEntries(outputs);
}
