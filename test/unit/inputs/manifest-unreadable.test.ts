import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceWith } from '../../harness/step.ts';
import { credentials, linesOf, readInputs, readManifest } from './reading.ts';

/** Text with a mistake, and the position of the mistake; `hunter2` stands for a secret. */
const malformed: [what: string, text: string, line: number, column: number][] = [
  ['an open quote', 'connections:\n  crm: {config: {password: "hunter2}}\n', 2, 28],
  ['an open brace', 'connections:\n  crm: {service: hunter2\n', 2, 8],
  ['a wrong indentation', 'connections:\n  crm:\n    service: a\n   hunter2: b\n', 4, 4],
  ['a tab', 'connections:\n\tcrm: hunter2\n', 2, 1],
  ['a colon too many', 'connections:\n  crm: password: hunter2\n', 2, 8],
  ['an at sign at the start of a text', 'connections:\n  password: @hunter2\n', 2, 13],
  ['a tag', 'connections:\n  password: !hunter2 x\n', 2, 13],
  ['an escape that there is not', 'connections:\n  crm: "\\qhunter2"\n', 2, 9],
  ['text after a text', `connections:\n  crm: 'a' hunter2\n`, 2, 12],
  ['JSON without a comma', '{"connections": {\n  "crm": {}\n  "hunter2": {}\n}}', 2, 12],
  ['a second document', 'connections: {}\n---\nhunter2: 1\n', 2, 1],
];

test.each(malformed)(
  '%s is reported once, with line and column, without quoting the text',
  async (_what, text, line, column) => {
    const { problems, error } = await readManifest(text);
    expect(problems).toEqual([
      { file: 'manifest.yml', line, path: ['manifest'], message: expect.any(String) },
    ]);
    expect(problems[0]?.message).toMatch(
      new RegExp(`^not valid (JSON or )?YAML at line ${line}, column ${column}: `),
    );
    expect(error).not.toContain('hunter2');
  },
);

test('an unknown alias is reported with line and column', async () => {
  const reading = await readManifest('connections:\n  crm: {config: {password: *hunter2}}\n');
  expect(linesOf(reading)[0]).toBe(
    'manifest.yml:2: connections.crm.config.password: unknown alias at line 2, column 28. Text that begins with * needs quotes.',
  );
  expect(reading.error).not.toContain('hunter2');
});

test('an unquoted reference inside braces is refused with a hint to quote it', async () => {
  const { error } = await readManifest('connections:\n  crm: {config: {schema: crm_${NUMBER}}}\n');
  expect(error).toMatch(/^manifest\.yml:2: .*Inside \{ \}, put \$\{NAME\} in quotes\./);
});

describe('the path', () => {
  const folder = () => {
    const workspace = workspaceWith('connections: {}');
    mkdirSync(join(workspace, 'folder'));
    execFileSync('mkfifo', [join(workspace, 'pipe')]);
    return workspace;
  };

  test.each([
    ['of nothing', 'nowhere.yml', 'does not exist. Is the repository checked out?'],
    ['of a directory', 'folder', 'is a directory, not a file.'],
    ['below a file', 'manifest.yml/manifest.yml', 'does not exist: part of its path is a file'],
    ['of a pipe', 'pipe', 'is not a regular file.'],
    ['of a device', '/dev/zero', 'is not a regular file.'],
  ])('%s cannot be read', async (_what, manifest, message) => {
    const { problems } = await readInputs(
      { ...credentials, manifest },
      { GITHUB_WORKSPACE: folder() },
    );
    expect(problems).toEqual([
      { path: ['manifest'], message: expect.stringContaining(`"${manifest}" ${message}`) },
    ]);
    expect(problems[0]?.message).toMatch(/ It must be a YAML .*, relative to the workspace\.$/);
  });

  const one = { connections: { crm: { group_id: 'g', service: 's', pausd: 1 } } };

  test.each([
    ['env/preview/manifest.json', 'env/preview/manifest.json'],
    ['./env/../manifest.yml', 'manifest.yml'],
  ])('%s is relative to the workspace, and so is the file in its problems', async (path, file) => {
    const { problems } = await readInputs(
      { ...credentials, manifest: path },
      { GITHUB_WORKSPACE: workspaceWith(one, path) },
    );
    expect(problems).toMatchObject([{ file, line: 6, path: ['connections', 'crm', 'pausd'] }]);
  });
});

test.each([
  ['with nothing in it', '', 'nothing'],
  ['with comments alone', '# connections: {}\n', 'nothing'],
  ['that is a list', '- crm\n- ads\n', 'a list'],
  ['that is an empty list', '[]', 'a list'],
  ['that is null', 'null', 'nothing'],
  ['that is a single text', 'hunter2-in-the-wrong-file\n', 'a string'],
])('a file %s is no manifest', async (_what, text, kind) => {
  expect(linesOf(await readManifest(text))).toEqual([
    `manifest.yml:1: manifest: must be a mapping with connections, got ${kind}.`,
  ]);
});

test.each([
  ['{}', 'nothing'],
  ['connections:', 'nothing'],
  ['connections: [crm]', 'a list'],
  ['{defaults: {paused: true}}', 'nothing'],
])('%s has no connections', async (text, kind) => {
  expect(linesOf(await readManifest(text))).toEqual([
    `manifest.yml:1: connections: must be a mapping of names to connections, got ${kind}.`,
  ]);
});

test.each(['connections: {}', '{"connections": {}}', 'defaults:\nconnections: {}'])(
  '%j is a manifest without connections',
  async (text) => {
    expect((await readManifest(text)).settings?.target).toMatchObject({
      kind: 'manifest',
      max_parallel: 8,
      entries: [],
    });
  },
);

test('a manifest of several megabytes is read; one over 10 MB is refused', async () => {
  const withText = (length: number) => ({
    connections: { crm: { group_id: 'g', service: 's', config: { a: 'x'.repeat(length) } } },
  });
  expect((await readManifest(withText(3_000_000))).error).toBe('');
  const inserted = '{connections: {crm: {group_id: g, service: s, config: {a: "${A}${A}"}}}}';
  expect((await readManifest(inserted, {}, { A: 'x'.repeat(1_000_000) })).error).toBe('');
  expect((await readManifest(withText(10_000_000))).error).toContain('is larger than 10 MB');
});

test('the 10 MB limit of a manifest applies to its expanded aliases', async () => {
  const text = (count: number) =>
    `defaults: {group_id: g, service: s}\nconnections:\n  a: {config: {x: &x ${'x'.repeat(50_000)}}}\n  b: {config: {y: [${'*x,'.repeat(count)}]}}`;
  expect((await readManifest(text(150))).error).toBe('');
  expect(linesOf(await readManifest(text(250)))).toEqual([
    'manifest.yml:1: manifest: larger than 10 MB with its aliases expanded.',
  ]);
});
