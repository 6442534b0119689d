import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { inputGroups, withTables } from '../../scripts/readme.mjs';
import { runStep } from '../harness/run-step.ts';
import { plainInputs } from '../harness/step.ts';

const root = new URL('../../', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8');
const readme = textOf('README.md');
const metadata = textOf('action.yml');
const action = parse(metadata);
const packageJson = JSON.parse(textOf('package.json'));

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

describe('the quick start', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const [step] = parse(example).jobs.connect.steps;

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

test('the dependencies are explained', () => {
  const contributing = textOf('CONTRIBUTING.md');
  for (const name of Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies })) {
    if (!name.startsWith('@types/')) expect(contributing).toContain(`\`${name}\``);
  }
});
