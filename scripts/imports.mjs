// Checks that imports in src/ go down through its rooms, and that none closes a cycle. Type-only and
// dynamic imports count. Usage: node scripts/imports.mjs [folder]
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/**
 * The rooms from top to bottom; those in one line know nothing of each other. A folder that is not
 * listed belongs to the room around it.
 */
const rooms = [
  ['index.ts'],
  ['main.ts'],
  ['run'],
  ['report'],
  ['report/manifest'],
  ['report/pages', 'report/channels'],
  ['report/verdict'],
  ['report/markup', 'report/runner'],
  ['connection'],
  ['inputs'],
  ['fivetran', 'github'],
  ['fivetran/http'],
  ['fivetran/responses'],
  ['secrets'],
  ['text'],
  ['vendor'],
];

const folder = process.argv[2] ?? 'src';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));
/** @type {Map<string, string[]>} */
const imports = new Map(
  files.map((file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8');
    const found = text.matchAll(/\b(?:from|import\()\s*(?:\/\*.*?\*\/\s*)?'(\.{1,2}\/[^']+)'/g);
    return [file, [...found].map(([, path = '']) => posix.join(posix.dirname(file), path))];
  }),
);

/** @param {string} file */
const roomOf = (file) =>
  rooms.flat().findLast((room) => file === room || file.startsWith(`${room}/`)) ?? '';
/** @param {string} file */
const levelOf = (file) => rooms.findIndex((level) => level.includes(roomOf(file)));
const problems = files
  .filter((file) => levelOf(file) === -1)
  .map((file) => `${file} is in no room that scripts/imports.mjs lists`);
for (const [file, targets] of imports) {
  for (const target of targets) {
    const isWithin = roomOf(file) === roomOf(target);
    if (!isWithin && levelOf(target) <= levelOf(file)) problems.push(`${file} imports ${target}`);
  }
}

/** @type {Set<string>} */
const done = new Set();
/** @param {string} file @param {string[]} trail */
function visit(file, trail) {
  if (trail.includes(file)) {
    problems.push(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(' → ')}`);
  } else if (!done.has(file)) {
    for (const target of imports.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  }
}
for (const file of files) visit(file, []);

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
