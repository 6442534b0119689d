/**
 * A workflow command, decoded.
 * @typedef {{ name: string, properties: Record<string, string>, message: string }} Command
 */

/**
 * An annotation, with its title and all its properties (`title`, `file`, `line`, …).
 * @typedef {{ level: 'error' | 'warning' | 'notice', title: string, message: string,
 *   properties: Record<string, string> }} Annotation
 */

const COMMAND = /^\s*::([\w-]+)(?:\s+(.*?))?::(.*)$/s;

/** @param {string} text */
const decoded = (text) =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

/** @param {string} text */
const decodedProperty = (text) => decoded(text.replaceAll('%3A', ':').replaceAll('%2C', ','));

/**
 * Creates a function that parses a step's output line by line, as the runner does.
 * @returns {(line: string) => Command | undefined} undefined for a line of plain text
 */
export function commandReader() {
  /** @type {string | undefined} */
  let resumeToken;
  return (line) => {
    const [, name = '', properties = '', message = ''] = COMMAND.exec(line) ?? [];
    if (resumeToken !== undefined) {
      if (name === resumeToken) resumeToken = undefined;
      return undefined;
    }
    if (name === '') return undefined;
    if (name === 'stop-commands') resumeToken = message;
    return { name, properties: propertiesOf(properties), message: decoded(message) };
  };
}

/** @param {string} text */
function propertiesOf(text) {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decodedProperty(pair.slice(at + 1))];
    }),
  );
}

/**
 * Collects the masks and annotations of a complete log.
 * @param {string} log
 */
export function commandsIn(log) {
  const read = commandReader();
  /** @type {string[]} */
  const masks = [];
  /** @type {Annotation[]} */
  const annotations = [];
  for (const line of log.split(/\r?\n/)) {
    const command = read(line);
    if (command === undefined) continue;
    const { name, message, properties } = command;
    if (name === 'add-mask') masks.push(message);
    if (name === 'error' || name === 'warning' || name === 'notice') {
      annotations.push({ level: name, title: properties.title ?? '', message, properties });
    }
  }
  return { masks, annotations };
}
