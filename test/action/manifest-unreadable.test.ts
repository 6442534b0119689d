import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from './manifest-read.ts';
import { cleanUp, failureOf, runManifest, workspaceWith } from './manifest-step.ts';
import { visible } from './step.ts';

afterEach(cleanUp);

/** Text with a mistake in it, and where the mistake is; `hunter2` stands for a secret. */
const malformed: [what: string, text: string, line: number, column: number | undefined][] = [
  ['an open quote', 'connections:\n  crm: {config: {password: "hunter2}}\n', 3, undefined],
  ['an open brace', 'connections:\n  crm: {service: hunter2\n', 3, undefined],
  ['a wrong indentation', 'connections:\n  crm:\n    service: a\n   hunter2: b\n', 4, undefined],
  ['a tab', 'connections:\n\tcrm: hunter2\n', 2, 1],
  ['a colon too many', 'connections:\n  crm: password: hunter2\n', 2, undefined],
  ['an at sign at the start of a text', 'connections:\n  password: @hunter2\n', 2, 13],
  ['a tag', 'connections:\n  password: !hunter2 x\n', 2, 13],
  ['an alias of nothing', 'connections:\n  crm: {config: {password: *hunter2}}\n', 2, 28],
  ['an escape that there is not', 'connections:\n  crm: "\\qhunter2"\n', 2, undefined],
  ['text after a text', `connections:\n  crm: 'a' hunter2\n`, 2, undefined],
  ['JSON without a comma', '{"connections": {\n  "crm": {}\n  "hunter2": {}\n}}', 3, undefined],
  ['a second document', 'connections: {}\n---\nhunter2: 1\n', 2, 1],
];

test.each(malformed)('%s is told with line and column, and no word of the text', async (...row) => {
  const [, text, line, column] = row;
  const { failure } = await readManifest(text);
  expect(failure).toMatch(
    new RegExp(`manifest\\.yml, line ${line}, column ${column ?? '\\d+'}: malformed YAML: `),
  );
  expect(failure).not.toContain('hunter2');
});

test('a file that can not be parsed fails the step before any request', async () => {
  const ran = await runManifest('connections:\n  crm: {config: {password: "hunter2}}\n');
  expect(failureOf(ran)).toMatch(/^(- )?manifest\.yml, line 3, column \d+: malformed YAML: /m);
  expect(visible(ran)).not.toContain('hunter2');
  expect(ran.exitCode).toBe(1);
  expect(ran.requests).toEqual([]);
});

test('a reference between braces that lacks its quotes is told, and to put it in quotes', async () => {
  const { failure } = await readManifest(
    'connections:\n  crm: {config: {schema: crm_${NUMBER}}}\n',
  );
  expect(failure).toMatch(/^(- )?manifest\.yml, line 2, column \d+: .*quotes/m);
});

describe('a file', () => {
  test.each([
    ['that is not there', 'nowhere.yml', 'ENOENT'],
    ['that is a directory', 'folder', 'EISDIR'],
    ['below a file', 'manifest.yml/manifest.yml', 'ENOTDIR'],
  ])('%s can not be read', async (_what, manifest, code) => {
    const workspace = workspaceWith('connections: {}');
    mkdirSync(join(workspace, 'folder'));
    const { failure } = await readManifest('', { manifest }, { GITHUB_WORKSPACE: workspace });
    expect(failure).toBe(
      `manifest: can not read "${manifest}" (${code}); allowed: the path of a YAML or JSON file, ` +
        'relative to the workspace (is it checked out?). Nothing was sent to Fivetran.',
    );
  });

  test.each([
    ['with nothing in it', '', 'nothing'],
    ['with comments alone', '# connections: {}\n', 'nothing'],
    ['that is a list', '- crm\n- ads\n', 'a list'],
    ['that is an empty list', '[]', 'a list'],
    ['that is null', 'null', 'nothing'],
  ])('%s is no manifest', async (_what, text, kind) => {
    const { failure } = await readManifest(text);
    expect(failure).toMatch(/^manifest\.yml, line \d+, /);
    expect(failure).toContain(`got ${kind}; allowed: a mapping with connections`);
  });

  test('that is a single text is no manifest, and its text may be a secret', async () => {
    const { failure } = await readManifest('hunter2-in-the-wrong-file\n');
    expect(failure).toContain('allowed: a mapping with connections');
    expect(failure).not.toContain('hunter2');
  });

  test.each([
    ['{}', 'nothing'],
    ['connections:', 'nothing'],
    ['connections: [crm]', 'a list'],
    ['{defaults: {paused: true}}', 'nothing'],
  ])('%s has no connections', async (text, kind) => {
    const { failure } = await readManifest(text);
    expect(failure).toContain(
      `connections: got ${kind}; allowed: a mapping of names to connections.`,
    );
  });
});
