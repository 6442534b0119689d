import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { inputGroups, withTables } from '../../scripts/readme.mjs';
import { runStep } from '../harness/run-step.ts';
import { plainInputs } from '../harness/step.ts';
import { ACTION } from './recipes.ts';

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

describe('the quick start', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const [step] = parse(example).jobs.connect.steps;

  test('has at most 20 lines', () => {
    expect(step.uses).toBe(ACTION);
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });

  test('runs as it is, again and again, without a notice', async () => {
    const unset = Object.fromEntries(Object.keys(plainInputs).map((name) => [name, '']));
    const secrets = { BUILDKITE_TOKEN: 'token-of-the-source' };
    const own = { inputs: { ...unset, ...step.with }, env: secrets };
    const first = await runStep(own);
    expect(first.outputs).toMatchObject({ result: 'created', setup_state: 'connected' });
    const again = await runStep(own, { connections: first.connections });
    expect(again.ids).toEqual(first.ids);
    for (const { exitCode, annotations } of [first, again]) {
      expect([exitCode, annotations]).toEqual([0, []]);
    }
  });
});

test('the first screen says what it is, that it is not official, and how to try it', () => {
  const [start = ''] = readme.split('## Quick start');
  expect(start.split('\n').length).toBeLessThan(20);
  expect(start).toContain('not an official Fivetran product');
  expect(start.match(/^- \*\*/gm)).toHaveLength(4);
  expect(start).toContain('`npm start`');
});

test('the system key can do what the action does, and no more', () => {
  const [, permissions = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(JSON.parse(permissions)).toEqual([
    {
      resource_type: 'CONNECTOR',
      access_level: 'MANAGE',
      resource_filter: { group_ids: [expect.any(String)] },
    },
    { resource_type: 'DESTINATION', access_level: 'READ' },
    { resource_type: 'ACCOUNT', access_level: 'READ' },
  ]);
});

test('the contents list every section', () => {
  const sections = [...readme.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  const contents = /^## Contents\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? '';
  const listed = [...contents.matchAll(/^- \[(.+)\]/gm)].map(([, title]) => title);
  expect(listed).toEqual(sections.filter((title) => title !== 'Contents' && title !== 'License'));
});

test('the dependencies are those of package.json', () => {
  const [, section = ''] = textOf('CONTRIBUTING.md').split('\nDependencies of the action:\n');
  const [tables = ''] = section.split('\n## ');
  const [runtime = '', development = ''] = tables
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
