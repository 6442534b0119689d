const WIDTH = 96;

/**
 * Formats a JSON value over several lines. Whatever fits into one line stays on one line.
 * @param {unknown} value
 * @param {number} [indent] indentation of the value's last line
 * @param {number} [used] columns to the left of the value
 * @returns {string}
 */
export function prettyJson(value, indent = 0, used = indent) {
  const inline = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null) return inline;
  if (inline.length <= WIDTH - used) return inline;
  const margin = ' '.repeat(indent + 2);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const items = Array.isArray(value)
    ? value.map((item) => margin + prettyJson(item, indent + 2))
    : Object.entries(value).map(([key, item]) => {
        const start = `${margin}${JSON.stringify(key)}: `;
        return start + prettyJson(item, indent + 2, start.length);
      });
  return `${open}\n${items.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

/**
 * The object or array in a JSON text, or undefined.
 * @param {string} text
 */
export function parsedJson(text) {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
