import { join } from 'node:path';
import {
  cleanUp,
  created,
  failureOf,
  manifestOf,
  manyOf,
  openSandbox,
  runManifest,
  workspaceWith,
} from './manifest-step.ts';
import { runStep } from './step.ts';

afterEach(cleanUp);

const two = manifestOf({ crm: {}, ads: {} });

const yaml = `# Two of them.
---
defaults:
  group_id: decent_dropsy
  service: anything
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
  ['YAML with the line ends of Windows', yaml.replaceAll('\n', '\r\n')],
  ['YAML with a byte order mark', `\ufeff${yaml}`],
  ['JSON', JSON.stringify(two)],
  ['JSON on lines', JSON.stringify(two, null, 2)],
  ['JSON indented by tabs', JSON.stringify(two, null, '\t')],
])('the file may be %s', async (_kind, text) => {
  const ran = await runManifest(text, { inputs: { max_parallel: 1 } });
  expect(failureOf(ran)).toBe('');
  expect(created(ran)).toStrictEqual([
    { ...two.defaults, config: { schema: 'crm' } },
    { ...two.defaults, config: { schema: 'ads' } },
  ]);
});

test('names of connections may be anything that a key may be', async () => {
  const names = ['a b', 'crm.eu', 'größe', '42', 'true', '__proto__', 'constructor', '::error::x'];
  const connections = names.map(
    (name, at) => `  ${JSON.stringify(name)}: {config: {schema: s${at}}}`,
  );
  const text = `defaults: {group_id: decent_dropsy, service: anything}\nconnections:\n${connections.join('\n')}`;
  const ran = await runManifest(text);
  expect(failureOf(ran)).toBe('');
  expect(created(ran)).toHaveLength(names.length);
  expect(Object.keys(JSON.parse(ran.outputs.connections ?? '{}')).sort()).toEqual(names.sort());
});

describe('the path', () => {
  const without = { group_id: '', service: '', config: '', destination_schema_names: '' };

  /** Runs a step in a folder of its own, with another one as the workspace. */
  async function expectTwo(manifest: string, workspace: string) {
    const env = { GITHUB_WORKSPACE: workspace };
    const ran = await runStep({ inputs: { ...without, manifest }, env }, { services: 'any' });
    expect(ran.exitCode).toBe(0);
    expect(ran.connections.map(({ schema }) => schema)).toEqual(['crm', 'ads']);
  }

  test.each(['manifest.yml', 'env/preview/manifest.json', './env/../manifest.yml'])(
    '%s is relative to the workspace',
    (path) => expectTwo(path, workspaceWith(two, join(path))),
  );

  test('may lead out of the workspace', () =>
    expectTwo('../manifest.yml', join(workspaceWith(two), 'inner')));

  test('may be absolute', () =>
    expectTwo(join(workspaceWith(two), 'manifest.yml'), '/nowhere/at/all'));
});

test('the inputs are defaults of the manifest, and make no connection of their own', async () => {
  const manifest = join(
    workspaceWith({ connections: { crm: { config: { schema: 'crm' } } } }),
    'manifest.yml',
  );
  const { requests, connections } = await runStep({
    inputs: { manifest, config: 'schema: ignored\napi_key: a-key-of-the-source' },
  });
  expect(requests).toHaveLength(1);
  expect(connections).toMatchObject([{ schema: 'crm', service: '15five' }]);
});

test('two steps with the same manifest make the connections of it once, the second with reuse', async () => {
  const sandbox = await openSandbox();
  await runManifest(manyOf(3), {}, sandbox);
  const again = await runManifest(manyOf(3), { inputs: { if_exists: 'reuse' } }, sandbox);
  expect(created(again)).toEqual([]);
  expect(again.connections).toHaveLength(3);
});
