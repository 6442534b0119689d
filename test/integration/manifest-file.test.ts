import { join } from 'node:path';
import { manifestOf, manifestOfSize } from '../harness/manifests.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import { workspaceWith } from '../harness/step.ts';
import { readable } from '../project/markup.ts';

const two = manifestOf({ crm: {}, ads: {} });

const yaml = `# Two of them.
---
defaults:
  group_id: decent_dropsy
  service: 15five
  destination_schema_names: FIVETRAN_NAMING
connections:
  crm:
    config: {schema: crm}
  ads:
    config:
      schema: ads
`;

test.each([
  ['YAML', yaml],
  ['YAML with Windows line endings', yaml.replaceAll('\n', '\r\n')],
  ['YAML in UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${yaml}`, 'utf16le')],
  ['JSON', JSON.stringify(two)],
])('the file can be %s', async (_kind, manifest) => {
  const run = await runStep({ manifest, inputs: { max_parallel: 1 } });
  expect(failureOf(run)).toBe('');
  expect(bodies(run, 'create')).toStrictEqual([
    { ...two.defaults, config: { schema: 'crm' } },
    { ...two.defaults, config: { schema: 'ads' } },
  ]);
});

test('a connection can have any key as its name', async () => {
  const names = ['a b', 'crm.eu', 'größe', '42', 'true', '__proto__', 'constructor', '::error::x'];
  const connections = names.map(
    (name, at) => `  ${JSON.stringify(name)}: {config: {schema: s${at}}}`,
  );
  const manifest = `defaults: {group_id: decent_dropsy, service: 15five}\nconnections:\n${connections.join('\n')}`;
  const run = await runStep({ manifest });
  expect(failureOf(run)).toBe('');
  expect(bodies(run, 'create')).toHaveLength(names.length);
  expect(Object.keys(JSON.parse(run.outputs.connections ?? '{}')).toSorted()).toEqual(
    names.toSorted(),
  );
});

describe('the path', () => {
  const none = { group_id: '', service: '', config: '', destination_schema_names: '' };

  /** Runs a step that reads this file in this workspace. */
  async function expectTwo(manifest: string, workspace: string) {
    const env = { GITHUB_WORKSPACE: workspace };
    const run = await runStep({ inputs: { ...none, manifest }, env });
    expect(failureOf(run)).toBe('');
    expect(run.connections.map(({ schema }) => schema)).toEqual(['crm', 'ads']);
    return run;
  }

  test.each(['manifest.yml', 'env/preview/manifest.json', './env/../manifest.yml'])(
    '%s is relative to the workspace',
    async (path) => {
      await expectTwo(path, workspaceWith(two, join(path)));
    },
  );

  test('can lead out of the workspace', async () => {
    await expectTwo('../manifest.yml', join(workspaceWith(two), 'inner'));
  });

  test('can be absolute, and is shown as seen from the workspace unless it is outside', async () => {
    const folder = workspaceWith(two);
    const file = join(folder, 'manifest.yml');
    const inside = await expectTwo(file, folder);
    expect(readable(inside.summary)).toContain('Manifest manifest.yml');
    const outside = await expectTwo(file, '/nowhere/at/all');
    expect(readable(outside.summary)).toContain(`Manifest ${file}`);
  });
});

test('the inputs are defaults of the manifest and create no connection themselves', async () => {
  const manifest = { connections: { crm: { config: { schema: 'crm' } } } };
  const config = { schema: 'ignored', api_key: 'a-key-of-the-source' };
  const run = await runStep({
    inputs: { manifest: join(workspaceWith(manifest), 'manifest.yml'), config },
  });
  expect(bodies(run, 'create')).toMatchObject([
    { service: '15five', config: { schema: 'crm', api_key: 'a-key-of-the-source' } },
  ]);
  expect(run.connections).toMatchObject([{ schema: 'crm', service: '15five' }]);
});

test('a second run with if_exists: reuse creates nothing', async () => {
  const sandbox = await openSandbox();
  const manifest = manifestOfSize(3);
  await runStep({ manifest }, { sandbox });
  const again = await runStep({ manifest, inputs: { if_exists: 'reuse' } }, { sandbox });
  expect(bodies(again, 'create')).toEqual([]);
  expect(again.connections).toHaveLength(3);
});
