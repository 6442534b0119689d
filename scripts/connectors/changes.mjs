/** @typedef {import('./facts.mjs').Held} Held */
/** @typedef {import('./facts.mjs').Services} Services */

/** The body of a pull request takes 65,536 characters. */
const LIMIT = 60_000;

/**
 * What came and went, per service, as Markdown; empty when nothing did.
 *
 * @param {Services} before
 * @param {Services} after
 */
export function changesBetween(before, after) {
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name));
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const lines = [
    ...(added.length > 0 ? [`- New services: ${codes(added)}`] : []),
    ...(removed.length > 0 ? [`- Removed services: ${codes(removed)}`] : []),
    ...Object.entries(after).flatMap(([name, service]) => {
      const old = before[name];
      if (!old) return [];
      const changes = fieldChanges(pathsOf(old), pathsOf(service));
      return changes.length > 0 ? [`- \`${name}\`: ${changes.join('; ')}`] : [];
    }),
  ];
  return bounded(lines);
}

/** @param {string[]} names */
const codes = (names) => names.map((name) => `\`${name}\``).join(', ');

/** @param {string[]} lines */
function bounded(lines) {
  let length = 0;
  const shown = lines.filter((line) => {
    length += line.length + 1;
    return length <= LIMIT;
  });
  const hidden = lines.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`- … and ${hidden} more lines`] : [])].join('\n');
}

/** @param {Map<string, string>} before @param {Map<string, string>} after */
function fieldChanges(before, after) {
  const added = [...after.keys()].filter((path) => !before.has(path));
  const removed = [...before.keys()].filter((path) => !after.has(path));
  const changed = [...after].filter(
    ([path, held]) => before.has(path) && before.get(path) !== held,
  );
  return [
    ...(added.length > 0 ? [`added ${codes(added)}`] : []),
    ...(removed.length > 0 ? [`removed ${codes(removed)}`] : []),
    ...(changed.length > 0 ? [`changed ${codes(changed.map(([path]) => path))}`] : []),
  ];
}

/**
 * Every field of a service by its path, with a text that tells what it holds.
 *
 * @param {import('./facts.mjs').Service} service
 */
function pathsOf({ naming, external_secrets_keys_config = [], ...parts }) {
  /** @type {Map<string, string>} */
  const paths = new Map();
  /** @param {Held} held @param {string} path */
  function visit(held, path) {
    const isLeaf = typeof held === 'string' || Array.isArray(held);
    paths.set(path, isLeaf ? JSON.stringify(held) : '[]' in held ? 'list' : 'mapping');
    if (isLeaf) return;
    for (const [name, inner] of Object.entries(held)) {
      visit(inner, name === '[]' ? `${path}[]` : `${path}.${name}`);
    }
  }
  for (const [at, name] of naming.entries()) paths.set(`config.${name}`, `naming ${at}`);
  for (const [part, fields] of Object.entries(parts)) {
    for (const [name, held] of Object.entries(fields)) visit(held, `${part}.${name}`);
  }
  for (const name of external_secrets_keys_config) {
    paths.set(`external_secrets_keys_config.${name}`, 'name');
  }
  return paths;
}
