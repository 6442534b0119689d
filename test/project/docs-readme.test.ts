import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { inputGroups, withTables } from '../../scripts/readme.mjs';

const root = new URL('../../', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8');
const readme = textOf('README.md');
const metadata = textOf('action.yml');
const action = parse(metadata);
const packageJson = JSON.parse(textOf('package.json'));

test('the tables are those of action.yml', () => {
  expect(withTables(readme, metadata)).toBe(readme);
});

test('a changed description or default changes the tables', () => {
  const changed = metadata.replace('default: fail', 'default: reuse');
  expect(withTables(readme, changed)).not.toBe(readme);
});

test('a missing marker is an error that names it', () => {
  expect(() => withTables('# No tables', metadata)).toThrow('<!-- inputs:');
});

test('every input belongs to a group, in the order of action.yml', () => {
  const groups = inputGroups(metadata);
  expect(groups.flatMap(({ names }) => names)).toEqual(Object.keys(action.inputs));
  expect(groups.map(({ title }) => title)).toEqual([
    'Connection',
    'Start from what exists',
    'Schedule',
    'Networking',
    'Table selection',
    'Re-runs',
    'Trust',
    'Sync',
    'Many connections',
    'Reporting',
    'Transport',
  ]);
});

test('no table has an empty column', () => {
  for (const row of readme.split('\n').filter((line) => line.startsWith('| `'))) {
    for (const cell of row.split(/(?<!\\)\|/).slice(1, -1)) expect(cell.trim()).not.toBe('');
  }
});

test('the quick start is shorter than 20 lines', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(parse(example).jobs).toBeDefined();
  expect(example.trimEnd().split('\n').length).toBeLessThan(20);
});

test('the contents list every section', () => {
  const sections = [...readme.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  const contents = /^## Contents\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? '';
  const listed = [...contents.matchAll(/^- \[(.+)\]/gm)].map(([, title]) => title);
  expect(listed).toEqual(sections.filter((title) => title !== 'Contents' && title !== 'License'));
});

test('the dependencies are those of package.json', () => {
  const [, section = ''] = readme.split('\n## Development\n');
  const [runtime = '', development = ''] = section
    .replaceAll(/`npm [^`]+`/g, '')
    .split('Development dependencies:');
  const names = (text: string) =>
    [...text.matchAll(/`((?:@[\w-]+\/)?[\w-]+)`/g)].map(([, name]) => name);
  expect(names(runtime).sort()).toEqual(Object.keys(packageJson.dependencies).sort());
  const undocumented = Object.keys(packageJson.devDependencies).filter(
    (name) => !name.startsWith('@types/') && !names(development).includes(name),
  );
  expect(undocumented).toEqual([]);
});
